// Keeps a ranking current. Nothing of it is pushed: it is asked for again at most every few seconds.

import { pageAt, standsAt, take } from "../fresh.js";

const PERIOD = 4_000;
const JITTER = 4_000; // Not everywhere at the same moment.

let seq = standsAt(document);
let timer = null;
let isDue = false;

async function refresh() {
  timer = null;
  isDue = document.hidden;
  if (!isDue) take(await pageAt(location.href, seq), "ranking");
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  timer ??= setTimeout(refresh, PERIOD + JITTER * Math.random());
});
document.addEventListener("visibilitychange", () => {
  if (isDue && !document.hidden) timer ??= setTimeout(refresh, 0);
});
