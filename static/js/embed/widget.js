// A widget in somebody else's article: keeps itself current, says as at when, and tells its parent how tall it is.
//
// Small and alone: the pages' htmx would be most of what a widget loads. What it applies is the same, message for message:
// the fragments of the page's channel, of which a widget holds some. It stores nothing, and asks nobody but its own server.

"use strict";

(() => {
  const POLL_FROM = 20_000;
  const POLL_SPREAD = 10_000;
  const POLLED_OUT = 75_000; // Two answers in a row are overdue.
  const TRIES = 3; // Sockets that never open, before asking takes their place.
  const POLLS_PER_TRY = 10;
  const WASH = 4_500;
  const PARTIALS = /<hx-partial hx-target="#([\w-]+)"(?:[^>]* data-list="([\w-]+)")?[^>]*>([^]*?)<\/hx-partial>/g;

  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  const isFile = root.hasAttribute("data-file");
  const own = document.currentScript.src;
  root.classList.add("js");
  // A file cannot know what is asked of it: it is told here, before anything is painted.
  if (isFile) {
    const isAskedForSome = asked.get("region") || asked.get("councils") || ["tiles", "all"].includes(asked.get("show"));
    if (root.dataset.whole && isAskedForSome) location.replace(root.dataset.whole + location.search + location.hash);
    if (["light", "dark"].includes(asked.get("theme"))) root.dataset.theme = asked.get("theme");
    if (["ws", "poll", "off"].includes(asked.get("live"))) root.dataset.live = asked.get("live");
  }
  const mode = root.dataset.live ?? "off";

  document.addEventListener("DOMContentLoaded", () => {
    if (isFile) choose();
    if (parent !== window) tellHeight();
    if (mode !== "off") keepCurrent();
  });

  // Which councils a file shows, and in which order: the server does the same for a page of its own.
  function choose() {
    const board = document.querySelector(".board");
    const map = document.querySelector(".widget-map");
    const isMap = map && asked.get("show") === "tiles";
    const isWhole = asked.get("show") === "all";
    const region = asked.get("region");
    const ids = (asked.get("councils") ?? "").split(",").map((id) => id.trim());
    const named = ids.filter((id, at) => id && ids.indexOf(id) === at);
    if (board && isWhole && !region && !named.length) showRows(board, [...board.tBodies], true);
    if (isMap) showMap(map);
    if (!board || (!region && !named.length)) return;
    const slots = [...board.tBodies].filter((slot) => !region || slot.rows[0].dataset.region === region);
    if (region && slots.length) nameRegion(region);
    const chosen = named.length ? named.flatMap((id) => slots.filter((slot) => slot.dataset.slot === id)) : slots;
    const isChosen = (tile) => chosen.some((slot) => `tile-${slot.dataset.slot}` === tile.id);
    for (const tile of [...(map?.querySelectorAll(".tile") ?? [])]) if (!isChosen(tile)) tile.remove();
    for (const group of map?.querySelectorAll(".tile-group") ?? []) if (!group.querySelector(".tile")) group.remove();
    document.querySelector("[data-heads]")?.remove();
    showRows(board, chosen, isWhole || named.length > 0, region);
    board.hidden = isMap;
    if (chosen.length) return;
    board.replaceWith(paragraph("widget-empty", `None of the ${board.dataset.bodies ?? "councils"} asked for is in ${region || "this election"}.`));
  }

  // As many rows as the server would show, each as high; the rest is behind a link.
  function showRows(board, chosen, isAll, region) {
    const [most, few, many] = board.dataset.limits.split(" ").map(Number);
    const shown = isAll ? chosen : chosen.slice(0, most);
    for (const slot of [...board.tBodies]) slot.remove();
    board.append(...shown);
    board.hidden = false;
    board.classList.toggle("board-compact", shown.length > (isAll ? many : few));
    const rest = document.querySelector(".widget-rest");
    const words = rest?.querySelector("a").firstChild;
    if (shown.length === chosen.length) rest?.remove();
    else if (region) words.data = `All ${chosen.length.toLocaleString("en-GB")} ${board.dataset.bodies ?? "councils"} of ${region}`;
  }

  // In the place of rows and parties.
  function showMap(map) {
    map.hidden = false;
    for (const part of document.querySelectorAll(".board, .widget-night > :is(.scoreboard, .scoreboard-note, .widget-fold, .widget-flips), .widget-rest")) part.hidden = true;
  }

  function nameRegion(region) {
    const heading = document.querySelector("h1 a");
    const election = heading.textContent;
    document.title = `${election}: ${region}`;
    heading.textContent = region;
    heading.closest("h1").after(paragraph("muted", election));
  }

  function paragraph(className, text) {
    return Object.assign(document.createElement("p"), { className, textContent: text });
  }

  // How tall it is, in the three ways that parents understand.

  function tellHeight() {
    const child = asked.get("childId");
    let secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
    let told = 0;
    let wait = 50;
    let later = 0;
    const tell = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      clearTimeout(later);
      // What is clipped away, as WordPress has it, may have no size yet when all is loaded, and browsers run no observer
      // of what is not on the screen: until it has one, it is asked for.
      if (!height || !innerWidth) return (later = setTimeout(tell, (wait = Math.min(2 * wait, 2_000))));
      if (height === told) return;
      told = height;
      parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
      if (child !== null) parent.postMessage(`pymxPYMx${child}xPYMxheightxPYMx${height}`, "*");
      if (secret) parent.postMessage({ message: "height", value: height, secret }, "*");
    };
    const again = () => {
      told = 0;
      tell();
    };
    new ResizeObserver(tell).observe(document.body);
    // Whoever began to listen later has missed the first one.
    addEventListener("load", again);
    addEventListener("message", ({ source, data }) => {
      if (source !== parent || data?.message !== "ready") return;
      secret = secret || (typeof data.secret === "string" ? data.secret : null);
      root.toggleAttribute("data-leads-away", Boolean(secret));
      again();
    });
    root.toggleAttribute("data-leads-away", Boolean(secret));
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (link && secret) follow(event, link);
      else if (link && origin === "null") openOrSay(event, link);
    });

    // In a sandbox without pop-ups a link leads nowhere: WordPress follows it for us, in the place of its own page.
    function follow(event, link) {
      event.preventDefault();
      parent.postMessage({ message: "link", value: link.href, secret }, "*");
    }
  }

  // In a sandbox that lets no link open, where it would have led is told: a click that does nothing looks like a fault.
  function openOrSay(event, link) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const opened = open(link.href);
    if (opened) return (opened.opener = null);
    document.querySelector(".widget-closed")?.remove();
    const told = paragraph("widget-closed", `The page around this lets no link open. It leads to ${link.href}`);
    document.querySelector("main").after(told);
  }

  function keepCurrent() {
    const address = document.getElementById("live")?.getAttribute("hx-ws:connect");
    const pill = document.querySelector("[data-pill]");
    const at = document.querySelector("[data-at]");
    const said = document.querySelector("[data-said]");
    const pause = document.querySelector("[data-pause]");
    const { zone: timeZone, days } = document.body.dataset;
    const SILENCE = 1_000 * Number(pill.dataset.staleAfter); // By then a beat is overdue.
    const GIVE_UP = 2 * SILENCE; // A socket that stays silent for so long is dead, whatever it says of itself.
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" });
    const calendar = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone });
    const calendarOfDays = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const position = positionIn(document);
    const published = document.getElementById("published");
    const hasSocket = Boolean(address) && mode !== "poll";
    let socket = null;
    let timer = 0;
    let failures = 0;
    let polls = 0;
    let isPolling = false;
    let isAsking = false;
    let isAnswered = false; // By the last poll: what it told holds until the next ones are overdue.
    let isPaused = false;
    let isOffline = false; // The browser says so: what was open or answered before is not believed any more.
    let heardAt = performance.now();
    let files = null; // Of a file: where it stands.

    function positionIn(page) {
      const listens = page.getElementById("live")?.getAttribute("hx-ws:connect");
      const query = new URL(listens ?? "", location.href).searchParams;
      return { epoch: query.get("epoch"), seq: Number(query.get("since") ?? 0) };
    }

    // Running and not.

    function start() {
      stop();
      if (isPaused || document.hidden) return show();
      isPolling = !hasSocket;
      if (isPolling) poll();
      else open();
      show();
    }

    function stop() {
      clearTimeout(timer);
      const last = socket;
      socket = null;
      last?.close();
    }

    // `age` is how long a cache between here and the server has kept it, in milliseconds.
    function heard(age = 0) {
      heardAt = performance.now() - age;
      const final = finalDay();
      // A file is as at when it was written, whenever it is read: it says that itself.
      if (!isFile) at.textContent = final ? `Final, ${final}` : `As at ${moment(new Date(Date.now() - age))}`;
      show();
    }

    // The day of the last declaration once nothing is to come of anything that is shown, else empty.
    function finalDay() {
      const days = [...document.querySelectorAll("[data-final]")].map((part) => part.dataset.final).sort();
      // An ISO date is one of UTC. Empty ones come first.
      return days[0] ? calendarOfDays.format(new Date(days[days.length - 1])) : "";
    }

    // With the date, but on the night itself: results of another day shall not look like today's.
    function moment(now) {
      const day = calendar.format(now);
      return days.split("|").includes(day) ? clock.format(now) : `${clock.format(now)}, ${day}`;
    }

    function stateNow() {
      if (isPaused) return "paused";
      if (isOffline) return "stale";
      if (performance.now() - heardAt > (isAnswered ? POLLED_OUT : SILENCE)) return "stale";
      if (!isAnswered && socket?.readyState !== WebSocket.OPEN) return "reconnecting";
      return finalDay() ? "final" : "live";
    }

    // What is not there yet is not said: after a while it is "Not updating". What is final is not live, though it is told
    // of corrections.
    const WORDS = { live: isFile ? "" : "Live", final: "", reconnecting: "", paused: "Paused", stale: "Not updating" };

    function show() {
      const state = stateNow();
      if (pill.dataset.state === state) return;
      pill.dataset.state = state;
      pill.textContent = WORDS[state];
    }

    // By the socket.

    function open() {
      stop();
      const url = new URL(address, location.href);
      url.protocol = url.protocol.replace("http", "ws");
      url.searchParams.set("since", position.seq);
      url.searchParams.set("epoch", position.epoch);
      const own = new WebSocket(url);
      let isOpened = false;
      socket = own;
      own.onopen = () => {
        isOpened = true;
        isAnswered = false;
        failures = 0;
        heard();
      };
      own.onmessage = ({ data }) => take(data);
      own.onclose = () => {
        if (socket !== own) return;
        socket = null;
        if (!isOpened) failures += 1;
        if (mode === "auto" && failures >= TRIES) {
          isPolling = true;
          poll();
        } else timer = setTimeout(open, Math.min(500 * 2 ** failures, 15_000) * (0.7 + 0.6 * Math.random()));
        show();
      };
    }

    function take(data) {
      let message;
      try {
        message = JSON.parse(data);
      } catch {
        return;
      }
      if (typeof message?.seq !== "number") return;
      const isOurs = message.epoch === position.epoch;
      if (message.kind === "snapshot" || (isOurs && message.kind === "update" && message.seq > position.seq)) {
        apply(message.content, message.kind === "update");
      } else if (!isOurs) return open(); // Another log: it begins with a snapshot.
      position.epoch = message.epoch;
      position.seq = Math.max(message.seq, message.kind === "snapshot" ? 0 : position.seq);
      heard();
    }

    function apply(content, isNews) {
      for (const [, id, list, html] of content.matchAll(PARTIALS)) {
        if (!html) document.getElementById(id)?.remove();
        else if (!list || !place(list, id, html)) replace(id, html, isNews);
      }
    }

    // By asking for itself.

    async function ask() {
      const asking = new AbortController();
      const impatience = setTimeout(() => asking.abort(), 15_000);
      try {
        const answer = await fetch(location.href.split("#")[0], {
          cache: "no-cache",
          credentials: "omit",
          signal: asking.signal,
        });
        if (!answer.ok) throw new Error(`${answer.status}`);
        renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
        return 1_000 * (Number(answer.headers.get("Age")) || 0);
      } finally {
        clearTimeout(impatience);
      }
    }

    // A file looks at small notes beside it.
    async function look() {
      files ??= (await import(new URL("../files.js", own))).standing(published.dataset, change, (page) => {
        renew(page);
        return true;
      });
      const { isDone, isSilent } = await files.look();
      if (isSilent && !isDone) throw new Error("nobody publishes");
      return 0;
    }

    function change({ seq, content, as_at }) {
      apply(content, true);
      tell("declared:changed", { seq, kind: "update" });
      at.innerHTML = as_at;
    }

    async function poll() {
      // Whoever comes back meanwhile is told by what is under way.
      if (isAsking) return;
      isAsking = true;
      try {
        const age = isFile ? await look() : await ask();
        isAnswered = isPolling;
        heard(age);
      } catch {
        // Then it shows as not updating, and is asked again.
        isAnswered = false;
      }
      isAsking = false;
      if (!isPolling || isPaused || document.hidden) return show();
      polls += 1;
      clearTimeout(timer); // There is one chain of questions, whatever has happened meanwhile.
      timer = setTimeout(again, POLL_FROM + POLL_SPREAD * Math.random());
      show();
    }

    function again() {
      if (!hasSocket || polls % POLLS_PER_TRY) return poll();
      // The server may have room by now; one try, and back to asking.
      failures = TRIES - 1;
      isPolling = false;
      open();
    }

    function renew(page) {
      const found = positionIn(page);
      // A cache may have less than a socket has told since.
      if (found.epoch === position.epoch && found.seq < position.seq) return;
      for (const id of page.body.dataset.fragments?.split(" ") ?? []) {
        const html = page.getElementById(id)?.outerHTML;
        if (html && html !== document.getElementById(id)?.outerHTML) replace(id, html, true);
      }
      tell("declared:page", { page });
      const written = page.querySelector("[data-at]");
      if (isFile && written) at.replaceChildren(...written.childNodes);
      Object.assign(position, found);
    }

    // What is shown.

    // An item of a list knows its place itself, as in lists.js. False: it stands there already.
    function place(id, itemId, html) {
      const list = document.getElementById(id);
      const old = document.getElementById(itemId);
      const fresh = parsed(html);
      if (!list || old?.dataset.order === fresh.dataset.order) return false;
      old?.remove();
      const order = Number(fresh.dataset.order);
      const isBehind = (other) => order > other.dataset.order || (order === Number(other.dataset.order) && other.id > itemId);
      list.insertBefore(fresh, [...list.children].find(isBehind) ?? null);
      return true;
    }

    function tell(name, detail) {
      document.dispatchEvent(new CustomEvent(name, { detail }));
    }

    function parsed(html) {
      const box = document.createElement("template");
      box.innerHTML = html;
      return box.content.firstElementChild;
    }

    function replace(id, html, isNews) {
      const old = document.getElementById(id);
      // What this widget has no place for may be what a map is drawn of.
      if (!old) return tell("declared:fragment", { id, html, isNews });
      const fresh = parsed(html);
      // What stands around the fragments is another by now. Not everybody asks for it at once.
      if (fresh.dataset.from !== old.dataset.from) return setTimeout(() => location.reload(), 3_000 * Math.random());
      const focused = [...old.querySelectorAll("a, button")].indexOf(document.activeElement);
      const before = controlIn(old);
      old.replaceWith(fresh);
      if (focused >= 0) fresh.querySelectorAll("a, button")[focused]?.focus({ preventScroll: true });
      const now = controlIn(fresh);
      if (isNews && now !== null && now !== before) tellFlip(fresh, now);
    }

    // Who controls, in words; empty while that is undecided, null where the fragment has no badge.
    function controlIn(element) {
      const badge = element.querySelector(".badge");
      if (!badge) return null;
      return badge.dataset.control ? badge.querySelector(".badge-words").textContent : "";
    }

    function tellFlip(element, words) {
      const slot = element.closest("[data-slot]");
      const name = slot?.dataset.name ?? slot?.querySelector(".council-name a")?.textContent ?? "";
      said.textContent = `${name}: ${words || "undecided again"}`;
      slot?.classList.add("is-flipping");
      setTimeout(() => slot?.classList.remove("is-flipping"), WASH);
    }

    pause.addEventListener("click", () => {
      isPaused = !isPaused;
      pause.textContent = isPaused ? "Resume" : "Pause";
      start();
    });
    document.addEventListener("visibilitychange", start);
    addEventListener("pageshow", ({ persisted }) => persisted && start());
    addEventListener("offline", () => {
      isOffline = true;
      isAnswered = false;
      show();
    });
    addEventListener("online", () => {
      isOffline = false;
      start();
    });
    setInterval(() => {
      show();
      const isSilent = performance.now() - heardAt > GIVE_UP;
      if (socket?.readyState === WebSocket.OPEN && isSilent && !document.hidden) open();
    }, 1_000);
    start();
  }
})();
