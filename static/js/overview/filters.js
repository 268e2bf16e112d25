// Finds, filters and sorts the board at once, and again after every live message. The same rules as app/pages/overview/board.py.
//
// Rows say what they are in data attributes; only their slots are hidden and moved.

const form = document.getElementById("filters");
const board = document.getElementById("board");
const count = document.getElementById("board-count");
const empty = document.getElementById("board-empty");
const reset = form?.querySelector("[type=reset]");

const SORTS = {
  name: () => 0,
  state: (row) => Number(row.order),
  updated: (row) => -Number(row.updated),
  expected: (row) => Number(row.expected),
  line: (row) => Number(row.line),
};
const DEFAULTS = { q: "", party: "", state: "", region: "", sort: "name" };

function asked() {
  const data = new FormData(form);
  return Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, usual]) => [name, String(data.get(name) ?? usual).trim()]),
  );
}

function shows(row, { q, party, state, region }) {
  return (
    (!q || row.name.includes(q.toLowerCase())) &&
    (!party || row.parties.split(" ").includes(party)) &&
    (!state || (state === "flipped" ? row.flipped === "1" : row.state === state)) &&
    (!region || row.region === region)
  );
}

function apply() {
  const query = asked();
  const slots = [...board.tBodies].map((slot) => ({ slot, row: slot.rows[0].dataset }));
  let shown = 0;
  for (const { slot, row } of slots) {
    const isShown = shows(row, query);
    if (slot.hidden === isShown) slot.hidden = !isShown;
    shown += Number(isShown);
  }
  const key = SORTS[query.sort] ?? SORTS.name;
  order(slots.toSorted((a, b) => key(a.row) - key(b.row) || compareNames(a.row.name, b.row.name)));
  const words = shown === slots.length ? String(shown) : `${shown} of ${slots.length}`;
  if (count.textContent !== words) count.textContent = words;
  empty.hidden = shown > 0;
  if (reset) reset.hidden = Object.entries(DEFAULTS).every(([name, usual]) => query[name] === usual);
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

if (form && board) {
  form.addEventListener("input", () => {
    apply();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  // The server may have sent the form filled in: clearing it means empty, not as it came.
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const [name, usual] of Object.entries(DEFAULTS)) {
      if (form.elements[name]) form.elements[name].value = usual;
    }
    apply();
    remember();
  });
  document.addEventListener("declared:changed", apply);
  apply();
}
