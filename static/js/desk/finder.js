// Finds a contest or a council from anywhere: / or Ctrl+K, a few letters of ward or council, arrows, Enter.

import { night } from "./live.js";
import { askedWords, matches, wordsOf } from "./matching.js";

const MOST = 12;

const input = document.getElementById("finder");
const list = document.getElementById("finder-list");
const rank = { disputed: 0, keyed: 1, recount: 2, counting: 3, delayed: 4, awaited: 5, declared: 6, "no-poll": 7 };

let options = [];
let active = -1;
let cameFrom = null;

// What has it in its own name, wards before councils, work before what is done; a council before all by its whole name. One wrong letter is forgiven where nothing is found otherwise.
function found(typed) {
  const asked = askedWords(typed);
  if (!asked.length || !night) return [];
  const exact = hitsOf(asked, false);
  const hits = exact.length ? exact : hitsOf(asked, true);
  hits.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1] || a.name.localeCompare(b.name));
  return hits.slice(0, MOST);
}

function hitsOf(asked, forgiving) {
  const hits = [];
  for (const [, name, council, url, work, label, note, , aliases] of night.lines) {
    if (!matches(`${name} ${council} ${aliases}`, asked, { forgiving })) continue;
    const inWard = asked.filter((word) => matches(name, [word], { forgiving })).length;
    hits.push({ name, council, url, work, label, note, order: [-inWard, rank[work] ?? 9] });
  }
  for (const [name, url, aliases] of night.councils ?? []) {
    if (!matches(`${name} ${aliases}`, asked, { forgiving })) continue;
    const isItsName = wordsOf(name).join(" ") === asked.join(" ");
    hits.push({ name, council: "", url, work: "", label: "", note: "", order: [-asked.length, isItsName ? -1 : 8] });
  }
  return hits;
}

function show() {
  options = found(input.value);
  active = options.length ? 0 : -1;
  list.replaceChildren(...options.map(option));
  const open = input.value.trim() !== "";
  if (open && !options.length) {
    const none = document.createElement("li");
    none.className = "finder-none muted";
    none.textContent = night ? input.placeholder.replace(/^Find an? /, "No such ") : "Loading the contests";
    list.append(none);
  }
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open && options.length > 0));
  mark();
}

function option(hit, index) {
  const item = document.createElement("li");
  item.id = `finder-option-${index}`;
  item.role = "option";
  item.dataset.work = hit.work;
  for (const [name, text] of [
    ["finder-name", hit.name],
    ["finder-council", hit.council],
    ["finder-state", [hit.label, hit.note].filter(Boolean).join(", ")],
  ]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    item.append(part, " ");
  }
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    go(index);
  });
  return item;
}

function mark() {
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
  if (active >= 0) {
    input.setAttribute("aria-activedescendant", `finder-option-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function go(index) {
  if (options[index]) location.assign(options[index].url);
}

function close() {
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
}

// Back to where one was: whoever keys goes on keying.
function leave() {
  if (cameFrom?.isConnected) cameFrom.focus();
  else input.blur();
  cameFrom = null;
}

function open() {
  const focused = document.activeElement;
  if (focused !== input) cameFrom = focused === document.body ? null : focused;
  input.focus();
  input.select();
}

input?.addEventListener("input", show);
input?.addEventListener("focus", () => {
  if (input.value) show();
});
input?.addEventListener("blur", close);
input?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    event.preventDefault();
    active = (active + step + options.length) % options.length;
    mark();
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(active);
  } else if (event.key === "Escape") {
    if (input.value) {
      input.value = "";
      show();
    } else leave();
  }
});
document.addEventListener("desk:night", () => {
  if (document.activeElement !== input || !input.value) return;
  const before = active;
  show();
  if (before >= 0 && before < options.length) {
    active = before;
    mark();
  }
});

document.addEventListener("keydown", (event) => {
  if (!input || event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey;
  const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!isSlash && !isK) return;
  // A slash is no figure; in a line of words it may be one of them.
  const field = document.activeElement;
  const isWords = field?.matches?.("input:not([inputmode]):not([type=checkbox]):not([type=radio]), textarea, select");
  if (isSlash && isWords && field !== document.body) return;
  event.preventDefault();
  open();
});
