// Keeps the board live and narrows it: what changed is written into the rows that are there, so that focus and place
// stay where they are.

import { askedWords, matches } from "./matching.js";

const work = document.getElementById("work");
const find = document.querySelector(".work-find");
const feedback = document.getElementById("feedback");
const empty = document.getElementById("work-empty");
const filters = [...document.querySelectorAll("[data-filter]")];

let filter = work.dataset.state;
let asked = askedWords(find.elements.q.defaultValue);

function write(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

function update(night) {
  for (const [key, number] of Object.entries(night.counts)) {
    write(document.querySelector(`[data-count="${key}"]`), String(number));
  }
  for (const [id, progress, due, isOverdue, badge, needs] of night.councils) {
    const council = document.getElementById(id);
    if (!council) continue;
    write(council.querySelector("[data-progress]"), progress);
    write(council.querySelector("[data-due]"), due);
    council.querySelector("[data-due]").classList.toggle("is-overdue", isOverdue);
    updateBadge(council.querySelector(".badge"), badge, needs);
  }
  for (const [id, , , , state, label, note, tags] of night.lines) {
    const line = document.getElementById(id);
    if (!line) continue;
    if (line.dataset.work !== state) {
      line.dataset.work = state;
      line.classList.add("is-fresh");
    }
    line.dataset.tags = tags;
    write(line.querySelector(".work-label"), label);
    write(line.querySelector(".work-note"), note);
    write(line.querySelector("[data-tally-note]"), note ? `: ${note}` : "");
  }
  narrow();
}

// A badge that says something else is drawn anew: only the server knows its colours.
function updateBadge(badge, text, needs) {
  if (!badge) return;
  const words = badge.querySelector(".badge-words");
  if (words.textContent.trim() !== text) {
    fetch(location.href, { headers: { Accept: "text/html" } })
      .then((response) => (response.ok ? response.text() : ""))
      .then((html) => replaceBadges(new DOMParser().parseFromString(html, "text/html")))
      .catch(() => null);
    words.textContent = text;
  }
  write(badge.querySelector(".badge-needs"), needs);
}

function replaceBadges(page) {
  for (const council of work.querySelectorAll(".work-council")) {
    const fresh = page.getElementById(council.id)?.querySelector(".work-badge");
    const own = council.querySelector(".work-badge");
    if (fresh && own.innerHTML !== fresh.innerHTML) own.innerHTML = fresh.innerHTML;
  }
}

// Whether a line comes under the filter and is meant by the words; the same as in app/desk/board/view.py.
function comesUp(line, forgiving) {
  if (filter && !line.dataset.tags.split(" ").includes(filter)) return false;
  return matches(line.dataset.search, asked, { forgiving });
}

function narrow() {
  // One wrong letter is forgiven where nothing is found otherwise.
  const number = narrowed(false) || narrowed(true);
  empty.hidden = number > 0;
  for (const link of filters) {
    if (link.dataset.filter === filter) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function narrowed(forgiving) {
  let number = 0;
  for (const council of work.querySelectorAll(".work-council")) {
    let inCouncil = 0;
    for (const item of council.querySelectorAll(".work-lines > li")) {
      const isShown = comesUp(item.firstElementChild, forgiving);
      if (item.hidden === isShown) item.hidden = !isShown;
      inCouncil += Number(isShown);
    }
    const isShown = inCouncil > 0 || ((filter || asked.length > 0) && comesUp(council.querySelector(".work-tally"), forgiving));
    if (council.hidden === isShown) council.hidden = !isShown;
    number += Number(isShown);
  }
  return number;
}

for (const link of filters) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    filter = link.dataset.filter;
    // The address that this leads to has no words.
    asked = [];
    find.classList.remove("is-narrowed");
    history.replaceState(history.state, "", link.href);
    narrow();
    write(feedback, link.textContent.trim());
  });
}

document.addEventListener("desk:night", ({ detail }) => update(detail.night));
narrow();
