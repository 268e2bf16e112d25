// Marks what flipped: a wash for some seconds, and for ten minutes a mark at the edge.
//
// A slot is a wrapper outside the fragments, [data-slot]; inside it something carries data-badge (the badge's words) and
// data-since (since when control has stood). The marks are classes of the slot: the fragment's own bytes never change.

const WASH = 4_500;
const FRESH = 10 * 60_000;

const slots = [...document.querySelectorAll("[data-slot]")];
const known = new Map(slots.map((slot) => [slot, badge(slot)]));
const freshUntil = new Map();

function badge(slot) {
  return slot.querySelector("[data-badge]")?.dataset.badge ?? "";
}

function since(slot) {
  return Date.parse(slot.querySelector("[data-since]")?.dataset.since ?? "");
}

function compare({ detail }) {
  for (const slot of slots) {
    const now = badge(slot);
    if (now === known.get(slot)) continue;
    known.set(slot, now);
    freshUntil.set(slot, Date.now() + FRESH);
    // A snapshot may bring a whole night at once: everything at once would be noise.
    if (detail.kind !== "snapshot") wash(slot);
  }
  mark();
}

function wash(slot) {
  slot.classList.remove("is-flipping");
  void slot.offsetWidth; // Lets the animation begin again.
  slot.classList.add("is-flipping");
  setTimeout(() => slot.classList.remove("is-flipping"), WASH);
}

function mark() {
  const now = Date.now();
  for (const slot of slots) {
    const age = now - since(slot);
    const isFresh = (age >= 0 && age < FRESH && badge(slot) !== "") || (freshUntil.get(slot) ?? 0) > now;
    slot.classList.toggle("is-fresh", isFresh);
  }
}

document.addEventListener("declared:changed", compare);
setInterval(mark, 15_000);
mark();
