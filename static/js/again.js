// Keeps a part of a page current of which nothing is pushed: [data-again] is asked for, at most every few seconds.

import { pageAt, standsAt, take } from "./fresh.js";

const PERIOD = 4_000;
const JITTER = 4_000; // Not everywhere at the same moment.

const { id } = document.querySelector("[data-again]");
let seq = standsAt(document);
let timer = null;
let isDue = false;

async function refresh() {
  timer = null;
  isDue = document.hidden;
  if (!isDue) take(await pageAt(location.href, seq), id);
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  timer ??= setTimeout(refresh, PERIOD + JITTER * Math.random());
});
document.addEventListener("visibilitychange", () => {
  if (isDue && !document.hidden) timer ??= setTimeout(refresh, 0);
});
