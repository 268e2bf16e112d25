// Who else is at this form, as the server tells it, how long what is claimed is still theirs, and what came of the
// result since the form was opened.

import { link, notice } from "./live.js";

const here = document.querySelector("[data-on]");
const SETTLED = ["keyed", "disputed", "declared"];

// What it was when it was opened: its state, and whose it is.
let opened = null;

function meanwhile({ lines }) {
  const [, , , , work, label, note] = lines.find(([, , , url]) => url === location.pathname) ?? [];
  if (!here || !work) return;
  const now = `${work} ${note}`;
  opened ??= now;
  if (now === opened || !SETTLED.includes(work)) return;
  const again = link("Open it again", location.href);
  notice("meanwhile", [`Since you opened this: ${label}, ${note}. What you typed is kept. `, again], { wrong: true });
}

function left(until) {
  const seconds = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

function count() {
  for (const element of document.querySelectorAll("[data-until]")) element.textContent = left(element.dataset.until);
}

document.addEventListener("desk:night", ({ detail }) => {
  const { here: html } = detail.told;
  meanwhile(detail.night);
  if (here && html !== undefined && here.dataset.shown !== html) {
    here.dataset.shown = html;
    here.innerHTML = html;
  }
  count();
});
setInterval(count, 1_000);
count();
