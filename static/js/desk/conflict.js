// Somebody was faster, or the names changed: what stands beside what was typed, and nothing is overwritten.

export function focusOn(element) {
  element.tabIndex = -1;
  element.focus();
  element.scrollIntoView({ block: "start" });
}

export class Conflict {
  constructor(form, draft) {
    this.isAct = form.dataset.subject.startsWith("act/");
    this.place = document.getElementById("conflict");
    this.review = form.querySelector("[data-review]");
    this.draft = draft;
    this.place?.addEventListener("click", (event) => this.#chosen(event));
  }

  show(told, { quietly = false } = {}) {
    const isChanged = told.outcome === "changed";
    // What was said of other names is not said of these.
    if (isChanged) this.review.replaceChildren();
    if (this.isAct) this.place.textContent = told.detail;
    else this.place.innerHTML = told.html;
    const feedback = document.getElementById("feedback");
    if (feedback) feedback.textContent = isChanged ? told.detail : `Somebody was faster: ${told.detail}`;
    if (!quietly) focusOn(this.place.firstElementChild ?? this.place);
  }

  // The form as it is now, with what was typed beside the names it was typed for.
  lookAgain() {
    this.draft.keep();
    return this.draft.showAnew();
  }

  async #chosen(event) {
    if (event.target.closest("[data-look-again]")) return this.lookAgain();
    const link = event.target.closest("[data-take], [data-leave]");
    if (!link) return;
    event.preventDefault();
    if (link.matches("[data-take]")) {
      // Mine in the place of what stands: the typed figures go along as a draft of the correction.
      this.draft.keep();
      await this.draft.send();
    } else await this.draft.forget();
    location.assign(link.href);
  }
}
