// Finds anything from any page: / or a click, a few letters, arrows, Enter. The server does the finding (app/pages/finder);
// what is typed goes nowhere else, and nothing of it is kept. Without this the form leads to the same as a page.

const PATIENCE = 120; // ms without another letter before the server is asked
const STORED = "finder-key"; // "off" there: / is no shortcut

const form = document.querySelector("[data-finder]");
const input = form?.elements.q;
const opener = document.querySelector("[data-finder-open]");

const listbox = element("div", { role: "listbox", id: "find-listbox", "aria-label": "Found" });
const said = element("p", { class: "find-said", "aria-hidden": "true" });
const popup = element("div", { class: "find-popup", hidden: "" }, listbox, said);
const status = element("p", { class: "visually-hidden", role: "status" });

let options = [];
let active = -1;
let cameFrom = null;
let asking = null;
let waiting = 0;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

async function ask() {
  asking?.abort();
  const typed = input.value.trim();
  if (!typed) return close();
  asking = new AbortController();
  const { signal } = asking;
  const query = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(`${form.dataset.finder}?${query}`, { signal, referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.json());
  } catch {
    if (!signal.aborted) show({ said: "Nothing can be looked for just now.", groups: [] });
  }
}

function show(found) {
  listbox.replaceChildren(...found.groups.map(group));
  options = [...listbox.querySelectorAll("[role=option]")];
  options.forEach((option, at) => (option.id = `find-option-${at}`));
  listbox.hidden = !options.length;
  said.textContent = status.textContent = found.said;
  popup.hidden = false;
  input.setAttribute("aria-expanded", String(options.length > 0));
  mark(-1);
}

function group({ heading, lines }, at) {
  const id = `find-group-${at}`;
  const name = element("div", { class: "find-heading", id, role: "presentation" }, heading);
  return element("div", { role: "group", "aria-labelledby": id }, name, ...lines.map(line));
}

function line({ name, where, stands, url }) {
  const facts = element("span", { class: "find-facts" }, [where, stands].filter(Boolean).join(" · "));
  const option = element("div", { class: "find-option", role: "option", "aria-selected": "false", "data-url": url });
  option.append(element("span", { class: "find-name" }, name), " ", facts);
  option.addEventListener("click", () => location.assign(url));
  return option;
}

function mark(at) {
  options[active]?.setAttribute("aria-selected", "false");
  active = at;
  const option = options[active];
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function close() {
  clearTimeout(waiting);
  asking?.abort();
  popup.hidden = true;
  options = [];
  status.textContent = "";
  input.setAttribute("aria-expanded", "false");
  mark(-1);
}

function open() {
  const focused = document.activeElement;
  if (focused !== input) cameFrom = focused === document.body ? null : focused;
  form.classList.add("find-is-open");
  input.focus();
  input.select();
}

// Back to where one was.
function leave() {
  close();
  const back = cameFrom?.isConnected ? cameFrom : opener?.checkVisibility() ? opener : null;
  cameFrom = null;
  form.classList.remove("find-is-open");
  if (back) back.focus();
  else input.blur();
}

function pressed(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    event.preventDefault();
    // Past either end it is the field's turn again.
    mark(((active + 1 + step + options.length + 1) % (options.length + 1)) - 1);
  } else if (event.key === "Enter" && options[active]) {
    event.preventDefault();
    location.assign(options[active].dataset.url);
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (popup.hidden) leave();
    else close();
  }
}

function isOff() {
  try {
    return localStorage.getItem(STORED) === "off";
  } catch {
    return false; // Storage is closed to us: then it is as it is at first.
  }
}

function isTyped(target) {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}

function shortcut(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isOff() || isTyped(event.target) || document.querySelector("dialog[open]")) return;
  // On the wall there is no masthead.
  if (!input.checkVisibility() && !opener?.checkVisibility()) return;
  event.preventDefault();
  open();
}

function sayKey(button) {
  const hint = form.querySelector(".find-key");
  hint.hidden = isOff();
  button.textContent = isOff() ? "Use the / key to find" : "Do not use the / key";
  if (isOff()) input.removeAttribute("title");
  else input.title = "The / key leads here, unless it is typed into a field.";
}

function attach() {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", listbox.id);
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-haspopup", "listbox");
  form.append(popup, status);
  input.addEventListener("keydown", pressed);
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PATIENCE);
  });
  // A click on an option is no reason to close before it is heard.
  popup.addEventListener("pointerdown", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => {
    if (form.contains(event.relatedTarget)) return;
    close();
    form.classList.remove("find-is-open");
  });
  opener?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
    cameFrom = opener;
  });
  document.addEventListener("keydown", shortcut);
  const button = document.querySelector("[data-finder-key]");
  if (!button) return;
  sayKey(button);
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(STORED, isOff() ? "on" : "off");
    } catch {
      return; // It cannot be remembered.
    }
    sayKey(button);
  });
}

if (form) attach();
