// The form that results are keyed into: from field to field with Enter, what the figures come to, what they would do
// (asked of the server, which decides), and handing it in through the outbox.
//
// Without this module the same form is posted, looked at and confirmed page by page.

import { became, button, notice, standing, unnotice } from "./live.js";
import { Draft } from "./draft.js";
import * as outbox from "./outbox.js";
import { sums } from "./sums.js";

const PAUSE = 250;

const form = document.querySelector("form[data-entry]");

if (form) begin();

// What was typed where there is no form any more: somebody else has declared it meanwhile.
document.querySelector("[data-forget-draft]")?.addEventListener("click", async ({ target }) => {
  const { person, subject, forgetDraft } = target.dataset;
  localStorage.removeItem(`declared.draft.${person}.${subject}`);
  await fetch(forgetDraft, { method: "DELETE" }).catch(() => null);
  location.reload();
});

function begin() {
  const review = form.querySelector("[data-review]");
  const kept = form.querySelector("[data-kept]");
  const feedback = document.getElementById("feedback");
  const conflict = document.getElementById("conflict");
  const dialog = form.querySelector("dialog");
  const senders = [...form.querySelectorAll("[data-send]")];
  // Not form.action: that is the buttons, which have that name.
  const address = form.getAttribute("action") ?? location.pathname + location.search;
  const subject = form.dataset.subject;
  const isAct = subject.startsWith("act/");
  const checks = form.dataset.checks === "1";

  const draft = new Draft(form, form.dataset.draft, (words) => {
    if (kept) kept.textContent = words;
  });
  // What the server last said of the figures: {outcome, errors, warnings, flip, html}, and of which figures.
  let said = null;
  let saidOf = "";
  let asking = null;
  let timer = null;
  let isBusy = false;
  let spoken = "";

  // From field to field

  const stops = () =>
    [...form.querySelectorAll("input:not([type=hidden])"), senders[0]].filter(
      (element) => element && !element.disabled && element.offsetParent !== null,
    );

  // Enter passes by what is seldom read out; the arrows and Tab do not.
  function step(from, by, isEverywhere = false) {
    const places = stops().filter((element) => isEverywhere || element === from || !element.matches("[data-aside]"));
    const next = places[places.indexOf(from) + by];
    if (!next) return;
    next.focus();
    if (next.matches("input[type=text]")) next.select();
    next.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("keydown", (event) => {
    if (dialog?.open) return;
    const { target, key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      hand(senders[0]);
    } else if (key === "Enter" && target.matches("input")) {
      event.preventDefault();
      step(target, event.shiftKey ? -1 : 1);
    } else if ((key === "ArrowDown" || key === "ArrowUp") && target.matches(".entry-number")) {
      event.preventDefault();
      step(target, key === "ArrowDown" ? 1 : -1, true);
    }
  });

  // What is typed

  function figures() {
    return sums(form);
  }

  function changed() {
    figures();
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "confirm") return;
    const error = form.querySelector(`[data-error-of="${CSS.escape(event.target.name)}"]`);
    if (error) tellField(error, "");
    draft.keep();
    changed();
  });

  // What it would do

  function typed(action) {
    const body = new URLSearchParams(new FormData(form));
    body.delete("flip");
    body.set("action", action);
    return body;
  }

  function fingerprint() {
    const body = typed("");
    for (const name of ["confirm", "source", "key"]) body.delete(name);
    return body.toString();
  }

  // Whether there is enough to ask about: what is missing is seen by whoever types.
  function isWhole() {
    const votes = [...form.querySelectorAll("[data-votes]")];
    // Who is elected may be all that is known.
    const isNamed = form.querySelector("input[name=elected]:checked, .entry-named input:checked") !== null;
    if (votes.length) return votes.every((input) => input.value.trim()) || (isNamed && votes.every((input) => !input.value.trim()));
    const seats = [...form.querySelectorAll("[data-seats]")];
    if (seats.length) return seats.some((input) => input.value.trim());
    return Boolean(form.querySelector("input[type=radio]:checked")) || Boolean(form.querySelector("input[type=text]")?.value ?? true);
  }

  async function look() {
    clearTimeout(timer);
    if (!isWhole()) {
      said = null;
      return;
    }
    const of = fingerprint();
    if (of === saidOf && said) return;
    asking?.abort();
    asking = new AbortController();
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        body: typed("review").toString(),
        signal: asking.signal,
      });
      became({ online: true, signedIn: response.status !== 401 });
      if (!response.ok) return;
      const told = await response.json();
      if (fingerprint() !== of) return;
      take(told, of, { quietly: true });
    } catch (error) {
      if (error.name !== "AbortError") became({ online: false });
    }
  }

  function take(told, of, { quietly = false } = {}) {
    said = told;
    saidOf = of;
    if (["changed", "conflict"].includes(told.outcome)) return showConflict(told, { quietly });
    if (conflict?.hasChildNodes() && quietly) conflict.replaceChildren();
    // What was confirmed of other figures is asked again.
    const ticked = new Set([...review.querySelectorAll("input[name=confirm]:checked")].map(asks));
    const focused = review.contains(document.activeElement) ? document.activeElement.value : null;
    review.innerHTML = told.html ?? "";
    for (const box of review.querySelectorAll("input[name=confirm]")) {
      box.checked = ticked.has(asks(box));
      if (box.value === focused) box.focus();
    }
    // Offered when it is needed, and kept while there is something in it.
    const announced = form.querySelector("[data-as-announced]");
    if (announced) announced.hidden = !told.may_be_announced && !form.elements.as_announced.value.trim();
    // What is only half typed is no error yet: while somebody types, faults are told at what they are about.
    for (const error of form.querySelectorAll("[data-error-of]")) {
      // That another person has it differently stays said until it is keyed again.
      if (!inputOf(error)?.hasAttribute("data-differs")) tellField(error, "");
    }
    for (const finding of told.errors ?? []) {
      const place = form.querySelector(`[data-error-of="${CSS.escape(finding.field)}"]`);
      if (place) tellField(place, finding.detail);
    }
    const words = review.querySelector(".review-headline, .review-errors li")?.textContent.trim() ?? "";
    if (feedback && words !== spoken) {
      spoken = words;
      feedback.textContent = words;
    }
  }

  function asks(box) {
    return `${box.value} ${box.closest("label")?.textContent.trim()}`;
  }

  function inputOf(error) {
    return document.getElementById(error.id.replace(/-error$/, ""));
  }

  function tellField(place, words) {
    if (place.textContent.trim() !== words) place.textContent = words;
    const input = inputOf(place);
    input?.removeAttribute("data-differs");
    if (words) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }

  // Handing it in

  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    event.preventDefault();
    hand(submitter?.matches("[data-send]") ? submitter : senders[0]);
  });

  function unconfirmed() {
    const boxes = [...review.querySelectorAll("input[name=confirm]")];
    return boxes.filter((box) => !box.checked);
  }

  // A change of control is asked about by its name, after everything else is confirmed.
  function asksFor(boxes) {
    return boxes.filter((box) => box.value !== "W07");
  }

  async function hand(sender) {
    if (isBusy || form.dataset.queued || lacksReason()) return;
    isBusy = true;
    try {
      await handIn(sender);
    } finally {
      isBusy = false;
    }
  }

  // What a correction or a withdrawal would do is shown without its reason; it is not made without one.
  function lacksReason() {
    const { reason } = form.elements;
    if (!reason || reason.value.trim()) return false;
    tellField(form.querySelector("[data-error-of=reason]"), "Say why: readers see the reason beside what changed.");
    reason.focus();
    return true;
  }

  async function handIn(sender) {
    const action = sender.value;
    const compares = checks && action === "key";
    const seen = said && saidOf === fingerprint();
    if (seen && said.outcome === "refused") return showRefused();
    if (!compares && standing().online) {
      // What it does is shown before it is made: whoever was faster than the answer looks first.
      if (!seen) await look();
      if (said?.outcome === "changed") return lookAgain();
      if (said?.outcome === "conflict") return showConflict(said);
      if (said?.outcome === "refused") return showRefused();
      if (asksFor(unconfirmed()).length) return firstToConfirm();
      if (said?.flip && said.warnings.some((finding) => finding.code === "W07")) return askFlip(sender);
      if (!seen && standing().online && sender.hasAttribute("data-declares")) return lookFirst(sender);
    }
    await send(sender, {});
  }

  function lookFirst(sender) {
    sender.focus();
    if (feedback) feedback.textContent = "Look at what this does, then press once more.";
    notice("look", "Look at what this does, then press once more.");
    setTimeout(() => unnotice("look"), 5_000);
  }

  function firstToConfirm() {
    const box = asksFor(unconfirmed())[0];
    if (!box) return null;
    box.focus();
    box.scrollIntoView({ block: "center" });
    if (feedback) feedback.textContent = `Confirm ${box.value} first.`;
    return true;
  }

  function showRefused() {
    const invalid = form.querySelector("[aria-invalid=true]");
    (invalid ?? review).scrollIntoView({ block: "center" });
    if (invalid) invalid.focus();
    else focusOn(review);
  }

  function askFlip(sender) {
    dialog.querySelector("[data-flip-name]").textContent = said.flip;
    const yes = dialog.querySelector("[data-flip-yes]");
    yes.textContent = `Yes: ${said.flip}`;
    yes.onclick = () => {
      dialog.close();
      send(sender, { flip: said.flip });
    };
    dialog.querySelector("[data-flip-no]").onclick = () => {
      dialog.close();
      sender.focus();
    };
    dialog.showModal();
    dialog.querySelector("[data-flip-no]").focus();
  }

  async function send(sender, { flip }) {
    const body = typed(sender.value);
    if (flip) {
      body.append("flip", flip);
      if (!body.getAll("confirm").includes("W07")) body.append("confirm", "W07");
    }
    const item = {
      id: form.elements.key.value,
      url: address,
      page: location.pathname,
      subject,
      label: form.dataset.label,
      body: body.toString(),
      at: Date.now(),
    };
    draft.keep();
    outbox.put(item);
    lock(true);
    const answer = await outbox.deliver(item);
    if (answer === null) return queued(item);
    outbox.settle(item, answer);
  }

  function lock(isLocked) {
    form.toggleAttribute("data-sending", isLocked);
    for (const element of form.elements) {
      if (element.matches("input:not([type=hidden])")) element.readOnly = isLocked;
      if (element.matches("button")) element.disabled = isLocked;
    }
  }

  function queued(item) {
    form.dataset.queued = item.id;
    lock(true);
    const words = `${outbox.why()}. Will be sent once.`;
    if (feedback) feedback.textContent = words;
    if (kept) kept.textContent = words;
    const back = button("Change it", () => {
      outbox.remove(item.id);
      delete form.dataset.queued;
      lock(false);
      unnotice("queued");
    });
    const at = new Date(item.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    notice("queued", [`${words} Sent by you at ${at}. `, back], { wrong: true });
  }

  document.addEventListener("desk:answered", (event) => {
    const { item, status, told } = event.detail;
    if (item.subject !== subject || item.id !== form.elements.key.value) return;
    event.preventDefault();
    delete form.dataset.queued;
    unnotice("queued");
    answered(item, status, told);
  });

  function answered(item, status, told) {
    if (status < 300) {
      draft.over();
      outbox.remove(item.id);
      return location.assign(told.location);
    }
    lock(false);
    outbox.remove(item.id);
    // What was sent under the old one has been taken: from here on it is another one.
    if (told.key) form.elements.key.value = told.key;
    const sender = senders.find((one) => new URLSearchParams(item.body).get("action") === one.value) ?? senders[0];
    switch (told.outcome) {
      case "changed":
        // What was sent is the draft that the page is opened with.
        draft.over();
        return location.reload();
      case "conflict":
        return showConflict(told);
      case "refused":
        take(told, fingerprint());
        return showRefused();
      case "confirm":
        take(told, fingerprint());
        if (asksFor(unconfirmed()).length) return firstToConfirm();
        return told.flip ? askFlip(sender) : sender.focus();
      default:
        notice("refused", [told.detail ?? "This was not taken.", " What you typed is kept."], { wrong: true });
        scrollTo({ top: 0 });
    }
  }

  function showConflict(told, { quietly = false } = {}) {
    // What was said of other names is not said of these.
    if (told.outcome === "changed") review.replaceChildren();
    if (isAct) conflict.textContent = told.detail;
    else conflict.innerHTML = told.html;
    if (feedback) feedback.textContent = told.outcome === "changed" ? told.detail : `Somebody was faster: ${told.detail}`;
    if (!quietly) focusOn(conflict.firstElementChild ?? conflict);
  }

  function focusOn(element) {
    element.tabIndex = -1;
    element.focus();
    element.scrollIntoView({ block: "start" });
  }

  // The form as it is now, with what was typed beside the names it was typed for.
  function lookAgain() {
    draft.keep();
    return draft.showAnew();
  }
  conflict?.addEventListener("click", (event) => {
    if (event.target.closest("[data-look-again]")) lookAgain();
  });

  // Mine in the place of what stands: the typed figures go along as a draft of the correction.
  conflict?.addEventListener("click", async (event) => {
    const taker = event.target.closest("[data-take]");
    if (!taker) return;
    event.preventDefault();
    draft.keep();
    await draft.send();
    location.assign(taker.href);
  });
  conflict?.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-leave]")) return;
    event.preventDefault();
    await draft.forget();
    location.assign(event.target.closest("a").href);
  });

  form.querySelector("[data-forget]")?.addEventListener("click", async () => {
    if (!confirm("Clear everything that was typed here?")) return;
    await draft.forget();
    location.assign(location.pathname);
  });
  form.querySelector("[data-keeps-draft]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    draft.keep();
    await draft.send();
    location.assign(event.target.href);
  });

  for (const name of ["desk:online", "desk:signed-in"]) {
    document.addEventListener(name, () => {
      draft.send();
      look();
    });
  }
  addEventListener("pagehide", () => draft.send({ keepalive: true }));

  // At first

  if (draft.restore()) draft.keep();
  else if (kept && Number(form.dataset.draftedAt)) kept.textContent = "As you left it";
  figures();
  const waiting = outbox.waitingFor(subject);
  if (waiting?.needs) outbox.remove(waiting.id);
  else if (waiting) {
    form.elements.key.value = waiting.id;
    queued(waiting);
    outbox.sendAll();
  }
  changed();
  const first =
    form.querySelector("input[type=radio]:enabled") ??
    form.querySelector("[data-differs]") ?? stops().find((element) => element.matches("input[type=text]") && !element.value);
  // On a phone that would open the keyboard over half the page.
  const isTyped = matchMedia("(pointer: fine)").matches || form.querySelector("[data-differs]");
  if (isTyped && !document.querySelector("[autofocus]:not(dialog *)")) first?.focus();
}
