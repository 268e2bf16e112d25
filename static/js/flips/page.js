// Keeps the list of all changes of control current. Only the newest are pushed, to the dashboard's band; whatever touches the
// list has it asked for again, and what is said of it comes with it.

import { pageAt, soon, standsAt, take } from "../fresh.js";

let seq = standsAt(document);

const refresh = soon(async () => take(await pageAt(location.href, seq), "flips-page"));

// A council that is listed may have more seats by now, or may be listed no more.
function concerns(element) {
  return element.startsWith("flip") || document.querySelector(`.flip-item[data-council="${element.replace(/^row-/, "")}"]`);
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  if (detail.elements.some(concerns)) refresh();
});
