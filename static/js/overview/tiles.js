// The tile map: arrow keys go from tile to tile, what is pointed at is told in full, and a tile is drawn again from the
// row of its council whenever that comes, by the same rule as app/pages/overview/tiles.py.
//
// Rows come in the page (declared:changed), or, in a widget that holds none, as they are received (declared:fragment).

const map = document.getElementById("tiles");
const panel = document.getElementById("tile-told");
const WASH = 4_500;
const LONGEST_WHAT = 6;

// A widget that is a file takes away those that its address does not ask for.
const tiles = () => [...map.querySelectorAll(".tile")];
const idOf = (tile) => tile.id.slice("tile-".length);
const rowOf = (tile) => document.getElementById(`row-${idOf(tile)}`);

// Drawing

const partyOf = (element) => [...element.classList].find((name) => name.startsWith("party-"));

function whatOf(kind, stage, lead) {
  if (kind !== "undecided") return lead.length <= LONGEST_WHAT ? lead : initials(lead);
  const counted = /^([\d,]+) of ([\d,]+)/.exec(lead);
  return counted && stage !== "awaiting" ? `${counted[1]}/${counted[2]}` : "";
}

function initials(name) {
  const words = name.split(/\s+/).filter(([first]) => first !== first.toLowerCase());
  return words.length > 1 ? words.slice(0, LONGEST_WHAT).map(([first]) => first).join("") : name.slice(0, LONGEST_WHAT - 2);
}

function draw(tile, row) {
  const badge = row.querySelector(".badge");
  const kind = ["gain", "hold", "plain", "undecided"].find((each) => badge.classList.contains(`badge-${each}`));
  const stage = row.dataset.state;
  const isNoc = badge.classList.contains("badge-noc");
  const marks = [...tile.classList].filter((name) => name.startsWith("is-"));
  const look = kind === "undecided" ? stage : kind;
  tile.className = ["tile", `tile-${look}`, ...(isNoc ? ["tile-noc"] : []), partyOf(badge) ?? "", ...marks]
    .filter(Boolean)
    .join(" ");
  tile.querySelector(".tile-was")?.remove();
  const was = badge.querySelector(".badge-was");
  if (was) {
    const edge = document.createElement("span");
    edge.className = ["tile-was", ...(was.classList.contains("badge-was-noc") ? ["tile-was-noc"] : []), partyOf(was)].join(" ");
    tile.prepend(edge);
  }
  tile.querySelector(".tile-what").textContent = whatOf(kind, stage, badge.querySelector("b").textContent);
  const words = [badge.querySelector(".badge-words"), badge.querySelector(".badge-needs")];
  tell(tile, `${tile.dataset.name}: ${words.flatMap((each) => each?.textContent.trim() || []).join(", ")}`);
}

function tell(tile, told) {
  const before = tile.getAttribute("aria-label");
  if (told === before) return;
  tile.setAttribute("aria-label", told);
  if (tile.hasAttribute("title")) tile.title = told;
  if (tile === shown) show(tile);
}

function flip(tile) {
  tile.classList.remove("is-flipping");
  void tile.offsetWidth; // Lets the animation begin again.
  tile.classList.add("is-flipping");
  setTimeout(() => tile.classList.remove("is-flipping"), WASH);
  // On a page others say it.
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = tile.getAttribute("aria-label");
}

// Who controls, of which a change is a flip; empty while that is undecided.
const controlOf = (tile) => (/tile-(?:gain|hold|plain)/.test(tile.className) ? (partyOf(tile) ?? "") : "");

function take(tile, row, isNews) {
  const before = controlOf(tile);
  draw(tile, row);
  if (isNews && controlOf(tile) !== before) flip(tile);
}

document.addEventListener("declared:changed", ({ detail }) => {
  for (const tile of tiles()) {
    const row = rowOf(tile);
    if (!row || (detail.elements && !detail.elements.includes(row.id))) continue;
    take(tile, row, detail.kind === "update");
  }
  dim();
});

