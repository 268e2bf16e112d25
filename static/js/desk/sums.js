// What the figures of an entry form come to, as they are typed: sums against papers and seats, who is elected as it
// stands, and who is tied across the last seat. The server decides; this is what a person checks while typing.

const COUNT = /^(\d+|\d{1,3}(?:[, \u00a0\u2009\u202f']\d{3})+)$/;

// A figure as it is typed, or null; the same as count in app/domain/second_check.py.
export function count(text) {
  const written = text.trim().replace(/[０-９]/g, (digit) => "０１２３４５６７８９".indexOf(digit));
  return COUNT.test(written) && written.length < 15 ? Number(written.replace(/\D/g, "")) : null;
}

const format = new Intl.NumberFormat("en-GB");
const told = (number) => format.format(number);
const plural = (number, noun, several = `${noun}s`) => `${told(number)} ${number === 1 ? noun : several}`;
// In the words of the election, which the form has where they are other than these.
const seatsTold = (form, number) => plural(number, form.dataset.oneSeat ?? "seat", form.dataset.severalSeats ?? "seats");

export function sums(form) {
  const place = form.querySelector("[data-sums]");
  if (!place) return;
  const lines = form.querySelector("[data-votes]")
    ? ofVotes(form)
    : form.dataset.total
      ? ofTally(form)
      : form.dataset.up
        ? ofSeats(form)
        : [];
  const items = lines.map(([words, isWrong]) => {
    const line = document.createElement("p");
    line.textContent = words;
    if (isWrong) line.className = "is-wrong";
    return line;
  });
  place.replaceChildren(...items);
}

// Votes that are not published are typed as a dash.
const isUnpublished = (input) => /^[-–—−]$/.test(input.value.trim());

function value(form, name) {
  return count(form.elements[name]?.value ?? "");
}

function ofVotes(form) {
  const inputs = [...form.querySelectorAll("[data-votes]")];
  // Of preferences a paper has one that is counted first.
  const up = "preferences" in form.dataset ? 1 : Number(form.dataset.up);
  const votes = inputs.map((input) => count(input.value));
  const given = votes.filter((number) => number !== null);
  const total = given.reduce((sum, number) => sum + number, 0);
  const lines = [[`${told(total)} votes of ${given.length} of ${plural(inputs.length, "candidate")}`, false]];
  form.querySelector("[data-running]")?.replaceChildren(told(total));
  const unpublished = inputs.filter(isUnpublished).length;
  if (unpublished) lines.push([`Not published: the votes of ${plural(unpublished, "candidate")}`, false]);
  const readOut = value(form, "total");
  const isWhole = given.length === inputs.length;
  if (readOut !== null) {
    const apart = `${told(Math.abs(total - readOut))} ${total > readOut ? "more" : "fewer"} than the total read out`;
    lines.push(total === readOut ? ["The total read out", false] : [apart, isWhole || total > readOut]);
  }
  const rejected = value(form, "rejected");
  const valid = value(form, "valid");
  const ballots = value(form, "ballots") ?? (valid === null || rejected === null ? null : valid + rejected);
  const electorate = Number(form.dataset.electorate) || null;
  if (ballots !== null) {
    const counted = valid ?? Math.max(ballots - (rejected ?? 0), 0);
    const most = up * counted;
    lines.push([`At most ${told(most)}: ${up} × ${told(counted)} valid papers`, total > most]);
    const highest = Math.max(0, ...given);
    if (highest > counted) lines.push(["One candidate has more votes than there are valid papers", true]);
    if (electorate) {
      const turnout = (100 * ballots) / electorate;
      lines.push([`${turnout.toFixed(1)}% of ${told(electorate)} voted`, ballots > electorate]);
    }
  } else if (electorate && total > up * electorate) lines.push([`More than ${up} × ${told(electorate)} electors`, true]);
  if ("preferences" in form.dataset) markNamed(form, inputs, lines);
  else mark(form, inputs, votes, lines);
  return lines;
}

// Who is elected as it stands; whoever is tied across the last seat gets a box for the lot.
function mark(form, inputs, votes, lines) {
  const seats = Number(form.dataset.fill);
  const isWhole = votes.every((number) => number !== null);
  const sorted = votes.filter((number) => number !== null).sort((a, b) => b - a);
  const last = sorted[seats - 1];
  const named = new Set([...form.querySelectorAll("input[name=elected]:checked")].map((box) => box.value));
  const isTied = !named.size && isWhole && seats > 0 && seats < sorted.length && last === sorted[seats];
  const drawn = new Set();
  const sure = sorted.filter((number) => number > last).length;
  inputs.forEach((input, index) => {
    const row = input.closest("[data-row]");
    const lot = row.querySelector(".entry-lot");
    const box = lot.querySelector("input");
    const isInLot = isTied && votes[index] === last;
    lot.hidden = !isInLot;
    row.classList.toggle("is-tied", isInLot);
    if (!isInLot) box.checked = false;
    else if (box.checked) drawn.add(input);
  });
  inputs.forEach((input, index) => {
    const row = input.closest("[data-row]");
    const number = votes[index];
    const isFirst = isTied ? number > last || drawn.has(input) : sorted.length >= seats && number !== null && number >= last;
    const isElected = named.size ? named.has(input.dataset.votes) : isWhole && isFirst && seats > 0;
    row.classList.toggle("is-elected", isElected);
    const words = row.classList.contains("is-elected") ? "elected" : row.classList.contains("is-tied") ? "tied" : "";
    const place = row.querySelector("[data-mark]");
    if (place.textContent !== words) place.textContent = words;
  });
  if (named.size) lines.push([`${named.size} of ${seatsTold(form, seats)} named as elected`, named.size !== seats]);
  if (isTied) {
    const wanted = seats - sure;
    const tied = votes.filter((number) => number === last).length;
    const words = `${tied} tied at ${told(last)} for ${seatsTold(form, wanted)}: who was drawn by lot? ${drawn.size} of ${wanted} named`;
    lines.push([words, drawn.size !== wanted]);
  }
}

// First preferences do not say who is elected: those who are ticked are.
function markNamed(form, inputs, lines) {
  const seats = Number(form.dataset.fill);
  const rows = inputs.map((input) => input.closest("[data-row]"));
  const named = rows.filter((row) => row.querySelector(".entry-lot input").checked);
  for (const row of rows) {
    const isElected = named.includes(row);
    row.classList.toggle("is-elected", isElected);
    const words = isElected ? "elected" : "";
    const place = row.querySelector("[data-mark]");
    if (place.textContent !== words) place.textContent = words;
  }
  lines.push([`${named.length} of ${told(seats)} ticked as declared elected`, named.length !== seats]);
}

function seatsOf(form) {
  return [...form.querySelectorAll("[data-seats]")].reduce((sum, input) => sum + (count(input.value) ?? 0), 0);
}

function ofSeats(form) {
  const up = Number(form.dataset.up);
  const seats = seatsOf(form);
  return [[`${told(seats)} of ${seatsTold(form, up)}`, seats > up]];
}

function ofTally(form) {
  const total = Number(form.dataset.total);
  const seats = seatsOf(form);
  const vacant = value(form, "vacant") ?? 0;
  const left = total - seats - vacant;
  const isComplete = form.elements.complete?.checked;
  const beside = vacant ? ` and ${told(vacant)} vacant` : "";
  const lines = [[`${told(seats)}${beside} of ${seatsTold(form, total)}`, left < 0]];
  if (left > 0) lines.push([`${seatsTold(form, left)} to come`, isComplete]);
  if (seats && seats < Number(form.dataset.continuing)) lines.push(["Fewer than continue: a tally counts those, too", true]);
  return lines;
}
