// Finds, filters and sorts the board at once, and again after every live message. The same rules as app/pages/overview/board.py.
//
// Rows say what they are in data attributes; only their slots are hidden and moved. A reader has asked for the order that
// is made when the form is used. After a message the board is put in order where nobody sees it move, in a tab in the
// background say, or has only just come back to it; where somebody does, it stays, and a button offers the new order: always in the order of now, which half
// the messages would change, and in the others while the reader is at the board.
//
// It tells the other modules with declared:asked on the document when something else is asked for.

const form = document.getElementById("filters");
const board = document.getElementById("board");
const count = document.getElementById("board-count");
const empty = document.getElementById("board-empty");
const reset = form?.querySelector("[type=reset]");

const newOrder = document.querySelector("[data-new-order]");

const JUST_HAPPENED = 6;
const JUST_BACK = 3_000; // A tab that was put to sleep is sent in one message what it missed.
let shownAt = 0;

// Observed, as to ask for it after a message has the browser lay the page out once more.
let isInSight = true;
let isScrolledInto = false;

const STAGES = ["certain", "counting", "awaiting", "declared"];
const SORTS = {
  now: orderOfNow,
  name: () => () => [],
  state: () => (row) => [STAGES.indexOf(row.state)],
  updated: () => (row) => [-Number(row.updated)],
  expected: () => (row) => [Number(row.expected)],
  line: () => (row) => [Number(row.line)],
};
const NARROWED = ["q", "party", "gained", "lost", "state", "region"];
const DEFAULTS = { ...Object.fromEntries(NARROWED.map((name) => [name, ""])), sort: "now" };

function orderOfNow(rows) {
  const isOver = rows.every((row) => row.state === "declared");
  const newest = isOver ? [] : rows.filter((row) => row.happened).toSorted((a, b) => b.happened - a.happened || compareNames(a.name, b.name));
  const first = [true, false].flatMap((flipped) => newest.filter((row) => Boolean(row.gained) === flipped).slice(0, JUST_HAPPENED));
  const places = new Map(first.map((row, place) => [row, place]));
  return (row) => {
    if (places.has(row)) return [0, places.get(row)];
    if (row.state === "counting") return [1, Number(row.line)];
    return row.state === "declared" ? [3, 0] : [2, Number(row.expected)];
  };
}

function asked() {
  const data = new FormData(form);
  return Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, usual]) => [name, String(data.get(name) ?? usual).trim()]),
  );
}

function shows(row, { q, party, gained, lost, state, region }) {
  return (
    (!q || row.name.includes(q.toLowerCase())) &&
    (!party || row.parties.split(" ").includes(party)) &&
    (!gained || row.gained === gained) &&
    (!lost || row.lost === lost) &&
    (!state || (state === "flipped" ? Boolean(row.gained) : row.state === state)) &&
    (!region || row.region === region)
  );
}

function apply(mayMove) {
  const query = asked();
  const slots = [...board.tBodies].map((slot) => ({ slot, row: slot.rows[0].dataset }));
  let shown = 0;
  for (const { slot, row } of slots) {
    const isShown = shows(row, query);
    if (slot.hidden === isShown) slot.hidden = !isShown;
    shown += Number(isShown);
  }
  narrowApart(query);
  const key = (SORTS[query.sort] ?? SORTS.now)(slots.map(({ row }) => row));
  const wanted = slots.toSorted((a, b) => compareNumbers(key(a.row), key(b.row)) || compareNames(a.row.name, b.row.name));
  if (mayMove(query)) order(wanted);
  if (newOrder) newOrder.hidden = wanted.every(({ slot }, place) => slot === board.tBodies[place]);
  const words = shown === slots.length ? String(shown) : `${shown} of ${slots.length}`;
  if (count.textContent !== words) count.textContent = words;
  empty.hidden = shown > 0;
  if (reset) reset.hidden = Object.entries(DEFAULTS).every(([name, usual]) => query[name] === usual);
}

