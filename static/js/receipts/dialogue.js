// The dialogue that a receipt is opened in, beside what it explains (why.js), and on every page of one that it is another by now.

import { fetched } from "../fresh.js";

const make = (name, properties) => Object.assign(document.createElement(name), properties);
const dialog = make("dialog", { className: "why no-print" });
const tools = make("form", { className: "why-tools", method: "dialog" });
const asPage = make("a", { textContent: "As a page" });
const close = make("button", { className: "tool", textContent: "Close" });
const place = make("div");
tools.append(asPage, close);
dialog.append(tools, place);
dialog.setAttribute("aria-labelledby", "receipt-heading");
const GAP = 8;
let address = "";
let from = null;

async function fill() {
  const page = await fetched(address);
  await looks(page);
  place.replaceChildren(document.adoptNode(page.getElementById("receipt")));
}

// The page of a receipt has a stylesheet of its own, which nobody needs who asks for none.
function looks(page) {
  const { href } = page.querySelector("link[data-receipt]");
  if (document.querySelector("link[data-receipt]")) return null;
  const link = make("link", { rel: "stylesheet", href });
  link.dataset.receipt = "";
  const isThere = new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: reject }));
  document.head.append(link);
  return isThere;
}

// Below what asked, above it or beside it, wherever there is room; a phone has it as a sheet (receipt.css).
function beside(element) {
  dialog.removeAttribute("style");
  if (matchMedia("(max-width: 47.99rem)").matches) return;
  const { left, right, bottom, top } = element.getBoundingClientRect();
  const { width, height } = dialog.getBoundingClientRect();
  const isBelow = bottom + GAP + height <= innerHeight;
  const isAbove = top - GAP - height >= 0;
  const x = isBelow || isAbove ? left : right + GAP;
  const y = isBelow ? bottom + GAP : isAbove ? top - GAP - height : top;
  const within = (value, most) => `${Math.max(GAP, Math.min(value, most - GAP))}px`;
  Object.assign(dialog.style, { margin: "0", left: within(x, innerWidth - width), top: within(y, innerHeight - height) });
}

// Beside an element; `again` finds it, or what has come in its place, when the dialogue is closed.
export async function open(element, receipt, again) {
  address = receipt;
  asPage.href = address;
  from = again;
  try {
    await fill();
  } catch {
    location.assign(address); // Whatever is wrong is told there.
    return;
  }
  if (!dialog.isConnected) document.body.append(dialog);
  dialog.showModal();
  beside(element);
  dialog.scrollTop = 0;
}

dialog.addEventListener("close", () => {
  place.replaceChildren();
  from?.()?.focus();
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

// What is open stays as it was, and says that it is another by now.
function changed({ seq, kind, elements }) {
  const receipt = document.getElementById("receipt");
  if (!receipt || seq <= Number(receipt.dataset.seq)) return;
  const own = receipt.dataset.elements.split(" ");
  if (kind !== "snapshot" && elements && !elements.some((element) => own.includes(element))) return;
  const note = receipt.querySelector("[data-receipt-changed]");
  note.querySelector("span").textContent = `, entry ${seq.toLocaleString("en-GB")}`;
  note.hidden = false;
}

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-receipt-changed] button")) return;
  if (!dialog.open) location.reload();
  else fill().then(() => close.focus());
});

document.addEventListener("declared:changed", ({ detail }) => changed(detail));
