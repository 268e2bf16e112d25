// The wall: the map as large as there is room for, and the councils that are decided next, of what their rows say. The
// same rule as app/pages/overview/wall.py. Nothing turns: everything is there at once.

const board = document.getElementById("board");
const map = document.getElementById("tiles");
const list = document.getElementById("wall-next");
const done = document.getElementById("wall-done");
const large = matchMedia("(min-width: 64rem)"); // As in wall.css.

const STAGES = ["counting", "awaiting"];
const SMALLEST = 16; // Pixels of a square.
const LARGEST = 320;

const soonest = ({ dataset }) => [
  STAGES.indexOf(dataset.state),
  Number(dataset.state === "awaiting" ? dataset.expected : dataset.line),
];

function compare(one, other) {
  const [stage, key] = soonest(one);
  const [otherStage, otherKey] = soonest(other);
  return stage - otherStage || key - otherKey || (one.dataset.name < other.dataset.name ? -1 : 1);
}

function waits(row) {
  if (row.dataset.state === "counting") return row.querySelector(".badge-needs")?.textContent ?? "";
  const time = row.querySelector(".council-time").textContent.trim();
  return time.startsWith("due ") ? time : "";
}

function item(row) {
  const made = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = row.querySelector(".council-name a").textContent;
  const words = [row.querySelector(".badge-words").textContent, waits(row)].map((text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span;
  });
  made.append(name, " ", words[0], " ", words[1]);
  return made;
}

function listNext() {
  const rows = [...board.tBodies].filter((slot) => !slot.hidden).map((slot) => slot.rows[0]);
  const undecided = rows.filter((row) => STAGES.includes(row.dataset.state)).sort(compare);
  const next = undecided.slice(0, Number(list.dataset.most)).map(item);
  const isSame = next.length === list.children.length && next.every((made, at) => made.isEqualNode(list.children[at]));
  if (!isSame) list.replaceChildren(...next);
  done.hidden = next.length > 0;
}

// The largest squares with which the map is no higher than its place, in as many columns of regions as that takes. It is
// reckoned: to lay the map out for every size that might do would take seconds.
function fit() {
  map.style.removeProperty("--tile");
  map.style.removeProperty("--tile-columns");
  if (!large.matches) return;
  const measures = measured();
  for (let size = LARGEST; size >= SMALLEST; size -= 1) {
    const columns = [1, 2, 3, 4, 5, 6].find((number) => isIn(measures, size, number));
    if (!columns && size > SMALLEST) continue;
    map.style.setProperty("--tile", `${size}px`);
    map.style.setProperty("--tile-columns", columns ?? 1);
    return;
  }
}

function measured() {
  const rows = [...map.querySelectorAll(".tile-row")];
  const grid = map.querySelector(".tile-row, .tile-grid");
  const around = map.querySelector(".tile-groups");
  return {
    room: map.parentElement.getBoundingClientRect(),
    gap: parseFloat(getComputedStyle(grid).columnGap),
    between: around ? parseFloat(getComputedStyle(around).columnGap) : 0,
    rows: rows.length,
    abreast: rows[0]?.childElementCount ?? 0,
    groups: [...map.querySelectorAll(".tile-group")].map((group) => {
      const inside = group.querySelector(".tile-grid");
      return { number: inside.childElementCount, head: group.offsetHeight - inside.offsetHeight };
    }),
  };
}

function isIn({ room, gap, between, rows, abreast, groups }, size, columns) {
  const step = size + gap;
  const high = room.height - rows * step;
  const perRow = Math.floor(((room.width - (columns - 1) * between) / columns + gap) / step);
  if (abreast * step - gap > room.width || high < -gap || (groups.length && perRow < 1)) return false;
  let [column, used] = [1, 0];
  for (const { number, head } of groups) {
    const height = head + Math.ceil(number / perRow) * step;
    if (height > high) return false;
    if (used + height > high) [column, used] = [column + 1, 0];
    used += height;
  }
  return column <= columns;
}

document.addEventListener("declared:changed", listNext);
addEventListener("resize", fit);
large.addEventListener("change", fit);
document.fonts.ready.then(fit);
listNext();
fit();