// The by-elections that stand apart are narrowed by the same facts, one by one.
function narrowApart(query) {
  const list = document.querySelector(".by-elections");
  if (!list) return;
  const hide = (element, isHidden) => {
    if (element.hidden !== isHidden) element.hidden = isHidden;
  };
  for (const line of list.querySelectorAll(".by-election")) hide(line, !shows(line.dataset, query));
  for (const slot of list.querySelectorAll("li")) hide(slot, !slot.querySelector(".by-election:not([hidden])"));
  hide(list, !list.querySelector("li:not([hidden])"));
}

const always = () => true;

// After a message: whether rows may change places by themselves.
function unseen({ sort }) {
  if (!isInSight) return true;
  const isRead = board.matches(":hover") || board.contains(document.activeElement) || isScrolledInto;
  const isAway = document.hidden || Date.now() - shownAt < JUST_BACK;
  return (sort !== "now" || isAway) && !isRead;
}

function compareNumbers(one, other) {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? 0 : one[at] - other[at];
}

// By code point, as the server compares: < would put what is beyond U+FFFF before what is just below.
function compareNames(one, other) {
  const [own, others] = [[...one], [...other]];
  const at = own.findIndex((letter, index) => letter !== others[index]);
  return at < 0 ? own.length - others.length : own[at].codePointAt() - (others[at]?.codePointAt() ?? -1);
}

// Moves only what stands in the wrong place, so that focus and the reader's place are kept.
function order(wanted) {
  const focused = document.activeElement;
  let next = board.tBodies[0];
  for (const { slot } of wanted) {
    if (slot === next) {
      next = next.nextElementSibling;
      continue;
    }
    if (board.moveBefore) board.moveBefore(slot, next);
    else board.insertBefore(slot, next);
  }
  if (focused !== document.activeElement && board.contains(focused)) focused.focus({ preventScroll: true });
}

function remember() {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(asked())) {
    if (value === DEFAULTS[name]) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(history.state, "", url);
  // The other links of the page lead where this reader is.
  for (const link of document.querySelectorAll("[data-keeps-query]")) {
    const target = new URL(link.href);
    for (const name of Object.keys(DEFAULTS)) {
      if (url.searchParams.has(name)) target.searchParams.set(name, url.searchParams.get(name));
      else target.searchParams.delete(name);
    }
    link.href = target.href;
  }
}

// Whoever has come to lead or to change something since is offered as the form is opened, not under a reader's finger.
function offer() {
  const rows = [...board.tBodies].map((slot) => slot.rows[0].dataset);
  const found = new Set(rows.flatMap(({ parties, gained, lost }) => [...parties.split(" "), gained, lost]));
  for (const option of form.querySelectorAll("option[hidden]")) option.hidden = !found.has(option.value);
}

// What narrows the board, by name; empty where all of it is shown.
export function narrowed() {
  const query = asked();
  return Object.fromEntries(NARROWED.filter((name) => query[name]).map((name) => [name, query[name]]));
}

function renew() {
  apply(always);
  remember();
  document.dispatchEvent(new CustomEvent("declared:asked"));
}

if (form && board) {
  form.addEventListener("input", renew);
  for (const opening of ["pointerdown", "focusin"]) form.addEventListener(opening, offer);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The server may have sent the form filled in: clearing it means empty, not as it came.
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const [name, usual] of Object.entries(DEFAULTS)) {
      if (form.elements[name]) form.elements[name].value = usual;
    }
    renew();
  });
  new IntersectionObserver(([{ isIntersecting }]) => (isInSight = isIntersecting)).observe(board);
  new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
    isScrolledInto = !isIntersecting && boundingClientRect.top < 0;
  }).observe(board.tHead);
  newOrder?.addEventListener("click", () => apply(always));
  document.addEventListener("declared:changed", () => apply(unseen));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) shownAt = Date.now();
  });
  apply(always);
}
