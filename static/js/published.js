// Keeps a published page current: a page that is a file, with no server behind it.
//
// It looks at a small note that says where the night is, every half minute while the page is seen. When that is further than
// this page, it fetches the page again and takes over what has changed. The pill says when it last looked, and when it could
// not, or when nobody has brought the files up to date for a while; once the night is done there is nothing to wait for.
//
// It tells the other modules with declared:changed {seq, kind}, as live.js does.

import { become } from "./lists.js";
import { when } from "./when.js";

const PERIOD = 20_000;
const JITTER = 10_000;
const SILENCE = 180_000; // The note is written every 20 s while somebody publishes.

const published = document.getElementById("published");
const pill = document.querySelector("[data-published-pill]");
const own = pill?.firstChild?.textContent ?? "";
const { note, council, fragments } = published.dataset;
const ids = fragments.split(" ");
let seq = Number(published.dataset.seq);
let epoch = published.dataset.epoch;
let checkedAt = null;
let isDone = false;
let isOffline = false; // The browser says so.
let asAt = own;

async function fetched(url) {
  const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return answer;
}

async function look() {
  try {
    const told = await (await fetched(note)).json();
    const stands = (council ? told.councils[council] : told.seq) ?? seq;
    if (told.epoch !== epoch || stands > seq) await takeOver();
    checkedAt = new Date(told.checked);
    isDone = told.done === true;
    show(Date.now() - checkedAt > SILENCE);
  } catch {
    show(true);
  }
}

// What has changed, from the page as it is now. A copy that is not newer yet (a cache between us) is left for next time.
async function takeOver() {
  const text = await (await fetched(location.pathname)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const newer = page.getElementById("published")?.dataset;
  if (!newer || (newer.epoch === epoch && Number(newer.seq) <= seq)) return;
  for (const id of ids) {
    const mine = document.getElementById(id);
    const theirs = page.getElementById(id);
    // What stands around the fragments is another by now.
    if (mine?.dataset.from !== theirs?.dataset.from) return location.reload();
    if (!mine || !theirs || mine.isEqualNode(theirs)) continue;
    if (isSameList(mine, theirs)) become(mine, theirs);
    else mine.replaceWith(document.adoptNode(theirs));
  }
  seq = Number(newer.seq);
  epoch = newer.epoch;
  asAt = page.querySelector("[data-published-pill]")?.firstChild?.textContent ?? asAt;
  document.dispatchEvent(new CustomEvent("declared:changed", { detail: { seq, kind: "update" } }));
}

function isSameList(mine, theirs) {
  return mine.firstElementChild?.dataset.order !== undefined && mine.cloneNode().isEqualNode(theirs.cloneNode());
}

function show(isOld) {
  if (!pill) return;
  const isStale = (isOld || isOffline) && !isDone;
  pill.dataset.state = isStale ? "stale" : "current";
  if (isOffline && isStale) pill.textContent = `${asAt}, offline`;
  else if (isStale) pill.textContent = `${asAt}, not refreshed${checkedAt ? ` since ${when(checkedAt, pill.dataset.zone)}` : ""}`;
  else pill.textContent = isDone ? asAt : `${asAt}, checked ${when(checkedAt, pill.dataset.zone)}`;
}

// The views of the board, all of which a file holds.
function lookAs(view) {
  const link = [...document.querySelectorAll(".views a")].find((each) => new URL(each.href).searchParams.get("view") === view);
  if (!link) return;
  document.querySelector(".views [aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  if (view !== "tiles") document.body.classList.remove("rows", "dense");
  document.body.classList.add(view);
  for (const part of document.querySelectorAll("[data-view]")) part.hidden = part.dataset.view !== view;
}

// A link to a filtered board works without a server, too: the form takes what the address asks for.
function fill() {
  const form = document.getElementById("filters");
  lookAs(new URL(location.href).searchParams.get("view"));
  if (!form) return;
  for (const [name, value] of new URL(location.href).searchParams) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLElement && "value" in field) field.value = value;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function again() {
  setTimeout(async () => {
    if (!document.hidden) await look();
    again();
  }, PERIOD + Math.random() * JITTER);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
addEventListener("offline", () => {
  isOffline = true;
  show(true);
});
addEventListener("online", () => {
  isOffline = false;
  look();
});

fill();
look();
again();
