// The scoreboard of the councils that are asked for, in the place of the whole night's, which is pushed and waits behind it.
//
// It is fetched when something else is asked for, and again once the night has gone on: not at every message, and not by
// everybody at once.

import { fetched } from "../fresh.js";
import { narrowed } from "./filters.js";

const asked = document.getElementById("asked");
const whole = document.getElementById("of-the-night");

const TYPED = 250;
const PERIOD = 3_000;
const JITTER = 4_000;

let timer = null;
let newest = 0;

function address() {
  const url = new URL(asked.dataset.address, location.href);
  for (const [name, value] of Object.entries(narrowed())) url.searchParams.set(name, value);
  if (asked.dataset.at) url.searchParams.set("at", asked.dataset.at);
  return url;
}

async function fetchAgain() {
  timer = null;
  newest += 1;
  const own = newest;
  // Without a network what is there stays: the pill says how old it is.
  const part = await fetched(address()).catch(() => null);
  if (part) take(part, own);
}

// What the reader has opened stays open. An answer that comes after a newer question is nobody's any more.
function take(part, own) {
  if (own !== newest) return;
  const isOpen = asked.querySelector("details")?.open;
  asked.replaceChildren(...part.body.childNodes);
  if (isOpen) asked.querySelector("details")?.setAttribute("open", "");
  show();
}

function show() {
  asked.hidden = !narrows();
  whole.hidden = !asked.hidden;
}

function narrows() {
  return Object.keys(narrowed()).length > 0;
}

function soon(delay) {
  timer ??= setTimeout(fetchAgain, delay);
}

if (asked) {
  document.addEventListener("declared:asked", () => {
    clearTimeout(timer);
    timer = null;
    newest += 1;
    if (narrows()) soon(TYPED);
    else show();
  });
  document.addEventListener("declared:changed", () => {
    if (narrows()) soon(PERIOD + JITTER * Math.random());
  });
}
