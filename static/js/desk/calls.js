// Calls whoever wants it when there is more that needs a person: by a sound, by a notice of the browser. Off until it is
// asked for, in this browser alone. A summary for screen readers is always there. Of several tabs one calls.

import { night as recalled } from "./live.js";

const KEPT = "declared.calls";
const TOLD = {
  disputed: (number) => `${number} disputed`,
  decides: (number) => `${number} to check could decide a council`,
  overdue: (number) => `${number} overdue`,
};

const form = document.querySelector("[data-calls]");
const refused = document.querySelector("[data-calls-refused]");
const feedback = document.getElementById("feedback");

let before = recalled?.alerts ?? null;
let audio = null;
let isCaller = !navigator.locks;

navigator.locks?.request(KEPT, () => {
  isCaller = true;
  return new Promise(() => {}); // Held until this tab is closed.
});

function wanted() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

// A browser lets a page sound only after a key or a click on it.
function awaken() {
  audio ??= typeof AudioContext === "function" ? new AudioContext() : null;
  return audio?.resume().catch(() => null);
}

function sound() {
  if (audio?.state !== "running") return say("This browser keeps sounds off until you click or press a key on this page.");
  for (const [place, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const start = audio.currentTime + place * 0.18;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.2, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.16);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.17);
  }
}

function notify(words) {
  if (globalThis.Notification?.permission !== "granted") return;
  try {
    const shown = new Notification("Declared desk", { body: words, tag: KEPT, renotify: true });
    shown.onclick = () => globalThis.focus();
  } catch {
    say("This browser shows notices of installed pages alone.");
  }
}

function say(words) {
  if (refused) refused.textContent = words;
}

async function allowed(kind) {
  if (kind === "sound") {
    await awaken();
    if (!audio) say("This browser makes no sounds.");
    else sound();
  } else if (kind === "notice") {
    const permission = globalThis.Notification ? await Notification.requestPermission() : "missing";
    if (permission === "missing") say("This browser has no notices, or only for addresses that begin with https.");
    else if (permission !== "granted") say("This browser refuses notices of this address: allow them in its settings.");
    else notify("You will be called like this.");
    return permission === "granted";
  }
  return true;
}

document.addEventListener("desk:night", ({ detail }) => {
  const now = detail.night.alerts;
  const more = Object.keys(TOLD).filter((kind) => before && now[kind] > before[kind]);
  before = now;
  if (!more.length) return;
  if (feedback) feedback.textContent = more.map((kind) => TOLD[kind](now[kind])).join(", ");
  const asked = wanted();
  const called = more.filter((kind) => asked[kind]).map((kind) => TOLD[kind](now[kind]));
  if (!called.length || !isCaller) return;
  if (asked.sound) sound();
  if (asked.notice) notify(called.join(", "));
});

if (wanted().sound) {
  awaken();
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, awaken, { once: true });
}

if (form) {
  for (const box of form.querySelectorAll("input")) box.checked = Boolean(wanted()[box.name]);
  form.addEventListener("change", async ({ target }) => {
    say("");
    if (target.checked && !(await allowed(target.name))) target.checked = false;
    localStorage.setItem(KEPT, JSON.stringify({ ...wanted(), [target.name]: target.checked }));
  });
}
