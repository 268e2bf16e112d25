// What is pasted into a figure's field. A column of figures goes down the fields from there, and can be taken back; any
// other text is read by the server, shown beside the names, and put into the form once it is taken.

import { became, button, notice, unnotice } from "./live.js";
import { count } from "./sums.js";

const PATIENCE = 15_000;
const isFigure = (text) => count(text) !== null || /^[-–—−]$/.test(text.trim());

// A column, or a row of a spreadsheet, as {figures}, or {refused} in words; null where it is something else.
export function columnOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/^\s*\n|\s+$/g, "").split("\n");
  if (lines.length === 1 && lines[0].includes("\t")) return columnOf(lines[0].split("\t").join("\n"));
  const told = lines.map((line) => line.trim());
  const figures = told.filter(isFigure);
  // Several figures in a line, and lines without a letter, are no text to be read.
  const isBare = !/\p{L}/u.test(text) && told.filter((line) => /\d/.test(line)).length > 1;
  const isSeveral = told[0].includes(" ") && told[0].split(/\s+/).every((one) => /^[^\p{L}]*\d[^\p{L}]*$/u.test(one));
  if (lines.length === 1 && !figures.length && isSeveral) return { refused: `“${told[0]}” is more than a figure.` };
  if (lines.length < 2 || (figures.length < 2 && !isBare)) return null;
  const more = told.findIndex((line) => line && !isFigure(line));
  if (more >= 0) {
    const isColumn = isBare || told.every((line) => !line || /^[\d–—−-]/.test(line)) && 2 * figures.length > told.filter(Boolean).length;
    return isColumn ? { refused: `Line ${more + 1}, “${told[more]}”, is more than a figure.` } : null;
  }
  // Empty lines between all figures are how they were sent; one somewhere is a figure that is missing.
  const gaps = told.join("\n").split(/[^\n]+/).slice(1, -1).map((gap) => gap.length);
  if (new Set(gaps).size > 1) return { refused: `Line ${told.indexOf("") + 1} is empty: whose figure is missing?` };
  return { figures };
}

// A table without text of its own, as rows with tabs.
function rowsOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const rows = [...page.querySelectorAll("tr")].map((row) =>
    [...row.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " ")).join("\t"),
  );
  return rows.length ? rows.join("\n") : page.body.textContent;
}

class Pasting {
  constructor(form, dialog) {
    this.form = form;
    this.dialog = dialog;
    this.read = dialog?.querySelector("[data-paste-read]");
    this.before = null; // What the last paste has replaced: [field, value before, value pasted].
    form.addEventListener("paste", (event) => this.#pasted(event));
    form.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && this.#isAsPasted()) {
        event.preventDefault();
        this.takeBack();
      }
    });
    dialog?.querySelector("[data-paste-take]").addEventListener("click", () => this.#take());
    dialog?.querySelector("[data-paste-leave]").addEventListener("click", () => dialog.close());
    dialog?.addEventListener("close", () => this.from?.focus());
  }

  #pasted(event) {
    const { target, clipboardData } = event;
    if (!target.matches(".entry-number") || target.readOnly) return;
    const text = clipboardData.getData("text/plain") || rowsOf(clipboardData.getData("text/html"));
    const column = columnOf(text);
    if (column) {
      event.preventDefault();
      this.#fillDown(target, column);
    } else if (/\p{L}/u.test(text) && this.dialog) {
      event.preventDefault();
      this.#ask(target, text);
    }
  }

  #fillDown(from, { figures, refused }) {
    const kind = ["[data-votes]", "[data-seats]"].find((one) => from.matches(one));
    if (refused) return this.#refuse(refused);
    if (!kind) return this.#refuse("A column goes into the votes, and this is another field.");
    const all = [...this.form.querySelectorAll(kind)];
    const fields = all.slice(all.indexOf(from));
    if (figures.length > fields.length) {
      return this.#refuse(`These are ${figures.length} figures, and there are ${fields.length} fields from here down.`);
    }
    this.fill(figures.map((figure, at) => [fields[at], figure]));
    const [first, last] = [fields[0], fields[figures.length - 1]].map(nameOf);
    const left = all.filter((field) => !field.value.trim()).length;
    this.#say(`Pasted ${figures.length} figures, from ${first} to ${last}${left ? `; ${left} are still empty` : ""}. `);
    fields[figures.length - 1].focus();
  }

  // As if it had been typed.
  fill(pairs) {
    this.before = pairs.map(([field, value]) => [field, field.value, value]);
    for (const [field, value] of pairs) put(field, value);
  }

  takeBack() {
    for (const [field, value] of this.before) put(field, value);
    this.before[0][0].focus();
    this.before = null;
    unnotice("paste");
    const feedback = document.getElementById("feedback");
    if (feedback) feedback.textContent = "Taken back: the fields are as they were.";
  }

  #isAsPasted() {
    return this.before?.every(([field, , value]) => field.value === value) ?? false;
  }

  #say(words) {
    notice("paste", [words, button("Take it back (Ctrl+Z)", () => this.takeBack())]);
  }

  #refuse(words) {
    this.before = null;
    notice("paste", `Nothing was pasted. ${words}`, { wrong: true });
  }

  async #ask(from, text) {
    this.from = from;
    // With what is typed: what the text would replace is told.
    const body = new URLSearchParams(new FormData(this.form));
    body.set("text", text);
    try {
      const response = await fetch(this.dialog.dataset.paste, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      became({ online: true, signedIn: response.status !== 401 });
      const told = await response.json();
      if (!response.ok) return this.#refuse(told.detail ?? "It could not be read.");
      this.#show(told);
    } catch {
      became({ online: false });
      this.#refuse("Text is read by the server, which cannot be reached.");
    }
  }

  #show({ html, fields }) {
    unnotice("paste");
    this.fields = fields;
    this.read.innerHTML = html;
    const take = this.dialog.querySelector("[data-paste-take]");
    take.hidden = Object.keys(fields).length === 0;
    this.dialog.showModal();
    (take.hidden ? this.dialog.querySelector("[data-paste-leave]") : take).focus();
  }

  #take() {
    const named = Object.entries(this.fields).map(([name, value]) => [this.form.elements.namedItem(name), value]);
    const pairs = named.filter(([field]) => field);
    this.fill(pairs);
    // On to what the text did not have.
    const votes = [...this.form.querySelectorAll("[data-votes]")];
    this.from = votes.find((field) => !field.value.trim()) ?? votes.at(-1);
    this.dialog.close();
    this.#say(`${pairs.length} figures are in the form as they were read. `);
  }
}

function nameOf(field) {
  const row = field.closest("[data-row]");
  return (row.querySelector(".entry-person")?.firstChild ?? row.querySelector(".entry-name")).textContent.trim();
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function pasting(form) {
  return new Pasting(form, document.getElementById("paste-dialog"));
}
