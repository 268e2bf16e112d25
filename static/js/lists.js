// Lists: an item knows its place itself, by data-order, the greatest first and equal ones by id. So it can be put in, or
// put elsewhere, whatever else there is; what comes twice is put in once.

// Where items stand in what the reader saw last, list by list, while a message brings others.
const stood = new Map();

// Where items are shown as yet, though they stand elsewhere by now, until a frame has shown it; and what holds them there.
const shown = new Map();
const holds = new Set();
let frame = 0;

const HELD = 60_000; // Milliseconds: longer than any frame.

const ITEMS = /<hx-partial hx-target="#([\w-]+)"[^>]* data-list="([\w-]+)">([^]*?)<\/hx-partial>/g;

// Makes room for the items that a message brings: each then stands where it belongs, and can be swapped like anything else.
export function makeRoom(content) {
  const coming = [...content.matchAll(ITEMS)].flatMap(([, id, listed, html]) => {
    const list = document.getElementById(listed);
    if (!list) return [];
    const box = document.createElement("template");
    box.innerHTML = html;
    const fresh = box.content.firstElementChild;
    const mine = document.getElementById(id);
    return mine?.dataset.order === fresh.dataset.order ? [] : [{ list, mine, fresh }];
  });
  // All are asked where they stand before any is put in: afterwards the browser would have to lay everything out to say.
  for (const { list } of coming) {
    if (!stood.has(list)) stood.set(list, [...list.children].map((item) => [item, shown.get(item) ?? placeOf(item)]));
  }
  for (const { list, mine, fresh } of coming) {
    if (mine) move(list, mine, fresh.dataset.order);
    else list.insertBefore(fresh, follower(list, fresh));
  }
}

// Once they are in: has whoever made room be shown where it stood for one frame, and then where it stands. So it has not
// shifted under its reader, who is shown a line more and no motion.
export function settle() {
  const ways = [...stood.values()].flat().map(([item, from]) => [item, from, placeOf(item)]);
  stood.clear();
  for (const [item, [left, top], [newLeft, newTop]] of ways) {
    if (left === newLeft && top === newTop && !shown.has(item)) continue;
    shown.set(item, [left, top]);
    const way = `${left - newLeft}px ${top - newTop}px`;
    holds.add(item.animate({ translate: [way, "0px"] }, { duration: HELD, easing: "step-end", fill: "forwards" }));
  }
  // In a tab that nobody sees there is no next frame.
  if (document.hidden) return arrive();
  if (!shown.size) return;
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => (frame = requestAnimationFrame(arrive)));
}

// What holds an item lets it go first and is taken away a frame later: both at once would now and then count as a shift.
function arrive() {
  const done = [...holds];
  holds.clear();
  shown.clear();
  for (const hold of done) hold.finish();
  requestAnimationFrame(() => {
    for (const hold of done) hold.cancel();
  });
}

// By the layout, wherever it is shown just now.
function placeOf(item) {
  return [item.offsetLeft, item.offsetTop];
}

// Has a list become what it is on a newer page; what has not changed stays.
export function become(list, newer) {
  for (const item of [...list.children]) if (!newer.children.namedItem(item.id)) item.remove();
  for (const item of [...newer.children]) {
    const mine = list.children.namedItem(item.id);
    if (mine?.isEqualNode(item)) continue;
    mine?.remove();
    list.insertBefore(document.adoptNode(item), follower(list, item));
  }
}

function move(list, item, order) {
  item.dataset.order = order;
  const focused = document.activeElement;
  list[list.moveBefore ? "moveBefore" : "insertBefore"](item, follower(list, item));
  if (focused !== document.activeElement && item.contains(focused)) focused.focus({ preventScroll: true });
}

// The first of a list that comes after an item.
function follower(list, item) {
  const order = Number(item.dataset.order);
  return [...list.children].find((other) => {
    const behind = order - Number(other.dataset.order);
    return other !== item && (behind > 0 || (behind === 0 && other.id > item.id));
  }) ?? null;
}
