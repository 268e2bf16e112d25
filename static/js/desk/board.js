// Keeps the board live: the server draws what changed, and it is put in the place of what is there. Nothing moves away
// from under a pointer or the focus: what is new comes at the end then, and the order waits until nobody is at the list.

const work = document.getElementById("work");
const needs = document.getElementById("needs");
const lists = [needs, work];

function write(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

function drawn(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

// The element itself stays, with the focus that it has, or that its link has.
function put(own, fresh) {
  for (const { name, value } of fresh.attributes) own.setAttribute(name, value);
  const focused = own.contains(document.activeElement) && document.activeElement !== own;
  own.innerHTML = fresh.innerHTML;
  if (focused) own.querySelector("a")?.focus();
}

function isInHand(list) {
  return list.matches(":hover") || list.contains(document.activeElement);
}

function orderOf(element) {
  return element.dataset.order ?? element.querySelector("[data-order]")?.dataset.order ?? "";
}

function tidy() {
  for (const list of lists) {
    if (isInHand(list)) continue;
    for (const gone of list.querySelectorAll(".is-gone")) gone.remove();
    const now = [...list.children];
    const wanted = now.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0));
    if (wanted.some((element, place) => element !== now[place])) list.append(...wanted);
  }
}

function takeOut(own) {
  if (!needs.contains(own)) return;
  if (isInHand(needs)) own.classList.add("is-gone");
  else own.remove();
}

function redraw({ pieces, redrawn }) {
  if (redrawn) for (const own of [...needs.children]) if (!(own.id in pieces)) takeOut(own);
  for (const [id, html] of Object.entries(pieces)) {
    const own = document.getElementById(id);
    if (html === null) {
      if (own) takeOut(own);
      continue;
    }
    const fresh = drawn(html);
    if (own) put(own, fresh);
    else if (fresh.matches(".need")) needs.append(fresh);
  }
}

function update({ night, told }) {
  for (const [key, number] of Object.entries(night.counts)) {
    write(document.querySelector(`[data-count="${key}"]`), String(number));
  }
  redraw({ redrawn: false, ...told });
  for (const [id, , , , state, label, note, tags] of told.lines) {
    const line = document.getElementById(id);
    if (!line) continue;
    if (line.dataset.work !== state) {
      line.dataset.work = state;
      line.classList.add("is-fresh");
    }
    line.dataset.tags = tags;
    write(line.querySelector(".work-label"), label);
    write(line.querySelector(".work-note"), note);
    write(line.querySelector("[data-tally-note]"), note ? `: ${note}` : "");
  }
  if (told.version) work.dataset.version = told.version;
  if (told.version && "narrowed" in work.dataset) narrowAnew();
  tidy();
}

async function fetched(query) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

// What comes under a filter is for the server to say.
async function narrowAnew() {
  const html = await fetched({ part: "councils" }).catch(() => null);
  if (html !== null && !isInHand(work)) work.innerHTML = html;
}

// What a council has is fetched when it is opened, and the address keeps which are open for whoever comes back.
work.addEventListener(
  "toggle",
  async ({ target }) => {
    const { council } = target.dataset;
    const open = new Set([...work.querySelectorAll("details[open]")].map((one) => one.dataset.council));
    const address = new URL(location.href);
    if (open.size) address.searchParams.set("open", [...open].join(","));
    else address.searchParams.delete("open");
    history.replaceState(history.state, "", address);
    const wards = target.querySelector("[data-wards]");
    if (!target.open || wards.querySelector(".work-lines")) return;
    const html = await fetched({ part: "wards", open: council }).catch(() => null);
    if (html === null) wards.textContent = "These cannot be fetched just now. Close this and open it again.";
    else wards.innerHTML = html;
  },
  true,
);

for (const list of lists) {
  list.addEventListener("pointerleave", tidy);
  list.addEventListener("focusout", () => setTimeout(tidy));
}

document.addEventListener("desk:night", ({ detail }) => update(detail));
// A council that an address leads to is open.
const asked = document.getElementById(location.hash.slice(1));
if (asked?.matches(".work-council")) asked.open = true;
