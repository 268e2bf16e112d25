// Keeps the page of one contest of many current: its line is pushed, and when that has changed the rest is asked for.

import { pageAt, soon, take } from "../fresh.js";

const { follows, parts } = document.querySelector("[data-follows]").dataset;

let seq = 0;

const refresh = soon(async () => {
  const page = await pageAt(location.href, seq);
  for (const id of parts.split(" ")) await take(page, id);
});

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  if (detail.elements.includes(follows)) refresh();
});
