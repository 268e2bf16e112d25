// Where a page that is a file stands, and what is newer: asked of small notes beside it, for there is no server to tell.
//
// The night's note says how far the night is. A council's page then asks the council's own note, which may be a few seconds
// behind in a cache between us, so it is asked twice. The pages of the whole night have a file of what has changed since the
// entry they stand at, for about a minute and a half; later, and for all others, the page itself is fetched.

const AWAY = 80_000;
const SILENCE = 180_000; // The night's note is written every 20 s while somebody publishes.
const TIMEOUT = 15_000;
const SLOTS = 100; // Files of changes are named by the last two digits of the entry.

export async function fetched(url) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), TIMEOUT);
  try {
    const answer = await fetch(url, { cache: "no-cache", credentials: "omit", signal: giveUp.signal });
    if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
    return await answer.text();
  } finally {
    clearTimeout(timer);
  }
}

// `data` is what the page has in #published. What a look finds is given to `change`, a message as of the socket, or to
// `renew`, the page as a document: it returns whether it has taken that over.
export function standing(data, change, renew) {
  const { note, councilNote, changes } = data;
  let { epoch } = data;
  let seq = Number(data.seq);
  let awaited = seq; // The newest entry that is known about what the page shows.
  let told = councilNote ? -1 : seq; // How far the night was at the last look, and at the one before that.
  let toldBefore = told;
  let lookedAt = performance.now();

  // {checked, isDone, isSilent}; raises when nobody answers.
  async function look() {
    const night = JSON.parse(await fetched(note));
    if (night.epoch !== epoch) await takePage();
    else {
      if (!councilNote) awaited = night.seq;
      else if (night.seq > toldBefore) awaited = Math.max(awaited, await standsAt(councilNote));
      if (awaited > seq) await goOn();
    }
    [toldBefore, told] = [told, night.seq];
    lookedAt = performance.now();
    const checked = new Date(night.checked);
    return { checked, isDone: night.done === true, isSilent: Date.now() - checked > SILENCE };
  }

  async function standsAt(url) {
    const subject = JSON.parse(await fetched(url));
    return subject.epoch === epoch ? subject.seq : seq + 1;
  }

  async function goOn() {
    const isLate = performance.now() - lookedAt > AWAY;
    if (!changes || isLate || !(await takeChanges()) || seq < told) await takePage();
  }

  async function takeChanges() {
    const text = await fetched(`${changes}/${seq % SLOTS}.json`).catch(() => "{}");
    const message = JSON.parse(text);
    if (message.since !== seq || message.epoch !== epoch) return false;
    if (message.seq > seq) change(message);
    seq = message.seq;
    return true;
  }

  // A copy that is not newer yet (a cache between us) is left for next time.
  async function takePage() {
    const page = new DOMParser().parseFromString(await fetched(location.pathname), "text/html");
    const newer = page.getElementById("published")?.dataset;
    if (!newer || (newer.epoch === epoch && Number(newer.seq) <= seq) || !renew(page)) return;
    epoch = newer.epoch;
    seq = Number(newer.seq);
  }

  return { look, seq: () => seq };
}
