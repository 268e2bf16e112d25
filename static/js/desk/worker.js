// The service worker of the desk: pages that were opened, or are to be at hand, open without a network, as they were.
//
// It has /desk alone. RELEASE and FILES_OF_IT stand before this, and change with every release: what an older one kept
// goes. Pages are one person's: they go when somebody signs out, and when somebody else signs in.

const FILES = `declared-desk-files-${RELEASE}`;
const PAGES = `declared-desk-pages-${RELEASE}`;
const OURS = "declared-desk-";
const OWNER = "/desk/.owner";
const STANDS_IN = "/desk/offline.html";
// That somebody signed out without a network: it is done before anything else, once there is one.
const SIGNING_OUT = "/desk/.signing-out";
const SIGN_OUT = "/desk/logout";
// Telephone numbers have to be gone once they are deleted, from every browser too.
const NEVER_KEPT = /^\/desk\/[^/]+\/room(?:\/|$)/;
const PATIENCE = 4_000;
const FRESH = 10 * 60_000;
const BEHIND_THE_SERVER = [502, 503, 504];
// What a query may say of a page that is kept without one.
const SAME_PAGE = new Set(["done", "state", "q"]);

// Rises with every signing out: what was asked for before is not kept any more.
let era = 0;

self.addEventListener("install", (event) => {
  const kept = caches.open(FILES).then((files) => files.addAll(FILES_OF_IT));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(OURS) && name !== FILES && name !== PAGES))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepAll(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(page(event, url));
    else if (url.pathname === SIGN_OUT) event.respondWith(signOut(request));
  } else if (request.method === "GET" && !url.pathname.startsWith("/desk") && request.destination) {
    event.respondWith(file(request, url));
  }
});

async function file(request, url) {
  const files = await caches.open(FILES);
  const kept = await files.match(request, { ignoreVary: true });
  if (kept && url.pathname.startsWith("/static/v-")) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) await files.put(request, response.clone());
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// Under what a page is kept; nothing for one that is not.
function nameOf(url) {
  if (NEVER_KEPT.test(url.pathname)) return null;
  return [...url.searchParams.keys()].every((name) => SAME_PAGE.has(name)) ? url.pathname : null;
}

async function page(event, url) {
  const desk = await caches.open(FILES);
  if ((await desk.match(SIGNING_OUT)) && !(await signsOut())) {
    return desk.match(STANDS_IN, { ignoreVary: true });
  }
  const name = nameOf(url);
  const kept = name && (await (await caches.open(PAGES)).match(name));
  const asked = fetch(event.request);
  const now = era;
  event.waitUntil(asked.then((response) => look(name, url, response.clone(), now)).catch(() => null));
  try {
    const response = await (kept ? Promise.race([asked, late()]) : asked);
    return kept && BEHIND_THE_SERVER.includes(response.status) ? marked(kept) : response;
  } catch {
    return kept ? marked(kept) : await (await caches.open(FILES)).match(STANDS_IN, { ignoreVary: true });
  }
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE));
}

// Keeps a page that came, if it is somebody's; a login that is shown says that nobody is signed in.
async function look(name, url, response, asked) {
  if (!response.ok) return;
  const html = await response.text();
  const owner = html.match(/ data-signed="([^"]*)"/)?.[1];
  if (owner === undefined) return url.pathname === "/desk/login" ? forget() : null;
  if (asked !== era) return;
  await belongsTo(owner);
  if (!name) return;
  const headers = new Headers(response.headers);
  for (const own of ["Content-Encoding", "Content-Length"]) headers.delete(own);
  headers.set("Kept-At", String(Date.now()));
  await (await caches.open(PAGES)).put(name, new Response(html, { headers }));
}

async function belongsTo(owner) {
  const before = await (await caches.open(PAGES)).match(OWNER);
  if (before && (await before.text()) === owner) return;
  await caches.delete(PAGES);
  await (await caches.open(PAGES)).put(OWNER, new Response(owner));
}

// The page says that it is not of now, and of when it is.
async function marked(kept) {
  const html = await kept.text();
  const timeZone = html.match(/ data-zone="([^"]*)" hidden>/)?.[1];
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  const at = clock.format(Number(kept.headers.get("Kept-At")));
  const told = html.replace(/( data-zone="[^"]*") hidden>/, "$1>").replace("as at <b></b>", `as at <b>${at}</b>`);
  return new Response(told, { headers: kept.headers });
}

async function keepAll(addresses) {
  const now = era;
  for (const address of addresses) {
    const kept = await (await caches.open(PAGES)).match(address);
    if (kept && Date.now() - Number(kept.headers.get("Kept-At")) < FRESH) continue;
    const response = await fetch(address, { headers: { Accept: "text/html", Purpose: "prefetch" } }).catch(() => null);
    if (!response?.ok || response.redirected || now !== era) return;
    await look(address, new URL(address, location.origin), response, now);
  }
}

async function signOut(request) {
  await forget();
  try {
    return await fetch(request);
  } catch {
    const desk = await caches.open(FILES);
    await desk.put(SIGNING_OUT, new Response(""));
    return desk.match(STANDS_IN, { ignoreVary: true });
  }
}

// Whether what was begun without a network is done now: the session is over.
async function signsOut() {
  const answer = await fetch(SIGN_OUT, { method: "POST", headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return false;
  await (await caches.open(FILES)).delete(SIGNING_OUT);
  return true;
}

async function forget() {
  era += 1;
  await caches.delete(PAGES);
}
