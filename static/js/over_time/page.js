// Keeps the night in time current. Nothing of it is pushed: it is asked for again now and then, and not while nobody sees it.

import { pageAt, standsAt, take } from "../fresh.js";

const PERIOD = 8_000;
const JITTER = 8_000; // Not everywhere at the same moment.

let seq = standsAt(document);
let timer = null;
let isDue = false;

async function refresh() {
  timer = null;
  isDue = document.hidden;
  if (isDue) return;
  const page = await pageAt(location.href, seq);
  take(page, "over-time");
  moveSlider(page);
}

// With the night, unless somebody is at it.
function moveSlider(page) {
  const [mine, theirs] = [document, page].map((it) => it.querySelector(".moments"));
  if (!mine || !theirs || mine.contains(document.activeElement)) return;
  mine.wards.value = theirs.wards.value;
  mine.querySelector("output").textContent = theirs.querySelector("output").textContent;
  mine.querySelector("a").href = theirs.querySelector("a").getAttribute("href");
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  timer ??= setTimeout(refresh, PERIOD + JITTER * Math.random());
});
document.addEventListener("visibilitychange", () => {
  if (isDue && !document.hidden) timer ??= setTimeout(refresh, 0);
});
