// The watch list without loading the page again: a star on every row of the board, the form of the alerts, and the list above
// the board, which says what the rows say.
//
// It tells the other modules with declared:watching on the document when the list is another.

import { pageAt, standsAt, take } from "../fresh.js";
import { watched } from "../watched.js";

const form = document.getElementById("watch-form");
const feedback = document.getElementById("feedback");

let seq = document.getElementById("live") ? standsAt(document) : 0;
let focused = null;

async function watch(list, said) {
  const url = new URL(location.href);
  url.searchParams.delete("watch");
  if (list.length) url.searchParams.set("watch", list.join(","));
  history.replaceState(history.state, "", url);
  document.dispatchEvent(new CustomEvent("declared:watching"));
  stars();
  keep();
  feedback.textContent = said;
  await take(await pageAt(url.href, seq), "watching");
  refresh();
}

function toggle(id, name) {
  const list = watched();
  if (list.includes(id)) watch(list.filter((other) => other !== id), `No longer watching ${name}`);
  else watch([...list, id], `Watching ${name}`);
}

// The forms and the other links of the page lead where this reader is.
function keep() {
  const list = watched().join(",");
  for (const link of document.querySelectorAll("[data-keeps-query]")) {
    const target = new URL(link.href);
    if (list) target.searchParams.set("watch", list);
    else target.searchParams.delete("watch");
    link.href = target.href;
  }
}

// Rows are the same for everybody and come anew all night: their stars are put in here.
function stars() {
  document.querySelectorAll("tbody[data-slot]").forEach(star);
}

function star(slot) {
  const heading = slot.querySelector(".council-name");
  const id = slot.dataset.slot;
  const button = heading.querySelector(".star") ?? newStar(heading, id);
  const isOn = watched().includes(id);
  button.setAttribute("aria-pressed", String(isOn));
  button.setAttribute("aria-label", `Watch ${heading.querySelector("a").textContent.trim()}`);
  button.textContent = isOn ? "★" : "☆";
}

function newStar(heading, id) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "star no-print";
  button.dataset.star = id;
  heading.append(button);
  if (focused === id && document.activeElement === document.body) button.focus({ preventScroll: true });
  return button;
}

// What the rows say by now.
function refresh() {
  for (const item of document.querySelectorAll("[data-watching]")) {
    const row = document.getElementById(`row-${item.dataset.watching}`);
    for (const [mine, theirs] of [[".watching-badge", ".badge"], [".watching-standing", ".standing"]]) {
      const from = row?.querySelector(theirs);
      const to = item.querySelector(mine);
      if (!from || !to) continue;
      if (theirs === ".badge") to.replaceChildren(from.cloneNode(true));
      else to.textContent = from.textContent;
    }
  }
}

document.addEventListener("click", (event) => {
  const star = event.target.closest("[data-star]");
  if (star) return toggle(star.dataset.star, star.parentElement.querySelector("a").textContent.trim());
  const remove = event.target.closest("[data-unwatch]");
  if (!remove || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = remove.parentElement.firstElementChild.textContent.trim();
  document.querySelector("#alerts summary")?.focus();
  toggle(remove.dataset.unwatch, name);
});

document.addEventListener("focusin", ({ target }) => {
  focused = target.dataset?.star ?? null;
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const option = form.elements.namedItem("watch-choice").selectedOptions[0];
  if (!watched().includes(option.value)) watch([...watched(), option.value], `Watching ${option.textContent.trim()}`);
});

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
  refresh();
});

// At once, so that nobody sees a row without its star.
const board = document.getElementById("board");
if (board) {
  new MutationObserver((records) => {
    const slots = new Set(records.map(({ target }) => target.closest("tbody[data-slot]")));
    for (const slot of slots) if (slot && !slot.querySelector(".star")) star(slot);
  }).observe(board, { childList: true, subtree: true });
}

stars();
keep();
