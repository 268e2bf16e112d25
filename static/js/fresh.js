// Pages as they are now, for what is on them and is not pushed.

const AGAIN = 100; // Twice as long each time, for another process may be a moment behind, and a cache longer.
const AT_MOST = 3_000;

// The page at an address, once it shows everything up to an entry.
export async function pageAt(url, seq) {
  for (let wait = AGAIN; ; wait = Math.min(2 * wait, AT_MOST)) {
    const page = await fetched(url).catch(() => null);
    if (page && standsAt(page) >= seq) return page;
    await new Promise((resolve) => setTimeout(resolve, wait * (1 + Math.random())));
  }
}

// Another page. What the browser keeps may be from before: an address may be answered from there for a while.
export async function fetched(url) {
  const answer = await fetch(url, { cache: "no-cache", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// The entry that a page goes on from.
export function standsAt(page) {
  const url = page.getElementById("live")?.getAttribute("hx-ws:connect") ?? "";
  return Number(new URLSearchParams(url.split("?")[1]).get("since"));
}

// Puts the element of that id on another page in the place of ours, changing only what differs: focus stays. A page of
// the past, which nothing changes but its reader, has no htmx.
export function take(page, id) {
  const [mine, theirs] = [document.getElementById(id), page.getElementById(id)];
  if (!mine || !theirs) return null;
  if (!globalThis.htmx) return mine.replaceWith(document.adoptNode(theirs));
  return htmx.swap({ sourceElement: mine, target: mine, swap: "outerMorph", text: theirs.outerHTML, transition: false });
}

// Calls for it soon, once for all that come meanwhile, and not everywhere at the same moment.
export function soon(call) {
  let timer = null;
  return () => {
    timer ??= setTimeout(async () => {
      timer = null;
      await call();
    }, 400 * Math.random());
  };
}
