// Looks at the night every few seconds, once for the whole page, and tells the other modules of the desk:
// desk:night {night, told} when something changed (told is what), desk:signed-out and desk:signed-in, desk:offline and
// desk:online.
//
// It asks with what it knows, so that only what changed is sent; what it knows goes along to the next page of this tab.
// Nothing is ever written into a form from here.

const EVERY = 3_000;
const PATIENCE = 10_000;

const pill = document.querySelector("[data-desk-pill]");
const address = pill?.dataset.night;
const notices = document.getElementById("desk-notices");
const kept = address && `declared.night.${pill.dataset.signed}.${address}`;

export let night = recalled();

const state = { online: true, signedIn: true, current: true, isTold: false, timer: null };
let isOffline = false; // The browser says so.

function tell(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail }));
}

function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(kept));
  } catch {
    return null;
  }
}

addEventListener("pagehide", () => {
  try {
    if (night) sessionStorage.setItem(kept, JSON.stringify(night));
  } catch {
    // Full, or forbidden: the next page asks for everything.
  }
});

function question() {
  const asked = new URLSearchParams({ after: night?.version ?? "", looking: document.hidden ? "0" : "1" });
  const board = document.querySelector("[data-version]");
  const form = document.querySelector("[data-on]");
  if (board) asked.set("pieces", board.dataset.version);
  if (form) asked.set("on", form.dataset.on);
  return `${address}?${asked}`;
}

async function look() {
  clearTimeout(state.timer);
  try {
    const response = await fetch(question(), {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    became({ online: true });
    if (response.status === 401) return became({ signedIn: false });
    became({ signedIn: true, current: response.ok });
    if (response.status === 204 && !state.isTold) take({ lines: [], pieces: {} });
    else if (response.status === 200) take(await response.json());
  } catch {
    became({ online: false });
  } finally {
    state.timer = setTimeout(look, EVERY);
  }
}

function take(told) {
  const lines = new Map(told.all || !night ? [] : night.lines.map((line) => [line[0], line]));
  for (const line of told.lines) lines.set(line[0], line);
  night = { ...night, ...told, lines: [...lines.values()], pieces: {} };
  state.isTold = true;
  tell("night", { night, told });
}

// What another module learnt on its own way counts as well.
export function became({ online = state.online, signedIn = state.signedIn, current = state.current }) {
  const before = { ...state };
  Object.assign(state, { online: online && !isOffline, signedIn, current });
  if (state.online !== before.online) tell(state.online ? "online" : "offline");
  if (signedIn !== before.signedIn) tell(signedIn ? "signed-in" : "signed-out");
  show();
}

export function standing() {
  return { online: state.online, signedIn: state.signedIn };
}

function show() {
  if (!pill) return;
  const [shown, words] = !state.online
    ? ["stale", "No network"]
    : !state.signedIn
      ? ["stale", "Signed out"]
      : !state.current
        ? ["stale", "Not updating"]
        : ["live", "Live"];
  if (pill.dataset.state === shown && pill.textContent === words) return;
  pill.dataset.state = shown;
  pill.textContent = words;
}

// A line at the top of the page that stays until what it is about is over: one for each name.
export function notice(name, content, { wrong = false } = {}) {
  const element = document.getElementById(`notice-${name}`) ?? document.createElement("div");
  element.id = `notice-${name}`;
  element.className = `desk-notice${wrong ? " desk-notice-wrong" : ""}`;
  element.replaceChildren(...(typeof content === "string" ? [content] : content));
  if (!element.isConnected) notices?.append(element);
}

export function unnotice(name) {
  document.getElementById(`notice-${name}`)?.remove();
}

export function link(words, href, { tab = false } = {}) {
  const element = document.createElement("a");
  element.href = href;
  element.textContent = words;
  if (tab) {
    element.target = "_blank";
    element.rel = "noopener";
  }
  return element;
}

export function button(words, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "desk-button desk-button-small";
  element.textContent = words;
  element.addEventListener("click", action);
  return element;
}

document.addEventListener("desk:signed-out", () => {
  const here = `/desk/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  notice(
    "signed-out",
    [
      "You are signed out. What you typed is kept. ",
      link("Sign in in a new tab", here, { tab: true }),
      " and come back, or ",
      link("sign in here", here),
      ".",
    ],
    { wrong: true },
  );
});
document.addEventListener("desk:signed-in", () => unnotice("signed-out"));

// Somebody's keying that another one has differently is theirs to look at, wherever they are.
document.addEventListener("desk:night", ({ detail }) => {
  const { disputed, queue } = detail.night;
  const count = document.querySelector("[data-queue-count]");
  if (count) count.textContent = queue ? ` ${queue}` : "";
  const place = document.querySelector("[data-queue-link]")?.href;
  const isToldHere = location.pathname.endsWith("/queue") || document.querySelector("[data-stage=disputed]");
  if (!disputed || !place || isToldHere) return unnotice("disputed");
  const words = disputed === 1 ? "Somebody has one of yours differently" : `${disputed} of yours are disputed`;
  notice("disputed", [`${words}: `, link("look at the queue", place), "."], { wrong: true });
});

addEventListener("online", () => {
  isOffline = false;
  look();
});
addEventListener("offline", () => {
  isOffline = true;
  became({ online: false });
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});

if (address) look();
