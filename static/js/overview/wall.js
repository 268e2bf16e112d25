// The wall: shows as many councils as fit, and goes on to the next ones gently. A key or a click pauses it; under
// reduced motion, and on a small screen, it stands still and can be scrolled.

const STAY = 12_000;
const board = document.getElementById("board");
const ticker = document.querySelector(".column-ticker");
const where = document.getElementById("wall-page");
const button = document.querySelector("[data-wall-pause]");
const turning = matchMedia("(min-width: 64rem) and (prefers-reduced-motion: no-preference)"); // As in wall.css.
let page = 0;
let each = 1;
let timer = null;
let isPaused = false;

function visible() {
  return [...board.tBodies].filter((slot) => !slot.hidden);
}

// How many rows fit, by the tallest of them.
function fitting(slots) {
  for (const slot of slots) slot.classList.remove("is-off");
  const foot = getComputedStyle(ticker).position === "fixed" ? ticker.offsetHeight : 0;
  const room = innerHeight - foot - board.tHead.getBoundingClientRect().bottom - scrollY;
  const tallest = Math.max(1, ...slots.map((slot) => slot.getBoundingClientRect().height));
  return Math.max(1, Math.floor(room / tallest));
}

function show() {
  const slots = visible();
  each = turning.matches ? fitting(slots) : Math.max(1, slots.length);
  const pages = Math.max(1, Math.ceil(slots.length / each));
  page %= pages;
  slots.forEach((slot, index) => slot.classList.toggle("is-off", Math.floor(index / each) !== page));
  where.textContent = pages > 1 ? `${page + 1} of ${pages}` : "";
  button.hidden = pages === 1;
}

function turnTo(wanted) {
  page = wanted;
  clearInterval(timer);
  timer = setInterval(next, STAY);
  board.classList.add("is-turning");
  setTimeout(() => {
    show();
    board.classList.remove("is-turning");
  }, 400);
}

function next() {
  if (!isPaused && turning.matches && !document.hidden) turnTo(page + 1);
}

// What flips is shown at once.
document.addEventListener("declared:flip", ({ detail }) => {
  const place = Math.floor(visible().indexOf(detail.slot) / each);
  if (!isPaused && turning.matches && place >= 0 && place !== page) turnTo(place);
});

function pause() {
  isPaused = !isPaused;
  button.textContent = isPaused ? "Go on" : "Pause";
}

button.addEventListener("click", pause);
addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.closest("button, a, input, select")) return;
  event.preventDefault();
  pause();
});
addEventListener("resize", show);
turning.addEventListener("change", show);
document.addEventListener("declared:changed", show);
document.fonts.ready.then(show);
timer = setInterval(next, STAY);
show();
