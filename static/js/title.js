// Says in the title of a tab in the background what has changed hands since it was looked at, newest first; those of the
// watch list before others. Whoever has come back for a moment has seen it.

import { concerns } from "./watched.js";

const SEEN = 2_000;
const MARK = document.body.dataset.lineMark ?? "";

const plain = document.title;
let unseen = [];
let timer = null;

function show() {
  const told = unseen.find(concerns) ?? unseen[0];
  const count = unseen.length > 1 ? `(${unseen.length}) ` : "";
  document.title = told ? `${count}${MARK}${told.line} · ${plain}` : plain;
}

function seen() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(() => {
    unseen = [];
    show();
  }, SEEN);
}

// What was undone before anybody saw it is no news.
function holds({ id }) {
  return id.startsWith("place-") || document.getElementById(id)?.dataset.undone === undefined;
}

document.addEventListener("declared:news", ({ detail }) => {
  if (document.hidden) unseen = [...detail.news, ...unseen];
  show();
});
document.addEventListener("declared:changed", () => {
  if (!unseen.length) return;
  unseen = unseen.filter(holds);
  show();
});
document.addEventListener("visibilitychange", seen);
addEventListener("pageshow", seen);
