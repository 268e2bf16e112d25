// Finds, narrows and pages the list of many contests in the page that is open, and keeps what was asked for while
// results come in.
//
// The lines that are on the page are pushed. Which lines those are, only the server knows: where a result can change it,
// the list is asked for again after a message.

import { pageAt, soon, standsAt, take } from "../fresh.js";

const QUIET = 200;
const WASH = 4_500;

const form = document.getElementById("contest-filters");
const clear = form.querySelector(".filter-reset");
const feedback = document.getElementById("feedback");

let seq = standsAt(document);
let turn = 0;
let typing = null;

// What the form asks for, as an address; its first page.
function asked() {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.set(name, value);
  return url;
}

// Shows another list in the place of this one; the newest that was asked for, whichever comes first.
async function show(url) {
  const own = ++turn;
  history.replaceState(history.state, "", url);
  clear.hidden = !["q", "state", "party"].some((name) => url.searchParams.has(name));
  const page = await pageAt(url.href, seq);
  if (own !== turn) return;
  await take(page, "contests");
  feedback.textContent = document.querySelector("#contests .contests-count").textContent;
}

const refresh = soon(async () => {
  const own = turn;
  const page = await pageAt(location.href, seq);
  // What was asked for meanwhile is as new.
  if (own === turn) await take(page, "contests");
});

// By its name a contest stays where it is; in its state, and with its winner, it comes and goes.
function canMove() {
  const query = new URL(location.href).searchParams;
  return query.has("state") || query.has("party");
}

form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => show(asked()), QUIET);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  show(asked());
});
clear.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  for (const name of ["q", "state", "party"]) form.elements[name].value = "";
  form.elements.q.focus();
  show(asked());
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#contests a");
  if (!link) return;
  if (!link.closest(".pages")) return keepConvention(link);
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(new URL(link.href));
  document.getElementById("wards-heading").scrollIntoView();
});

// Lines are the same under every convention; whoever follows one stays in the one that is chosen.
function keepConvention(link) {
  const chosen = form.elements.convention?.value;
  if (chosen) link.search = new URLSearchParams({ convention: chosen });
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  const changed = detail.elements.filter((id) => id.startsWith("row-"));
  // A snapshot brings every line at once: everything at once would be noise.
  if (detail.kind !== "snapshot") changed.forEach(wash);
  if (changed.length && canMove()) refresh();
});

function wash(id) {
  const line = document.getElementById(id);
  if (!line) return;
  line.classList.add("is-fresh");
  setTimeout(() => line.classList.remove("is-fresh"), WASH);
}
