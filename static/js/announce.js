// Says aloud what happened, politely: one status region that was there from the start, every ten seconds at most.
//
// Any element with data-announce and data-seq has something to say; what is new since the last look is said once, newest
// first, and before all else what has data-first: that changed hands.

const QUIET = 10_000;
const MOST = 3;

const region = document.getElementById("announcer");
const button = document.querySelector("[data-announce-toggle]");
let last = newest();
let waiting = [];
let timer = null;
let isOn = remembered();

function remembered() {
  try {
    return localStorage.getItem("announce") !== "off";
  } catch {
    return true;
  }
}

function newest() {
  return Math.max(0, ...[...document.querySelectorAll("[data-announce]")].map((line) => Number(line.dataset.seq)));
}

function collect() {
  const fresh = [...document.querySelectorAll("[data-announce]")].filter((line) => Number(line.dataset.seq) > last);
  last = Math.max(last, newest());
  if (!isOn || !fresh.length) return;
  waiting.push(...fresh.reverse().map(({ dataset }) => ({ words: dataset.announce, isFirst: "first" in dataset })));
  timer ??= setTimeout(speak, 300);
}

function say(words) {
  waiting.push({ words, isFirst: true });
  timer ??= setTimeout(speak, 300);
}

function speak() {
  const inOrder = [true, false].flatMap((first) => waiting.filter(({ isFirst }) => isFirst === first).reverse());
  const said = inOrder.slice(0, MOST).map(({ words }) => words);
  const others = waiting.length - said.length;
  region.textContent = `${said.join(". ")}${others ? `. And ${others} more` : ""}.`;
  waiting = [];
  timer = setTimeout(rest, QUIET);
}

function rest() {
  timer = null;
  if (waiting.length) speak();
}

function label() {
  if (!button) return;
  button.setAttribute("aria-pressed", String(isOn));
}

button?.addEventListener("click", () => {
  isOn = !isOn;
  waiting = [];
  try {
    localStorage.setItem("announce", isOn ? "on" : "off");
  } catch {
    // Then it lasts as long as the page.
  }
  label();
});

// A page that stopped being live looks as it did: that has to be said, too.
const LOST = ["stale", "offline"];
document.addEventListener("declared:state", ({ detail }) => {
  if (!isOn || LOST.includes(detail.state) === LOST.includes(detail.before)) return;
  say(LOST.includes(detail.state) ? "The connection is lost: results are stale" : "Live again");
});

// Without a ticker badges are the news: of the council whose row it is in, or of the one place that the page is about.
document.addEventListener("declared:flip", ({ detail }) => {
  if (!isOn || document.querySelector("[data-ticker]")) return;
  const place = (detail.slot?.querySelector(".council-name a") ?? document.querySelector("h1")).textContent.trim();
  say(`${place}: ${detail.words || "goes back to undecided"}`);
});

document.addEventListener("declared:changed", collect);
label();
