// Keeps a form as it is typed: at once in this browser, a moment later on the server. Neither is asked to be there.

import { became } from "./live.js";

const PAUSE = 700;
const PATIENCE = 10_000;

// The fields that say for whom, and for how many seats, a form was made out.
const isMadeOut = (name) => name.startsWith("for.") || name === "for_seats";

export class Draft {
  // `place` is the draft's address on the server, or nothing where it is kept in this browser alone.
  constructor(form, place, told) {
    this.form = form;
    this.place = place;
    this.told = told;
    this.name = `declared.draft.${form.dataset.person}.${form.dataset.subject}`;
    this.timer = null;
    this.isDirty = false;
    this.isOver = false;
  }

  fields() {
    const fields = {};
    for (const [name, value] of new FormData(this.form)) (fields[name] ??= []).push(value);
    return fields;
  }

  local() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  // Fills the form in with what this browser has, where that is newer than what the server gave; whether it did.
  restore() {
    const local = this.local();
    const given = Number(this.form.dataset.draftedAt || 0);
    const takes = new URLSearchParams(location.search).has("take");
    if (!local || Number(local.saved) <= given) return false;
    if ((local.fields.replaces?.[0] ?? "") !== (this.form.elements.replaces?.value ?? "") && !takes) return false;
    if (this.isForOthers(local.fields)) {
      this.showAnew();
      return false;
    }
    for (const element of this.form.elements) {
      const values = local.fields[element.name];
      if (!element.name || ["replaces", "mode", "confirm", "flip", "action", "person", "key"].includes(element.name)) continue;
      if (element.type === "checkbox") element.checked = Boolean(values?.includes(element.value));
      else if (element.type === "radio") element.checked = Boolean(values?.includes(element.value));
      else if (values) element.value = values.at(-1);
    }
    return true;
  }

  // Whether somebody else stands by now than these were typed for. What does not say is taken as it is.
  isForOthers(fields) {
    const own = this.fields();
    const names = Object.keys({ ...own, ...fields }).filter(isMadeOut);
    return names.some((name) => name in fields) && names.some((name) => own[name]?.[0] !== fields[name]?.[0]);
  }

  // What was typed for others is put beside the right names by the server: it keeps it, and shows the form anew.
  async showAnew() {
    this.pending = this.local() ?? this.pending;
    this.isDirty = true;
    await this.send();
    if (this.isDirty) return;
    localStorage.removeItem(this.name);
    location.reload();
  }

  keep() {
    if (this.isOver) return;
    const saved = Date.now();
    // What another form of the same subject has (votes, where this one has seats) is kept beside.
    const own = this.fields();
    const fields = { ...(this.local()?.fields ?? {}), ...own };
    for (const name of ["drawn", "elected", "complete", "replaces"]) if (!own[name]) delete fields[name];
    // Who does not stand any more was told when the form was opened.
    for (const name of Object.keys(fields).filter((one) => isMadeOut(one) && !own[one])) {
      delete fields[name];
      delete fields[name.replace("for.", "votes.")];
    }
    delete fields.confirm;
    delete fields.flip;
    try {
      localStorage.setItem(this.name, JSON.stringify({ fields, saved }));
      this.told("Draft kept in this browser");
    } catch {
      this.told("");
    }
    this.pending = { fields, saved };
    this.isDirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  async send({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (!this.place || !this.isDirty || this.isOver) return;
    const { fields, saved } = this.pending;
    const body = new URLSearchParams({ saved });
    for (const [name, values] of Object.entries(fields)) for (const value of values) body.append(name, value);
    this.isDirty = false;
    try {
      const response = await fetch(this.place, {
        method: "PUT",
        body,
        keepalive,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      became({ online: true, signedIn: response.status !== 401 });
      if (response.ok && !this.isDirty) this.told("Draft kept");
      else if (!response.ok) this.isDirty = true;
    } catch {
      this.isDirty = true;
      became({ online: false });
    }
  }

  // It has been handed in, or is given up.
  over() {
    this.isOver = true;
    clearTimeout(this.timer);
    localStorage.removeItem(this.name);
  }

  async forget() {
    this.over();
    if (this.place) await fetch(this.place, { method: "DELETE" }).catch(() => null);
  }
}