document.addEventListener("declared:fragment", ({ detail }) => {
  const tile = document.getElementById(detail.id.replace(/^row-/, "tile-"));
  if (!tile) return;
  const box = document.createElement("template");
  box.innerHTML = detail.html;
  take(tile, box.content.firstElementChild, detail.isNews);
});

// A page that a widget has asked for holds tiles as they are now.
document.addEventListener("declared:page", ({ detail }) => {
  for (const tile of tiles()) {
    const now = detail.page.getElementById(tile.id);
    if (!now || now.getAttribute("aria-label") === tile.getAttribute("aria-label")) continue;
    const marks = [...tile.classList].filter((name) => name.startsWith("is-"));
    tile.className = [now.className, ...marks].join(" ");
    tile.innerHTML = now.innerHTML;
    tell(tile, now.getAttribute("aria-label"));
  }
});

// Filters dim what they hide on the board.

function dim() {
  for (const tile of tiles()) {
    const slot = rowOf(tile)?.closest("[data-slot]");
    if (slot) tile.classList.toggle("is-dimmed", slot.hidden);
  }
}

// After the filters have done their part.
document.getElementById("filters")?.addEventListener("input", () => queueMicrotask(dim));
document.getElementById("filters")?.addEventListener("reset", () => queueMicrotask(dim));

// Keys: one tile is in the order of tabs, and arrows lead from it to the nearest in their direction.

let current = null;

function makeCurrent(tile) {
  if (current) current.tabIndex = -1;
  current = tile;
  current.tabIndex = 0;
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

const middleOf = (tile) => {
  const { left, top, width, height } = tile.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
};

// The nearest in that direction, what lies aside counting twice.
function nearest(from, [across, down]) {
  const [x, y] = middleOf(from);
  let best = null;
  let least = Infinity;
  for (const tile of tiles()) {
    const [left, top] = middleOf(tile);
    const ahead = (left - x) * across + (top - y) * down;
    const aside = Math.abs((left - x) * down) + Math.abs((top - y) * across);
    const far = ahead + 2 * aside;
    if (ahead > 1 && aside <= 4 * ahead && far < least) [best, least] = [tile, far];
  }
  return best;
}

map.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const tile = event.target.closest(".tile");
  if (!tile) return;
  const to = { Home: tiles()[0], End: tiles().slice(-1)[0] }[event.key] ?? (ARROWS[event.key] && nearest(tile, ARROWS[event.key]));
  if (!to) return;
  event.preventDefault();
  to.focus();
});

// What is told of the tile that is pointed at, or has the focus. It stays until another is; Escape empties it.

let shown = null;

// Opened in place by receipts/why.js.
function why(row) {
  const link = Object.assign(document.createElement("a"), { textContent: "Why?", href: row.querySelector(".council-name a").href });
  link.dataset.why = "";
  return link;
}

function show(tile) {
  shown = tile;
  if (!panel) return;
  const row = rowOf(tile);
  const told = document.createElement("b");
  told.textContent = tile.getAttribute("aria-label");
  const more = [".council-time", ".seat-line"].map((part) => row?.querySelector(part)?.cloneNode(true));
  panel.replaceChildren(told, ...more.filter(Boolean), ...(row ? [why(row)] : []));
}

map.addEventListener("focusin", ({ target }) => {
  const tile = target.closest(".tile");
  if (!tile) return;
  makeCurrent(tile);
  show(tile);
});

map.addEventListener("pointerover", ({ target }) => {
  const tile = target.closest(".tile");
  if (tile) show(tile);
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !shown || !panel) return;
  shown = null;
  panel.replaceChildren();
});

document.addEventListener("DOMContentLoaded", () => {
  for (const tile of tiles()) {
    tile.tabIndex = -1;
    // The panel tells more; both at once would be one too many.
    if (panel) tile.removeAttribute("title");
  }
  if (tiles().length) makeCurrent(tiles()[0]);
});
