// Keeps a part of a page current of which nothing is pushed: [data-again] is asked for once the night has gone on, at most
// every so many seconds as it says, and not while nobody sees it. The page that came is told with declared:again.

import { pageAt, standsAt, take } from "./fresh.js";

const USUAL = 4; // Seconds.

const { id, dataset } = document.querySelector("[data-again]");
const period = 1_000 * (Number(dataset.again) || USUAL);
let seq = standsAt(document);
let timer = null;
let isDue = false;

async function refresh() {
  timer = null;
  isDue = document.hidden;
  if (isDue) return;
  const page = await pageAt(location.href, seq);
  await take(page, id);
  document.dispatchEvent(new CustomEvent("declared:again", { detail: page }));
}

// Not everywhere at the same moment.
document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  timer ??= setTimeout(refresh, period * (1 + Math.random()));
});
document.addEventListener("visibilitychange", () => {
  if (isDue && !document.hidden) timer ??= setTimeout(refresh, 0);
});
