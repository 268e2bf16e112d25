// Keeps the story on a page current. Nothing of it is pushed: it is asked for again at most every few seconds while the page is
// looked at, and soon after something has changed hands.

import { fetched, take } from "../fresh.js";

const place = document.querySelector("[data-story]");
const PERIOD = 4_000;
const JITTER = 4_000;
const AT_ONCE = 1_000;
const TRIES = 3;

let timer = null;
let isDue = false;
let tries = 0;

async function fetchAgain() {
  timer = null;
  if (document.hidden) {
    isDue = true;
    return;
  }
  // Without a network what is there stays: the pill says how old it is.
  const page = await fetched(place.dataset.story).catch(() => null);
  if (!page) return;
  if (Number(page.getElementById("story")?.dataset.seq) > Number(document.getElementById("story").dataset.seq)) {
    await take(page, "story");
  } else if ((tries -= 1) > 0) {
    // A cache between us may still have the older one.
    soon(PERIOD);
  }
}

function soon(delay) {
  timer ??= setTimeout(fetchAgain, delay + JITTER * Math.random());
}

function atOnce() {
  clearTimeout(timer);
  timer = setTimeout(fetchAgain, AT_ONCE * Math.random());
}

// A link to a folded story opens it.
function open() {
  if (location.hash === `#${place.id}` && "open" in place) place.open = true;
}

if (place) {
  open();
  addEventListener("hashchange", open);
  document.addEventListener("declared:changed", ({ detail }) => {
    tries = TRIES;
    if (detail.elements?.some((element) => element.startsWith("flip-"))) atOnce();
    else soon(PERIOD);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isDue) {
      isDue = false;
      atOnce();
    }
  });
}
