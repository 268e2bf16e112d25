// Keeps the page live: where the reader is in the log, and how live that is.
//
// htmx opens the socket of #live and swaps what comes. This module
// - drops what is old: a message at or below the last sequence (a snapshot replaces everything, so it always passes),
// - puts what is new in a list where it belongs before htmx looks for it,
// - writes epoch and sequence into the address, so that whoever comes back is sent what was missed and nothing twice,
// - says how live the page is in every [data-live-pill],
// - pauses: messages are dropped without going forward, and going on asks for them again,
// - starts afresh where the extension has given up, or where a socket has gone silent without closing.
//
// It tells the other modules with events on the document: declared:changed {seq, kind, elements} after each accepted
// message, with the ids of what came in it, declared:beat {seq} when a beat says that the page shows all there is, and
// declared:state {state, before} when the pill says something else.

import { makeRoom, settle } from "./lists.js";
import { when } from "./when.js";

const GRACE = 3_000; // After a page is shown again: time to come back before it calls itself stale.

const live = document.getElementById("live");
const pills = document.querySelectorAll("[data-live-pill]");
const pauseButton = document.querySelector("[data-live-pause]");

const SILENCE = 1_000 * Number(pills[0].dataset.staleAfter); // By then a beat is overdue.
const GIVE_UP = 2 * SILENCE; // A socket that stays silent for so long is dead, whatever it says of itself.

const position = readPosition();
let connection = null;
let isOpen = false;
let isPaused = false;
let isOffline = false; // The browser says so. What it had open may be dead without a word, and is not believed any more.
let heardAt = Date.now();
let heardAtClock = new Date();
let restartedAt = 0;
let shown = "";
let graceUntil = Date.now() + GRACE;

function readPosition() {
  const query = new URL(live.getAttribute("hx-ws:connect"), location.href).searchParams;
  return { epoch: query.get("epoch"), seq: Number(query.get("since") ?? 0) };
}

const drawn = document.getElementById("drawn")?.dataset.from;

// Where to go on from, in the address that the next socket is opened with. A tab that becomes visible again opens one
// without asking, so the address is always kept right.
function point(at) {
  if (!at?.url) return;
  const url = new URL(at.url);
  url.searchParams.set("since", position.seq);
  url.searchParams.set("epoch", position.epoch);
  at.url = url.href;
}

function read(data) {
  try {
    const message = JSON.parse(data);
    return typeof message?.seq === "number" ? message : null;
  } catch {
    return null;
  }
}

function heard() {
  heardAt = Date.now();
  heardAtClock = new Date();
  isOpen = true;
}

// Whether a message is to be swapped. In another epoch only a snapshot makes sense: it begins the new one.
function isWanted(message) {
  if (isPaused) return false;
  if (message.kind === "snapshot") return true;
  return message.epoch === position.epoch && message.seq > position.seq;
}

function advance(message) {
  position.epoch = message.epoch;
  position.seq = message.seq;
  point(connection);
}

document.addEventListener("htmx:ws:before:connection", (event) => {
  connection = event.detail.connection;
  point(connection);
  show();
});

document.addEventListener("htmx:ws:after:connection", (event) => {
  connection = event.detail.connection;
  heard();
  show();
});

document.addEventListener("htmx:ws:close", (event) => {
  isOpen = false;
  point(event.detail.connection);
  show();
});

document.addEventListener("htmx:ws:before:message:incoming", (event) => {
  connection = event.detail.connection;
  heard();
  const message = read(event.detail.message.data);
  if (!message) return event.preventDefault();
  if (message.kind === "beat") {
    event.preventDefault();
    if (message.epoch !== position.epoch) restart();
    // Messages are handled in turn, so what came before this beat has been swapped: nothing else was missed.
    else if (!isPaused) {
      if (message.seq > position.seq) advance(message);
      document.dispatchEvent(new CustomEvent("declared:beat", { detail: { seq: position.seq } }));
    }
  } else if (!isWanted(message)) {
    event.preventDefault();
    if (!isPaused && message.epoch !== position.epoch) restart();
  } else {
    makeRoom(message.content);
  }
  show();
});

document.addEventListener("htmx:ws:after:message:incoming", (event) => {
  const message = read(event.detail.message.data);
  if (!message || message.kind === "beat") return;
  settle();
  advance(message);
  // What stands around the fragments is another by now. Not everybody asks for it at once.
  if (document.getElementById("drawn")?.dataset.from !== drawn) setTimeout(() => location.reload(), 3_000 * Math.random());
  const elements = [...message.content.matchAll(/<hx-partial hx-target="#([^"]+)"/g)].map(([, id]) => id);
  document.dispatchEvent(
    new CustomEvent("declared:changed", { detail: { seq: message.seq, kind: message.kind, elements } }),
  );
});

// A new socket, from where we are.
function restart() {
  if (Date.now() - restartedAt < 1_000) return;
  restartedAt = Date.now();
  htmx.process(live, true);
}

// How live it is.

function stateNow() {
  if (isPaused) return "paused";
  if (isOffline) return "offline";
  const silence = Date.now() - heardAt;
  if (silence > SILENCE && Date.now() > graceUntil) return "stale";
  return isOpen ? "live" : "reconnecting";
}

const WORDS = {
  live: () => "Live",
  reconnecting: () => "Reconnecting",
  paused: () => "Paused",
  offline: () => "Offline",
  stale: staleSince,
};

function staleSince(zone) {
  return `Stale since ${when(heardAtClock, zone)}`;
}

function show() {
  const state = stateNow();
  if (state !== shown) {
    document.dispatchEvent(new CustomEvent("declared:state", { detail: { state, before: shown } }));
    shown = state;
  }
  for (const pill of pills) {
    const words = WORDS[state](pill.dataset.zone || undefined);
    if (pill.dataset.state === state && pill.textContent === words) continue;
    pill.dataset.state = state;
    pill.textContent = words;
  }
}

function watch() {
  show();
  const silence = Date.now() - heardAt;
  const sinceRestart = Date.now() - restartedAt;
  const isConnecting = live._htmx?.ws?.connection && !isOpen;
  // The extension tries again by itself while it is connecting; an open socket that is silent, or none at all, is ours.
  if (silence > GIVE_UP && sinceRestart > (isConnecting ? 2 * GIVE_UP : GIVE_UP)) restart();
}

setInterval(watch, 1_000);

// Pausing.

pauseButton?.addEventListener("click", () => {
  isPaused = !isPaused;
  pauseButton.textContent = isPaused ? "Resume" : "Pause";
  if (!isPaused) {
    restartedAt = 0;
    restart();
  }
  show();
});

// Scripts that arrive one by one: htmx may have begun before its extension was there, and then nothing has connected.
document.addEventListener("DOMContentLoaded", () => {
  setTimeout(() => {
    if (!live._htmx?.ws?.connection) restart();
  });
});

// Coming back. A tab in the background goes on listening, for its title tells what changes hands; a page that is left does
// not, for which the extension sees, and can be kept as it is.

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  graceUntil = Date.now() + GRACE;
  restartedAt = 0;
  restart();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) graceUntil = Date.now() + GRACE;
  show();
});

addEventListener("offline", () => {
  isOffline = true;
  show();
});

addEventListener("online", () => {
  isOffline = false;
  isOpen = false;
  restartedAt = 0;
  restart();
  show();
});

show();
