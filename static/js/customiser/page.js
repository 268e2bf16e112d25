// The customiser: what is chosen is shown at once. The server writes the page anew; its parts take the place of ours, and the
// address says what was chosen, so that it can be linked to. Without this the form's button does the same.

import { take } from "../fresh.js";

const SOON = 250; // Whoever types the name of an option chooses several on the way.
const form = document.getElementById("customiser");
const said = document.getElementById("customiser-said");
let timer = 0;
let latest = "";

function address() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return `${form.action.split("?")[0]}?${query}`;
}

async function show() {
  clearTimeout(timer);
  const url = address();
  latest = url;
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (latest !== url) return; // Something else has been chosen meanwhile.
    takeFields(page);
    take(page, "customiser-result");
    history.replaceState(null, "", url);
    said.textContent = `Shown: ${document.getElementById("customiser-result").dataset.name}`;
  } catch {
    // The browser says what is wrong.
    location.assign(url);
  }
}

// What there is to choose from by now. A list that somebody is in stays: they may be typing the name of an option.
function takeFields(page) {
  const focused = document.activeElement;
  const kept = focused?.matches("#customiser select") ? focused.closest(".customiser-field") : null;
  const theirs = page.querySelectorAll("#customiser fieldset");
  for (const [at, mine] of [...form.querySelectorAll("fieldset")].entries()) {
    const fields = [...theirs[at].children];
    const twin = kept && mine.contains(kept) ? fields.findIndex((field) => field.querySelector(`#${focused.id}`)) : -1;
    if (twin < 0) {
      mine.replaceWith(theirs[at]);
      continue;
    }
    for (const field of [...mine.children]) if (field !== kept) field.remove();
    kept.before(...fields.slice(0, twin));
    kept.after(...fields.slice(twin + 1));
  }
  if (!kept && focused?.id) document.getElementById(focused.id)?.focus({ preventScroll: true });
}

form.addEventListener("change", () => {
  clearTimeout(timer);
  timer = setTimeout(show, SOON);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
document.addEventListener("focusin", ({ target }) => target.matches("textarea[readonly]") && target.select());
