// Handing a form in: what it does is shown before, everything is confirmed, and the outbox brings it to the server.

import { button, notice, standing, unnotice } from "./live.js";
import { focusOn } from "./conflict.js";
import { errorOf, tellField } from "./fields.js";
import * as outbox from "./outbox.js";

const feedback = document.getElementById("feedback");

function say(words) {
  if (feedback) feedback.textContent = words;
}

export class Handing {
  constructor(form, address, { draft, looking, conflict }) {
    Object.assign(this, { form, address, draft, looking, conflict });
    this.kept = form.querySelector("[data-kept]");
    this.dialog = form.querySelector("dialog");
    this.senders = [...form.querySelectorAll("[data-send]")];
    this.checks = form.dataset.checks === "1";
    this.isBusy = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.hand(event.submitter?.matches("[data-send]") ? event.submitter : this.senders[0]);
    });
    document.addEventListener("desk:answered", (event) => this.#heard(event));
  }

  async hand(sender = this.senders[0]) {
    if (this.isBusy || this.form.dataset.queued || this.#lacksReason()) return;
    this.isBusy = true;
    try {
      await this.#handIn(sender);
    } finally {
      this.isBusy = false;
    }
  }

  // What a correction or a withdrawal would do is shown without its reason; it is not made without one.
  #lacksReason() {
    const { reason } = this.form.elements;
    if (!reason || reason.value.trim()) return false;
    tellField(errorOf(this.form, "reason"), "Say why: readers see the reason beside what changed.");
    reason.focus();
    return true;
  }

  async #handIn(sender) {
    const { looking } = this;
    const seen = looking.isSeen;
    if (seen && looking.said.outcome === "refused") return this.#showRefused();
    if (!(this.checks && sender.value === "key") && standing().online) {
      // What it does is shown before it is made: whoever was faster than the answer looks first.
      if (!seen) await looking.look();
      const { said } = looking;
      if (said?.outcome === "changed") return this.conflict.lookAgain();
      if (said?.outcome === "conflict") return this.conflict.show(said);
      if (said?.outcome === "refused") return this.#showRefused();
      if (looking.unconfirmed.length) return this.#firstToConfirm();
      if (said?.flip && said.warnings.some((finding) => finding.code === "W07")) return this.#askFlip(sender);
      if (!seen && standing().online && sender.hasAttribute("data-declares")) return lookFirst(sender);
    }
    await this.#send(sender);
  }

  #firstToConfirm() {
    const [box] = this.looking.unconfirmed;
    box.focus();
    box.scrollIntoView({ block: "center" });
    say(`Confirm this first: ${box.closest("label").textContent.trim()}`);
  }

  // All of it at the top, and each beside its field.
  #showRefused() {
    const place = this.form.querySelector("[data-summary]");
    const faults = this.looking.review.querySelector(".review-errors");
    if (place && faults) place.replaceChildren(faults.cloneNode(true));
    const invalid = this.form.querySelector("[aria-invalid=true]");
    (invalid ?? this.looking.review).scrollIntoView({ block: "center" });
    if (invalid) invalid.focus();
    else focusOn(place?.hasChildNodes() ? place : this.looking.review);
  }

  #askFlip(sender) {
    const { flip } = this.looking.said;
    const { dialog } = this;
    dialog.querySelector("[data-flip-name]").textContent = flip;
    const yes = dialog.querySelector("[data-flip-yes]");
    yes.textContent = `Yes: ${flip}`;
    yes.onclick = () => {
      dialog.close();
      this.#send(sender, flip);
    };
    const no = dialog.querySelector("[data-flip-no]");
    no.onclick = () => {
      dialog.close();
      sender.focus();
    };
    dialog.showModal();
    no.focus();
  }

  async #send(sender, flip = "") {
    const body = this.looking.typed(sender.value);
    if (flip) {
      body.append("flip", flip);
      if (!body.getAll("confirm").includes("W07")) body.append("confirm", "W07");
    }
    const { form } = this;
    const item = {
      id: form.elements.key.value,
      url: this.address,
      page: location.pathname,
      subject: form.dataset.subject,
      label: form.dataset.label,
      body: body.toString(),
      at: Date.now(),
    };
    this.draft.keep();
    outbox.put(item);
    this.#lock(true);
    const answer = await outbox.deliver(item);
    if (answer === null) return this.#queued(item);
    outbox.settle(item, answer);
  }

  #lock(isLocked) {
    this.form.toggleAttribute("data-sending", isLocked);
    for (const element of this.form.elements) {
      if (element.matches("input:not([type=hidden])")) element.readOnly = isLocked;
      if (element.matches("button")) element.disabled = isLocked;
    }
  }

  #queued(item) {
    this.form.dataset.queued = item.id;
    this.#lock(true);
    const words = `${outbox.why()}. Will be sent once.`;
    say(words);
    if (this.kept) this.kept.textContent = words;
    const back = button("Change it", () => {
      outbox.remove(item.id);
      delete this.form.dataset.queued;
      this.#lock(false);
      unnotice("queued");
    });
    const at = new Date(item.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    notice("queued", [`${words} Sent by you at ${at}. `, back], { wrong: true });
  }

  // What of this form was handed in before, and has not been answered.
  resume() {
    const waiting = outbox.waitingFor(this.form.dataset.subject);
    if (waiting?.needs) outbox.remove(waiting.id);
    else if (waiting) {
      this.form.elements.key.value = waiting.id;
      this.#queued(waiting);
      outbox.sendAll();
    }
  }

  #heard(event) {
    const { item, status, told } = event.detail;
    if (item.subject !== this.form.dataset.subject || item.id !== this.form.elements.key.value) return;
    event.preventDefault();
    delete this.form.dataset.queued;
    unnotice("queued");
    this.#answered(item, status, told);
  }

  #answered(item, status, told) {
    if (status < 300) {
      this.draft.over();
      outbox.remove(item.id);
      return location.assign(told.location);
    }
    this.#lock(false);
    outbox.remove(item.id);
    // What was sent under the old one has been taken: from here on it is another one.
    if (told.key) this.form.elements.key.value = told.key;
    const action = new URLSearchParams(item.body).get("action");
    this.#notTaken(told, this.senders.find((one) => one.value === action) ?? this.senders[0]);
  }

  #notTaken(told, sender) {
    const { looking } = this;
    switch (told.outcome) {
      case "changed":
        // What was sent is the draft that the page is opened with.
        this.draft.over();
        return location.reload();
      case "conflict":
        return this.conflict.show(told);
      case "refused":
        looking.take(told);
        return this.#showRefused();
      case "confirm":
        looking.take(told);
        if (looking.unconfirmed.length) return this.#firstToConfirm();
        return told.flip ? this.#askFlip(sender) : sender.focus();
      default:
        notice("refused", [told.detail ?? "This was not taken.", " What you typed is kept."], { wrong: true });
        scrollTo({ top: 0 });
    }
  }
}

function lookFirst(sender) {
  sender.focus();
  const words = "Look at what this does, then press once more.";
  say(words);
  notice("look", words);
  setTimeout(() => unnotice("look"), 5_000);
}
