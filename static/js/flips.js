// Marks what flipped: the badge's wipe and a wash for some seconds, and for ten minutes a mark.
//
// A slot is a wrapper outside the fragments, [data-slot], which holds one badge; its marks are classes of the slot, so a
// fragment's own bytes never change. A badge outside any slot wears the class for some seconds itself.
//
// It tells the other modules with an event on the document: declared:flip {words, slot}.

const WASH = 4_500;
const FRESH = 10 * 60_000;

const known = new Map([...badges()].map((badge) => [keyOf(badge), wordsOf(badge)]));
const freshUntil = new Map();

function badges() {
  return document.querySelectorAll(".badge");
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
  for (const badge of badges()) {
    const key = keyOf(badge);
    const words = wordsOf(badge);
    if (words === known.get(key)) continue;
    known.set(key, words);
    freshUntil.set(key, Date.now() + FRESH);
    // A snapshot may bring a whole night at once: everything at once would be noise.
    if (detail.kind === "snapshot") continue;
    wash(badge.closest("[data-slot]") ?? badge);
    document.dispatchEvent(new CustomEvent("declared:flip", { detail: { words, slot: badge.closest("[data-slot]") } }));
  }
  mark();
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
