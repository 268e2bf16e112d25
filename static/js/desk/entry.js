// The form that results are keyed into: from field to field with Enter, what the figures come to, what they would do
// (asked of the server, which decides), and handing it in through the outbox.
//
// Without this module the same form is posted, looked at and confirmed page by page.

import { Conflict } from "./conflict.js";
import { Draft } from "./draft.js";
import { errorOf, stepping, stops, tellField } from "./fields.js";
import { Handing } from "./handing.js";
import { Looking } from "./looking.js";
import { pasting } from "./paste.js";
import { sums } from "./sums.js";

const form = document.querySelector("form[data-entry]");

if (form) begin();

// What was typed where there is no form any more: somebody else has declared it meanwhile.
document.querySelector("[data-forget-draft]")?.addEventListener("click", async ({ target }) => {
  const { person, subject, forgetDraft } = target.dataset;
  localStorage.removeItem(`declared.draft.${person}.${subject}`);
  await fetch(forgetDraft, { method: "DELETE" }).catch(() => null);
  location.reload();
});

// Once it is handed in, one key goes on.
document.getElementById("done")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target === event.currentTarget) event.target.querySelector("[data-next]")?.click();
});

function begin() {
  const kept = form.querySelector("[data-kept]");
  // Not form.action: that is the buttons, which have that name.
  const address = form.getAttribute("action") ?? location.pathname + location.search;
  const draft = new Draft(form, form.dataset.draft, (words) => {
    if (kept) kept.textContent = words;
  });
  const conflict = new Conflict(form, draft);
  const looking = new Looking(form, address, (told, how) => conflict.show(told, how));
  const handing = new Handing(form, address, { draft, looking, conflict });
  const [sender] = handing.senders;

  stepping(form, sender, {
    send: () => handing.hand(),
    isAsking: () => document.querySelector("dialog[open]") !== null,
  });

  pasting(form);

  form.addEventListener("input", ({ target }) => {
    if (target.name === "confirm") return;
    const error = errorOf(form, target.name);
    if (error) tellField(error, "");
    draft.keep();
    sums(form);
    looking.soon();
  });

  form.querySelector("[data-forget]")?.addEventListener("click", async () => {
    if (!confirm("Clear everything that was typed here?")) return;
    await draft.forget();
    location.assign(location.pathname);
  });
  for (const link of form.querySelectorAll("[data-keeps-draft]")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      draft.keep();
      await draft.send();
      location.assign(link.href);
    });
  }
  for (const name of ["desk:online", "desk:signed-in"]) {
    document.addEventListener(name, () => {
      draft.send();
      looking.look();
    });
  }
  addEventListener("pagehide", () => draft.send({ keepalive: true }));

  if (draft.restore()) draft.keep();
  else if (kept && Number(form.dataset.draftedAt)) kept.textContent = "As you left it";
  sums(form);
  handing.resume();
  looking.soon();
  focusFirst(sender);
}

function focusFirst(sender) {
  const first =
    form.querySelector("input[type=radio]:enabled") ??
    form.querySelector("[data-differs]") ??
    stops(form, sender).find((element) => element.matches("input[type=text]") && !element.value);
  // On a phone that would open the keyboard over half the page.
  const isTyped = matchMedia("(pointer: fine)").matches || form.querySelector("[data-differs]");
  if (isTyped && !document.querySelector("[autofocus]:not(dialog *)")) first?.focus();
}
