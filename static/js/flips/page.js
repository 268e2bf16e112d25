// Keeps the list of all changes of control current. Only the newest are pushed, to the dashboard's band; whatever touches the
// list has it asked for again.

import { pageAt, soon, standsAt, take } from "../fresh.js";

const LISTS = ["flips-so-far", "flips-list", "flips-held"];

let seq = standsAt(document);

const refresh = soon(async () => {
  const page = await pageAt(location.href, seq);
  for (const id of LISTS) await take(page, id);
});

// A council that is listed may have more seats by now, or may be listed no more.
function concerns(element) {
  return element.startsWith("flip") || document.querySelector(`.flip-item[data-council="${element.replace(/^row-/, "")}"]`);
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  if (detail.elements.some(concerns)) refresh();
});
