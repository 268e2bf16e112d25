// The fields of a form of the desk: from one to the next on the keyboard, and what is said of each beside it.

export const errorOf = (form, name) => form.querySelector(`[data-error-of="${CSS.escape(name)}"]`);

const fieldOf = (place) => document.getElementById(place.id.replace(/-error$/, ""));

// Enter goes from field to field and Ctrl+Enter sends; the arrows go to the figure above and below.
export function stepping(form, sender, { send, isAsking }) {
  form.addEventListener("keydown", (event) => {
    if (isAsking()) return;
    const { target, key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (key === "Enter" && target.matches("input")) {
      event.preventDefault();
      step(form, sender, target, event.shiftKey ? -1 : 1);
    } else if ((key === "ArrowDown" || key === "ArrowUp") && target.matches(".entry-number")) {
      event.preventDefault();
      step(form, sender, target, key === "ArrowDown" ? 1 : -1, true);
    }
  });
}

export function stops(form, sender) {
  return [...form.querySelectorAll("input:not([type=hidden])"), sender].filter(
    (element) => element && !element.disabled && element.offsetParent !== null,
  );
}

// Enter passes by what is seldom read out; the arrows and Tab do not.
function step(form, sender, from, by, isEverywhere = false) {
  const places = stops(form, sender).filter(
    (element) => isEverywhere || element === from || !element.matches("[data-aside]"),
  );
  const next = places[places.indexOf(from) + by];
  if (!next) return;
  next.focus();
  if (next.matches("input[type=text]")) next.select();
  next.scrollIntoView({ block: "nearest" });
}

// What was found, each beside the field that it is about: faults, and what is asked about.
export function tellFindings(form, { errors = [], warnings = [] }) {
  for (const place of form.querySelectorAll("[data-error-of]")) {
    // That another person has it differently stays said until it is keyed again.
    if (!fieldOf(place)?.hasAttribute("data-differs")) tellField(place, "");
  }
  const byPlace = new Map();
  for (const finding of [...errors, ...warnings]) {
    const place = placeOf(form, finding.field);
    if (place) byPlace.set(place, [...(byPlace.get(place) ?? []), finding]);
  }
  for (const [place, findings] of byPlace) {
    const isWrong = findings.some((finding) => errors.includes(finding));
    tellField(place, findings.map((finding) => finding.detail).join(" "), { isWrong });
  }
}

// A field of its own, or that of all the figures which it is one of.
function placeOf(form, name) {
  return errorOf(form, name) ?? errorOf(form, name.split(".")[0]);
}

export function tellField(place, words, { isWrong = true } = {}) {
  if (place.textContent.trim() !== words) place.textContent = words;
  place.toggleAttribute("data-asks", Boolean(words) && !isWrong);
  const field = fieldOf(place);
  field?.removeAttribute("data-differs");
  if (words && isWrong && field?.matches("input")) field.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
}
