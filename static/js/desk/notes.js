// Internal notes: handed in through the outbox, so that they wait for the network as results do; and read again whenever
// one was written or struck out.

import { became, link, notice, unnotice } from "./live.js";
import * as outbox from "./outbox.js";

const form = document.querySelector("form[data-note]");
let shown = null;

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = form.elements.note;
  if (!words.value.trim()) return words.focus();
  const item = {
    id: form.elements.key.value,
    url: form.getAttribute("action"),
    page: location.pathname,
    subject: `note/${form.elements.key.value}`,
    label: form.dataset.label,
    body: new URLSearchParams(new FormData(form)).toString(),
    at: Date.now(),
  };
  outbox.put(item);
  words.value = "";
  // The next one is another one. Only to be told apart from others of this form.
  form.elements.key.value = `${item.id.slice(0, 60)}.${Date.now().toString(36)}`;
  const answer = await outbox.deliver(item);
  if (answer !== null) outbox.settle(item, answer);
});

document.addEventListener("desk:answered", (event) => {
  const { item, status, told } = event.detail;
  if (!item.subject.startsWith("note/")) return;
  if (status >= 300) {
    if (!form || item.page !== location.pathname) return;
    event.preventDefault();
    form.elements.note.value = new URLSearchParams(item.body).get("note");
    return notice("noted", told.detail, { wrong: true });
  }
  event.preventDefault();
  outbox.remove(item.id);
  notice("noted", [`${item.label}: written. `, link("Open", item.page)]);
  setTimeout(() => unnotice("noted"), 5_000);
  readAgain();
});

async function readAgain() {
  let html;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    html = await response.text();
  } catch {
    return became({ online: false });
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const place of document.querySelectorAll("[data-notes]")) {
    const fresh = page.querySelector(`[data-notes="${CSS.escape(place.dataset.notes)}"]`);
    // Whoever is about to strike one out finds it where it was.
    if (fresh && !place.contains(document.activeElement)) place.innerHTML = fresh.innerHTML;
  }
}

document.addEventListener("desk:night", ({ detail }) => {
  if (shown !== null && shown !== detail.night.notes) readAgain();
  shown = detail.night.notes;
});
