// What the figures of a form would do: asked of the server, which decides, while they are typed.

import { became } from "./live.js";
import { tellFindings } from "./fields.js";

const PAUSE = 250;

export class Looking {
  // `differs` is told where something else stands: an answer with the outcome “changed” or “conflict”.
  constructor(form, address, differs) {
    this.form = form;
    this.address = address;
    this.differs = differs;
    this.review = form.querySelector("[data-review]");
    // What the server last said: {outcome, errors, warnings, flip, html}, and of which figures.
    this.said = null;
    this.saidOf = "";
    this.asking = null;
    this.timer = null;
    this.spoken = "";
  }

  get isSeen() {
    return this.said !== null && this.saidOf === this.fingerprint();
  }

  typed(action) {
    const body = new URLSearchParams(new FormData(this.form));
    body.delete("flip");
    body.set("action", action);
    return body;
  }

  fingerprint() {
    const body = this.typed("");
    for (const name of ["confirm", "source", "key"]) body.delete(name);
    return body.toString();
  }

  // Whether there is enough to ask about: what is missing is seen by whoever types.
  isWhole() {
    const { form } = this;
    const votes = [...form.querySelectorAll("[data-votes]")];
    // Who is elected may be all that is known.
    const isNamed = form.querySelector("input[name=elected]:checked, .entry-named input:checked") !== null;
    if (votes.length) return votes.every((input) => input.value.trim()) || (isNamed && votes.every((input) => !input.value.trim()));
    const seats = [...form.querySelectorAll("[data-seats]")];
    if (seats.length) return seats.some((input) => input.value.trim());
    return Boolean(form.querySelector("input[type=radio]:checked")) || Boolean(form.querySelector("input[type=text]")?.value ?? true);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    clearTimeout(this.timer);
    if (!this.isWhole()) {
      this.said = null;
      return;
    }
    if (this.isSeen) return;
    const of = this.fingerprint();
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const response = await fetch(this.address, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        body: this.typed("review").toString(),
        signal: this.asking.signal,
      });
      became({ online: true, signedIn: response.status !== 401 });
      if (!response.ok) return;
      const told = await response.json();
      if (this.fingerprint() === of) this.take(told, { quietly: true });
    } catch (error) {
      if (error.name !== "AbortError") became({ online: false });
    }
  }

  // What the server says of the figures as they are.
  take(told, { quietly = false } = {}) {
    this.said = told;
    this.saidOf = this.fingerprint();
    if (["changed", "conflict"].includes(told.outcome)) return this.differs(told, { quietly });
    const conflict = document.getElementById("conflict");
    if (conflict?.hasChildNodes() && quietly) conflict.replaceChildren();
    this.#show(told.html ?? "");
    // Offered when it is needed, and kept while there is something in it.
    const announced = this.form.querySelector("[data-as-announced]");
    if (announced) announced.hidden = !told.may_be_announced && !this.form.elements.as_announced.value.trim();
    tellFindings(this.form, told);
    this.#speak();
  }

  // What was confirmed of other figures is asked again.
  #show(html) {
    const { review } = this;
    const ticked = new Set([...review.querySelectorAll("input[name=confirm]:checked")].map(asks));
    const focused = review.contains(document.activeElement) ? document.activeElement.value : null;
    review.innerHTML = html;
    for (const box of review.querySelectorAll("input[name=confirm]")) {
      box.checked = ticked.has(asks(box));
      if (box.value === focused) box.focus();
    }
  }

  #speak() {
    const words = this.review.querySelector(".review-headline, .review-errors li")?.textContent.trim() ?? "";
    const feedback = document.getElementById("feedback");
    if (!feedback || words === this.spoken) return;
    this.spoken = words;
    feedback.textContent = words;
  }

  // A change of control is asked about by its name, after everything else is confirmed.
  get unconfirmed() {
    const boxes = [...this.review.querySelectorAll("input[name=confirm]:not(:checked)")];
    return boxes.filter((box) => box.value !== "W07");
  }
}

function asks(box) {
  return `${box.value} ${box.closest("label")?.textContent.trim()}`;
}
