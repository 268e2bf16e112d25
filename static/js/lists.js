// Lists: an item knows its place itself, by data-order, the greatest first and equal ones by id. So it can be put in, or
// put elsewhere, whatever else there is; what comes twice is put in once.

const ITEMS = /<hx-partial hx-target="#([\w-]+)"[^>]* data-list="([\w-]+)">([^]*?)<\/hx-partial>/g;

// How long those glide that make room, in milliseconds.
const GLIDE = 200;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");

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
  for (const items of stood.values()) glide(items);
}

// Has whoever made room come from where it stood: nothing jumps, and nothing counts as a shift of the layout.
function glide(items) {
  const ways = [...items].map(([item, [left, top]]) => {
    const [newLeft, newTop] = placeOf(item);
    return [item, left - newLeft, top - newTop];
  });
  for (const [item, x, y] of ways) {
    if (x || y) {
      const way = { translate: [`${x}px ${y}px`, "0px 0px"] };
      item.animate(way, { duration: isStill.matches ? 1 : GLIDE, easing: "ease-out", composite: "add" });
    }
  }
}

// By the layout, whatever glides just now.
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
