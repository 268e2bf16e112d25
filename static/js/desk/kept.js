// Without a network, in the place of a page that was not kept: those that were. Once there is a network, that page.

const STANDS_IN = "/desk/offline.html";
const SIGN_OUT = "/desk/logout";
const AGAIN = 5_000;

document.getElementById("signing-out").hidden = !(await caches.match("/desk/.signing-out"));

async function lookAgain() {
  const answer = await fetch("/desk/sw.js", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.replace([STANDS_IN, SIGN_OUT].includes(location.pathname) ? "/desk" : location.href);
}

addEventListener("online", lookAgain);
setInterval(lookAgain, AGAIN);

const list = document.getElementById("kept-pages");

for (const name of await caches.keys()) {
  if (!name.startsWith("declared-desk-pages-")) continue;
  const pages = await caches.open(name);
  const kept = await pages.keys();
  for (const { url } of kept.sort((one, other) => one.url.localeCompare(other.url))) {
    const page = await pages.match(url);
    if (!page.headers.get("Kept-At")) continue;
    const title = new DOMParser().parseFromString(await page.text(), "text/html").title;
    const link = document.createElement("a");
    link.href = new URL(url).pathname;
    link.textContent = title.replace(/: Declared$/, "");
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
}
