// Keeps a published page current: a page that is a file, with no server behind it.
//
// Every half minute while the page is seen it looks for what is newer (files.js), and takes over what has changed. The pill says
// when it last looked, and when it could not, or when nobody has brought the files up to date for a while; once the night is
// done there is nothing to wait for.
//
// It tells the other modules with declared:changed {seq, kind}, as live.js does.

import { standing } from "./files.js";
import { become, makeRoom, settle } from "./lists.js";
import { when } from "./when.js";

const PERIOD = 20_000;
const JITTER = 10_000;
const PARTIALS = /<hx-partial hx-target="#([\w-]+)"[^>]*>([^]*?)<\/hx-partial>/g;

const published = document.getElementById("published");
const pill = document.querySelector("[data-published-pill]");
const own = pill?.firstChild?.textContent ?? "";
const ids = published.dataset.fragments.split(" ");
const files = standing(published.dataset, change, renew);
let checkedAt = null;
let isDone = false;
let isOffline = false; // The browser says so.
let asAt = own;

async function look() {
  try {
    const before = files.seq();
    const { checked, isDone: isOver, isSilent } = await files.look();
    checkedAt = checked;
    isDone = isOver;
    show(isSilent);
    if (files.seq() === before) return;
    document.dispatchEvent(new CustomEvent("declared:changed", { detail: { seq: files.seq(), kind: "update" } }));
  } catch {
    show(true);
  }
}

// What has changed since, as the socket would send it.
function change({ content, as_at }) {
  makeRoom(content);
  for (const [, id, html] of content.matchAll(PARTIALS)) {
    const mine = document.getElementById(id);
    if (!html) mine?.remove();
    else if (mine && !put(mine, parsed(html))) break;
  }
  settle();
  asAt = parsed(`<p>${as_at}</p>`).textContent;
}

// The same from the page as it is now.
function renew(page) {
  for (const id of ids) {
    const [mine, theirs] = [document.getElementById(id), page.getElementById(id)];
    if (mine && theirs && !put(mine, theirs)) return false;
  }
  asAt = page.querySelector("[data-published-pill]")?.firstChild?.textContent ?? asAt;
  return true;
}

// False where what stands around the fragments is another by now: then the whole page is.
function put(mine, theirs) {
  if (mine.dataset.from !== theirs.dataset.from) {
    location.reload();
    return false;
  }
  if (mine.isEqualNode(theirs)) return true;
  if (isSameList(mine, theirs)) become(mine, theirs);
  else mine.replaceWith(document.adoptNode(theirs));
  return true;
}

function parsed(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content.firstElementChild;
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
