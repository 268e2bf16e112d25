// What is handed in is put here first, and stays until the server has answered: so a lost network, a crash or a closed
// tab loses nothing. Every item carries the key that was made when its form was opened, so it counts once, however
// often it is sent.
//
// After an answer that somebody waits for on this page: desk:answered {item, status, told}.

import { became, button, link, notice, standing, unnotice } from "./live.js";

const NAME = "declared.outbox";
const AGAIN = 3_000;
const PATIENCE = 15_000;
const LATE = 60_000; // From then on it is said when something was sent, and not only when it came.

const person = document.querySelector("[data-signed]")?.dataset.signed ?? "";

let memory = [];

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "[]");
  } catch {
    return memory; // Storage is closed to us: then it is sent from here, as long as this page is open.
  }
}

function write(items) {
  memory = items;
  try {
    localStorage.setItem(NAME, JSON.stringify(items));
  } catch {
    // As above.
  }
}

export function items() {
  return read().filter((item) => item.person === person);
}

export function waitingFor(subject) {
  return items().find((item) => item.subject === subject);
}

export function put(item) {
  write([...read().filter((other) => other.id !== item.id), { ...item, person }]);
  show();
}

export function remove(id) {
  write(read().filter((item) => item.id !== id));
  unnotice(`needs-${id}`);
  show();
}

function update(id, fields) {
  write(read().map((item) => (item.id === id ? { ...item, ...fields } : item)));
  show();
}

// What is sent of an item; where it has waited, for how long: its server's clock is what counts.
function bodyOf(item) {
  const waited = Date.now() - item.at;
  return waited < LATE ? item.body : `${item.body}&waited=${waited}`;
}

// One attempt. What the server said, or null where it could not be asked, or could not say.
export async function deliver(item) {
  let response;
  try {
    response = await fetch(item.url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      body: bodyOf(item),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    became({ online: false });
    return null;
  }
  became({ online: true, signedIn: response.status !== 401 });
  if ([401, 408, 429].includes(response.status) || response.status >= 500) return null;
  try {
    return { status: response.status, told: await response.json() };
  } catch {
    return null;
  }
}

let isSending = false;

// Sends what waits, the oldest first; one tab at a time where the browser can arrange that.
export async function sendAll() {
  if (isSending) return;
  isSending = true;
  try {
    if (navigator.locks) await navigator.locks.request(NAME, { ifAvailable: true }, (lock) => lock && each());
    else await each();
  } finally {
    isSending = false;
  }
}

async function each() {
  for (const item of items()) {
    // What a page has just sent itself is given the time to be answered there.
    if (item.needs || Date.now() - item.at < 1_000) continue;
    const answer = await deliver(item);
    if (answer === null) return;
    settle(item, answer);
  }
}

export function settle(item, { status, told }) {
  if (status < 300) {
    remove(item.id);
    // Wherever it was sent from: what is declared is no draft any more.
    localStorage.removeItem(`declared.draft.${item.person}.${item.subject}`);
  } else update(item.id, { needs: told.detail || "It has to be looked at again." });
  const event = new CustomEvent("desk:answered", { detail: { item, status, told }, cancelable: true });
  if (!document.dispatchEvent(event)) return remove(item.id);
  if (status < 300) {
    const became = { declared: "is declared", waiting: "waits for a check", disputed: "is disputed: look at it again" };
    notice(`sent-${item.id}`, [`Sent once: ${item.label} ${became[told.outcome] ?? "is done"}. `, link("Open", item.page)]);
  }
}

// What an item waits for.
export function why() {
  const { online, signedIn } = standing();
  if (!online) return "Waiting for the network";
  return signedIn ? "Waiting for the server" : "Waiting until you are signed in";
}

function show() {
  const mine = items();
  // What this page's own form waits for is said at the form.
  const own = document.querySelector("form[data-queued]")?.dataset.queued;
  const waits = mine.filter((item) => !item.needs && item.id !== own && Date.now() - item.at > 1_000);
  if (waits.length) {
    const names = waits.map((item) => item.label).join(", ");
    notice("outbox", [`${why()}: ${names}. Will be sent once.`], { wrong: true });
  } else unnotice("outbox");
  for (const item of mine.filter((one) => one.needs)) {
    notice(
      `needs-${item.id}`,
      [`${item.label} was not taken: ${item.needs} `, link("Open it", item.page), " ", button("Forget", () => remove(item.id))],
      { wrong: true },
    );
  }
}

for (const name of ["desk:online", "desk:signed-in"]) document.addEventListener(name, sendAll);
// What it waits for is said as the masthead says it, also of a page that has only just learnt it.
for (const name of ["desk:online", "desk:offline", "desk:signed-in", "desk:signed-out"]) document.addEventListener(name, show);
addEventListener("online", sendAll);
addEventListener("storage", (event) => {
  if (event.key === NAME) show();
});
setInterval(() => {
  show();
  if (items().some((item) => !item.needs)) sendAll();
}, AGAIN);
show();
