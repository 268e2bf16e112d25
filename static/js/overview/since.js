// For who comes back: what has happened since the page was last seen. Where that was is kept in this browser alone.

import { fetched, standsAt } from "../fresh.js";

const AWAY = 120_000; // Whoever looks away for less has missed nothing that is not on the page.

const line = document.getElementById("since");
const key = `declared.seen${line.dataset.address.split("?")[0]}`;
const epoch = new URLSearchParams(document.getElementById("live").getAttribute("hx-ws:connect").split("?")[1]).get("epoch");
let seq = standsAt(document);

function leave() {
  localStorage.setItem(key, JSON.stringify({ epoch, seq, at: Date.now() }));
}

async function comeBack() {
  const seen = JSON.parse(localStorage.getItem(key) ?? "null");
  if (seen?.epoch !== epoch || !(seen.seq < seq) || Date.now() - seen.at < AWAY) return;
  const address = new URL(line.dataset.address, location.href);
  address.searchParams.set("since", seen.seq);
  const page = await fetched(address).catch(() => null);
  if (!page) return;
  const told = page.getElementById("since-told").textContent;
  const link = Object.assign(document.createElement("a"), { href: address, textContent: told });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: "Dismiss" });
  close.addEventListener("click", () => (line.hidden = true));
  line.replaceChildren(link, " ", close);
  line.hidden = false;
  document.getElementById("feedback").textContent = told;
}

document.addEventListener("declared:changed", ({ detail }) => {
  seq = detail.seq;
});
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : setTimeout(comeBack, 1_500)));
addEventListener("pagehide", leave);
comeBack();
