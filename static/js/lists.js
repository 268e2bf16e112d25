// Lists: an item knows its place itself, by data-order, the greatest first and equal ones by id. So it can be put in, or
// put elsewhere, whatever else there is; what comes twice is put in once.

const ITEMS = /<hx-partial hx-target="#([\w-]+)"[^>]* data-list="([\w-]+)">([^]*?)<\/hx-partial>/g;

// Makes room for the items that a message brings: each then stands where it belongs, and can be swapped like anything else.
export function makeRoom(content) {
  const stood = new Map();
  for (const [, id, listed, html] of content.matchAll(ITEMS)) {
    const list = document.getElementById(listed);
    if (!list) continue;
    const box = document.createElement("template");
    box.innerHTML = html;
    const fresh = box.content.firstElementChild;
    const mine = document.getElementById(id);
    if (mine?.dataset.order === fresh.dataset.order) continue;
    if (!stood.has(list)) stood.set(list, new Map([...list.children].map((item) => [item, placeOf(item)])));
    if (mine) move(list, mine, fresh.dataset.order);
    else list.insertBefore(fresh, follower(list, fresh));
  }
  // Not before the frame is due, which reckons the layout anyway.
  if (stood.size) requestAnimationFrame(() => stood.forEach(settle));
}

// Has whoever made room come from where it stood, within a frame: then it has not shifted under its reader, who is shown a
// line more and no motion.
function settle(items) {
  const ways = [...items].map(([item, [left, top]]) => {
    const [newLeft, newTop] = placeOf(item);
    return [item, left - newLeft, top - newTop];
  });
  for (const [item, x, y] of ways) {
    if (x || y) item.animate({ translate: [`${x}px ${y}px`, "0px 0px"] }, { duration: 1, composite: "add" });
  }
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
