// Keeps the page of councils to watch current. Nothing of it is pushed: it is asked for again at most every few seconds, while
// it is looked at.

import { pageAt, standsAt, take } from "../fresh.js";

const PERIOD = 2_000;
const JITTER = 3_000;

let seq = standsAt(document);
let timer = null;
let isDue = false;

async function refresh() {
  timer = null;
  isDue = document.hidden;
  if (!isDue) await take(await pageAt(location.href, seq), "to-watch");
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  timer ??= setTimeout(refresh, PERIOD + JITTER * Math.random());
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && isDue) refresh();
});
