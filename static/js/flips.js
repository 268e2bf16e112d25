// Marks what flipped: the badge's wipe and a wash for some seconds, and for ten minutes a mark.
//
// A slot is a wrapper outside the fragments, [data-slot], which holds one badge; its marks are classes of the slot, so a
// fragment's own bytes never change. A badge outside any slot wears the class for some seconds itself. The dashboard's band
// has an item for each change, which says what it is in its data.
//
// It tells the other modules with events on the document:
// - declared:flip {words, slot} for a badge that says something else,
// - declared:news {news} with the changes of hands that are new here, newest first, each {id, line, council, parties, isGain}.

const WASH = 4_500;
const FRESH = 10 * 60_000;

const band = document.getElementById("flips");
const known = new Map([...badges()].map((badge) => [keyOf(badge), wordsOf(badge)]));
const freshUntil = new Map();
let newest = newestOf();

// Those of items are a change each, and never become another.
function badges() {
  return [...document.querySelectorAll(".badge")].filter((badge) => !badge.closest(".flip-item"));
}

function newestOf() {
  return Math.max(0, ...items().map(({ dataset }) => Number(dataset.seq)));
}

function items() {
  return [...(band?.children ?? [])];
}

// What stays while the badge itself may be replaced: its slot, or the fragment around it.
function keyOf(badge) {
  return badge.closest("[data-slot]")?.dataset.slot ?? badge.closest("[id]")?.id;
}

// Who controls, and from whom; empty while that is undecided: wards that come in are no flip.
function wordsOf(badge) {
  return badge.dataset.control ? badge.querySelector(".badge-words").textContent : "";
}

function compare({ detail }) {
  const news = fresh();
  for (const badge of badges()) {
    const key = keyOf(badge);
    const words = wordsOf(badge);
    if (words === known.get(key)) continue;
    known.set(key, words);
    freshUntil.set(key, Date.now() + FRESH);
    // A snapshot may bring a whole night at once: everything at once would be noise.
    if (detail.kind === "snapshot") continue;
    const slot = badge.closest("[data-slot]");
    wash(slot ?? badge);
    document.dispatchEvent(new CustomEvent("declared:flip", { detail: { words, slot } }));
    if (!band && slot && words) news.push(ofPlace(badge, slot, words, detail.seq));
  }
  if (news.length) document.dispatchEvent(new CustomEvent("declared:news", { detail: { news } }));
  mark();
}

// What the band has by now and had not. A log that has gone back begins anew.
function fresh() {
  const before = newest;
  newest = newestOf();
  const added = items().filter(({ dataset }) => Number(dataset.seq) > before && !("undone" in dataset));
  added.forEach(wash);
  return added.map(({ id, dataset: { line, council, parties } }) => {
    return { id, line, council, parties: parties.split(" "), isGain: true };
  });
}

// A page without a band is about one place.
function ofPlace(badge, slot, words, seq) {
  const place = document.querySelector("h1").textContent.trim();
  const isGain = badge.classList.contains("badge-gain");
  return { id: `place-${seq}`, line: `${place}: ${words}`, council: slot.dataset.slot, parties: [badge.dataset.control], isGain };
}

function wash(element) {
  element.classList.remove("is-flipping");
  void element.offsetWidth; // Lets the animation begin again.
  element.classList.add("is-flipping");
  setTimeout(() => element.classList.remove("is-flipping"), WASH);
}

// By the clock of the browser: since control stood, or since it came here, whichever is later.
function mark() {
  const now = Date.now();
  for (const slot of document.querySelectorAll("[data-slot]")) {
    const age = now - Date.parse(slot.querySelector("[data-since]")?.dataset.since ?? "");
    const isFresh = (age >= 0 && age < FRESH) || (freshUntil.get(slot.dataset.slot) ?? 0) > now;
    slot.classList.toggle("is-fresh", isFresh);
  }
}

document.addEventListener("declared:changed", compare);
setInterval(mark, 15_000);
mark();
