// Why? Whatever says a result answers where it stands: its receipt, a page of its own, is opened beside it.
//
// Badges, and figures of parties and of the night, are made buttons here, again whenever they come anew: what is pushed stays
// as small as it is. Links with data-why are opened in the same way; without this they lead to the page.

// Where the receipt of what is asked about is; each by what says it, and where that stands.
const ASKED = [
  [".council .badge", (badge) => below(badge.closest(".council").querySelector(".council-name a"))],
  [".flip-item .badge", (badge) => below(decided(badge.closest(".flip-item")))],
  [".verdict-badge .badge", () => below(location)],
  ["#scoreboard tr[id] th > b, #other-parties tr[id] th > b", (name) => ofParty(name.closest("tr").id)],
  ["#progress div:not(#progress-next) dd > b", () => ofElection("/why")],
];

// Of what was undone the receipt is that of its moment, where that is linked to.
function decided(item) {
  const then = item.dataset.undone === undefined ? null : item.querySelector(".flip-tools a[href*=at]");
  return then ?? item.querySelector(".flip-place");
}

// What of a query a receipt is asked by.
function kept({ searchParams }) {
  const asked = new URLSearchParams([...searchParams].filter(([name]) => ["convention", "at", "epoch"].includes(name)));
  return asked.size ? `?${asked}` : "";
}

// The receipt of a council, by the address of its page; a contest has none.
function below({ href }) {
  const url = new URL(href);
  return /\/councils\/[^/]+$/.test(url.pathname) ? `${url.pathname}/why${kept(url)}` : null;
}

// One of the whole election, of which a file has none.
function ofElection(path) {
  if (document.getElementById("published")) return null;
  return `${location.pathname.match(/^\/elections\/[^/]+/)[0]}${path}${kept(new URL(location.href))}`;
}

// An element id spells what an address may have as it is (app/pages/addresses.py).
function ofParty(id) {
  const spelt = id.replace(/^(?:score|other)-/, "").replaceAll("--", ".");
  const party = spelt.replace(/_([0-9a-f]+)_/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)));
  return ofElection(`/parties/${encodeURIComponent(party)}/why`);
}

function addressOf(element) {
  if (element.href) return below(element) ?? element.href;
  const [, address] = ASKED.find(([selector]) => element.matches(selector)) ?? [];
  return address?.(element) ?? null;
}

const ALL_ASKED = ASKED.map(([selector]) => selector).join();

function mark(element) {
  if ("why" in element.dataset || !addressOf(element)) return;
  element.dataset.why = "";
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  element.setAttribute("aria-haspopup", "dialog");
  element.title = "Why?";
  element.setAttribute("aria-label", `Why? ${element.textContent.replace(/\s+/g, " ").trim()}`);
}

function markIn(part) {
  if (part.matches(ALL_ASKED)) mark(part);
  part.querySelectorAll(ALL_ASKED).forEach(mark);
}

async function open(element) {
  const address = addressOf(element);
  const container = element.closest("[id]");
  const selector = ASKED.map(([each]) => each).find((each) => element.matches(each)) ?? "a";
  // It may have come anew by the time the dialogue is closed.
  const again = () => (element.isConnected ? element : document.getElementById(container?.id)?.querySelector(selector));
  try {
    (await import("./dialogue.js")).open(element, address, again);
  } catch {
    location.assign(address);
  }
}

// Figures and changes of a row answer with it, to a click; who drags over them wants to copy.
const OF_A_ROW = "#scoreboard td, #other-parties td, .council-change";

function asked(target) {
  const cell = getSelection().isCollapsed ? target.closest(OF_A_ROW) : null;
  return target.closest("[data-why]") ?? (target.closest("a") ? null : cell?.closest("tr").querySelector("[data-why]"));
}

document.addEventListener("click", (event) => {
  const element = asked(event.target);
  if (!element || element.closest("dialog") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(element);
});

document.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.matches?.("[data-why]:not(a)")) return;
  event.preventDefault();
  open(event.target);
});

// Whatever brings them anew, before anything is drawn: what has the focus keeps it. Only what has come is looked at.
const main = document.getElementById("main");
new MutationObserver((records) => {
  for (const { type, target, addedNodes } of records) {
    if (type === "attributes") mark(target);
    else for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) markIn(node);
  }
}).observe(main, { subtree: true, childList: true, attributeFilter: ["data-why"] });
markIn(main);
