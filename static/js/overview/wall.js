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

// The largest squares with which the map is no higher than its place, in as many columns of regions as that takes.
function fit() {
  map.style.removeProperty("--tile");
  map.style.removeProperty("--tile-columns");
  if (!large.matches) return;
  const found = (map.querySelector(".tile-groups") ? [1, 2, 3, 4, 5, 6] : [1]).map((columns) => [largest(columns), columns]);
  const [size, columns] = found.reduce((best, each) => (each[0] > best[0] ? each : best));
  lay(size, columns);
}

function lay(size, columns) {
  map.style.setProperty("--tile", `${size}px`);
  map.style.setProperty("--tile-columns", columns);
}

function largest(columns) {
  const room = map.parentElement.getBoundingClientRect();
  let [least, most] = [SMALLEST, LARGEST];
  while (most - least > 1) {
    const size = Math.floor((least + most) / 2);
    lay(size, columns);
    if (map.scrollHeight <= room.height && map.scrollWidth <= room.width) least = size;
    else most = size;
  }
  return least;
}

document.addEventListener("declared:changed", listNext);
addEventListener("resize", fit);
large.addEventListener("change", fit);
document.fonts.ready.then(fit);
listNext();
fit();
