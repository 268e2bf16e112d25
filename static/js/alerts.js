// A notification and a sound when something changes hands: of the watch list, or of all where nothing is watched.
//
// Both are off until a reader presses their button, and are remembered for this election in this browser. However many tabs
// are open, one of them speaks.

import { concerns, watched } from "./watched.js";

const panel = document.getElementById("alerts");
const feedback = document.getElementById("feedback");
const told = panel?.querySelector("[data-alerts-state]");
const buttons = Object.fromEntries([...(panel?.querySelectorAll("[data-alert]") ?? [])].map((it) => [it.dataset.alert, it]));
const STORED = `alerts:${panel?.dataset.election}`;
const LAST = 20; // Of what was told, remembered for the other tabs.
const MARK = document.body.dataset.lineMark ?? "";

let chosen = remembered();
let audio = null;

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) ?? {};
  } catch {
    return {};
  }
}

function remember() {
  try {
    localStorage.setItem(STORED, JSON.stringify(chosen));
  } catch {
    // Then it lasts as long as the page.
  }
}

const canNotify = () => "Notification" in window && isSecureContext;
const mayNotify = () => canNotify() && Notification.permission === "granted";

function show() {
  buttons.notify.hidden = !canNotify();
  buttons.notify.setAttribute("aria-pressed", String(Boolean(chosen.notify) && mayNotify()));
  buttons.sound.setAttribute("aria-pressed", String(Boolean(chosen.sound)));
  told.textContent = sentences().join(" ");
}

// To a screen reader, too, once a button was pressed.
function say() {
  show();
  feedback.textContent = told.textContent;
}

function sentences() {
  const about = watched().length ? "what you watch" : "every change";
  const lines = [];
  if (canNotify() && Notification.permission === "denied") {
    lines.push("This browser does not let this site notify you: its settings can.");
  } else if (chosen.notify && mayNotify()) {
    lines.push(`Notifies of ${about}.`);
  }
  if (chosen.sound && audio?.state === "running") lines.push(`Sounds for ${about}.`);
  else if (chosen.sound) lines.push("Sound begins once you have pressed anything on this page.");
  return lines.length ? lines : ["Quiet: nothing but the title of this page says it."];
}

async function toggleNotify() {
  chosen.notify = !(chosen.notify && mayNotify());
  if (chosen.notify && !mayNotify()) chosen.notify = (await Notification.requestPermission()) === "granted";
}

// A browser lets nothing sound before its reader has pressed something.
async function unlock() {
  if (!chosen.sound) return;
  try {
    audio ??= new AudioContext();
    await audio.resume();
  } catch {
    // No sound here: it is told that it has not begun.
  }
  show();
}

// Two short notes, the second higher.
function play() {
  if (audio?.state !== "running") return;
  for (const [note, after] of [[660, 0], [880, 0.14]]) {
    const start = audio.currentTime + after;
    const tone = new OscillatorNode(audio, { frequency: note });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.15, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.3);
  }
}

function notify(news) {
  const others = news.length - 1;
  const body = `${panel.dataset.name}${others ? `. And ${others} more` : ""}`;
  const note = new Notification(`${MARK}${news[0].line}`, { body, tag: `${STORED}:${news[0].id}` });
  note.addEventListener("click", () => {
    focus();
    note.close();
  });
}

// Whether this tab is the first to speak of it; those that come after it find it told.
async function isFirst(kind, id) {
  const claim = () => {
    const key = `${STORED}:${kind}`;
    try {
      const before = JSON.parse(localStorage.getItem(key)) ?? [];
      if (before.includes(id)) return false;
      localStorage.setItem(key, JSON.stringify([...before, id].slice(-LAST)));
    } catch {
      // Without storage every tab is alone.
    }
    return true;
  };
  return navigator.locks ? navigator.locks.request(`${STORED}:${kind}`, claim) : claim();
}

async function tell({ detail }) {
  const wanted = detail.news.filter((it) => it.isGain && (!watched().length || concerns(it)));
  if (!wanted.length) return;
  if (chosen.notify && mayNotify() && document.hidden && (await isFirst("notify", wanted[0].id))) notify(wanted);
  if (chosen.sound && audio?.state === "running" && (await isFirst("sound", wanted[0].id))) play();
}

if (buttons.notify) {
  buttons.notify.addEventListener("click", async () => {
    await toggleNotify();
    remember();
    say();
  });
  buttons.sound.addEventListener("click", async () => {
    chosen.sound = !chosen.sound;
    remember();
    if (!chosen.sound) await audio?.suspend();
    await unlock();
    if (chosen.sound) play();
    say();
  });
  // Another tab of this election may have been told otherwise.
  addEventListener("storage", ({ key }) => {
    if (key !== STORED) return;
    chosen = remembered();
    show();
  });
  addEventListener("pointerdown", unlock);
  addEventListener("keydown", unlock);
  document.addEventListener("declared:news", tell);
  document.addEventListener("declared:watching", show);
  show();
}
