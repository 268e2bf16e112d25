// What is on air: a ticker that crawls through every line, and changes of control one after the other.
//
// Both are made of what the dashboard is told, which stands hidden in the page. What was there as the page was loaded is
// known already: nothing old is told again.

const LATEST = 8; // Lines of a round, if no more have come since the last.
const SPEED = 150; // Pixels a second, at a scale of 100 per cent.
const STILL = 7_000; // Milliseconds a line stands where nothing may move.
const HELD = 8_000; // Milliseconds that a change of control is on air.
const BETWEEN = 800;

const { scale, parties } = document.body.dataset;
document.documentElement.style.fontSize = `${(16 * Number(scale)) / 100}px`;

// The score, no longer than there is room for.

const limit = new CSSStyleSheet();
limit.replaceSync(`.strip-parties li:nth-child(n + ${Number(parties) + 1}) { display: none; }`);
document.adoptedStyleSheets = [limit];

// The ticker. A line that comes while a round is under way is in the next, with all others that came meanwhile.

const ticker = document.getElementById("ticker");
const crawl = document.querySelector("[data-crawl]");
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
let newest = 0; // The place of the newest line that has been through.
let round = [];

function nextRound() {
  const lines = [...ticker.querySelectorAll(".line")];
  const fresh = lines.filter((line) => Number(line.dataset.order) > newest);
  newest = Number(lines[0]?.dataset.order ?? 0);
  return lines.slice(0, Math.max(LATEST, fresh.length)).reverse().map(asOnAir);
}

function asOnAir(line) {
  const made = document.createElement("li");
  made.className = line.className;
  for (const part of line.querySelectorAll("time, p")) {
    const span = document.createElement(part.querySelector("s") ? "s" : "span");
    span.textContent = part.textContent;
    made.append(span, " ");
  }
  return made;
}

function crawlOn() {
  crawl.classList.remove("is-crawling");
  round = nextRound();
  crawl.replaceChildren(...round);
  crawl.closest("section").classList.toggle("is-empty", round.length === 0);
  if (!round.length) return setTimeout(crawlOn, 1_000);
  if (isStill.matches) return standStill();
  const way = crawl.parentElement.clientWidth + crawl.scrollWidth;
  crawl.style.setProperty("--way", `${crawl.parentElement.clientWidth}px`);
  crawl.style.animationDuration = `${way / (SPEED * (Number(scale) / 100))}s`;
  crawl.classList.add("is-crawling");
}

// One line at a time, where nothing may move.
function standStill() {
  crawl.replaceChildren(...round.splice(0, 1));
  setTimeout(round.length ? standStill : crawlOn, STILL);
}

crawl.addEventListener("animationend", crawlOn);
if (!crawl.closest("[hidden]")) document.fonts.ready.then(crawlOn);

// Changes of control.

const flips = document.getElementById("flips");
const air = document.querySelector("[data-flip]");
const [lead, card] = [air.querySelector("[data-lead]"), air.querySelector("[data-card]")];
const known = new Map(); // id -> whether it was undone.
const told = new Set(); // Ids that viewers have been told of, here or before the page was loaded.
const queue = [];
let onAir = null;

const isUndone = (item) => item.hasAttribute("data-undone");

function remember() {
  for (const item of flips.children) {
    known.set(item.id, isUndone(item));
    told.add(item.id);
  }
}

function look({ detail }) {
  if (detail.kind === "snapshot") return remember();
  for (const item of [...flips.children].reverse()) {
    if (known.get(item.id) === isUndone(item)) continue;
    known.set(item.id, isUndone(item));
    if (!queue.includes(item.id)) queue.push(item.id);
    // What is on air and does not hold any more goes back at once.
    if (item.id === onAir) show(queue.splice(queue.indexOf(item.id), 1)[0]);
  }
  if (onAir === null) next();
}

let timer = 0;

function next() {
  clearTimeout(timer);
  onAir = null;
  air.hidden = true;
  const id = queue.shift();
  if (id !== undefined) timer = setTimeout(show, BETWEEN, id);
}

function show(id) {
  clearTimeout(timer);
  const item = document.getElementById(id);
  // It may have gone, or have been undone before anybody was told of it.
  if (!item || (isUndone(item) && !told.has(id))) return next();
  told.add(id);
  onAir = id;
  lead.textContent = isUndone(item) ? "Correction" : "Changed hands";
  card.replaceChildren(...[...item.cloneNode(true).children]);
  for (const link of card.querySelectorAll("a")) link.replaceWith(place(link));
  air.classList.toggle("is-undone", isUndone(item));
  air.hidden = false;
  timer = setTimeout(next, HELD);
}

// On air nothing leads anywhere.
function place(link) {
  const made = document.createElement("h2");
  made.className = link.className;
  made.append(...link.childNodes);
  return made;
}

remember();
if ("wanted" in air.dataset) document.addEventListener("declared:changed", look);
