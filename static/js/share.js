// The share panel: its code follows the options, its lines follow the night, and its preview is what readers will get.
//
// The server's code is the pattern: it is read, changed where an option says so, and written again. Nothing is loaded
// before the panel is opened; the preview then comes by the very loader that the code to paste names.

const panel = document.getElementById("share");
const options = panel.querySelector("[data-share-options]");
const stage = panel.querySelector("[data-share-stage]");
const councils = panel.querySelector("[data-share-councils]");
const fields = Object.fromEntries(
  ["line", "link", "script", "frame"].map((name) => [name, document.getElementById(`share-${name}`)]),
);
const { title, test, convention: ofThePage, usual, widget, at = "" } = panel.dataset;
const heights = new Map();
const isOfTheNight = Boolean(councils);
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

// What the page shows now. These elements come anew with live messages.
function lines() {
  if (!isOfTheNight) {
    const button = document.querySelector(".verdict-share [data-copy], [data-share-line]");
    const line = test + (button.dataset.flash || button.dataset.copy);
    // That of a party says it itself.
    return { line, fallback: button.matches("[data-share-line]") ? line : standing(line) };
  }
  const far = document.querySelector("#strip .strip-far").textContent.trim();
  const fallback = `${test}${title}: ${far} declared`;
  const flash = document.querySelector("#ticker .line-flash:not(.line-withdrawn) [data-copy]");
  return { line: flash ? test + flash.dataset.copy : fallback, fallback: standing(fallback) };
}

// What stays in an article says as at when it is, or that it is final.
function standing(line) {
  const final = at ? "" : document.querySelector(".verdict, #progress-line")?.dataset.final;
  const told = final ? `Final, ${day.format(new Date(final))}` : document.querySelector("[data-as-at]").dataset.told;
  return `${line.replace(/[.]$/, "")}. ${told}`;
}

function asked() {
  const data = new FormData(options);
  const chosen = data.getAll("council");
  return {
    theme: data.get("theme"),
    live: data.get("live"),
    width: data.get("width"),
    convention: data.get("convention") ?? ofThePage,
    region: chosen.length ? "" : (data.get("region") ?? ""),
    councils: chosen.join(","),
    show: data.get("show") ?? "",
  };
}

// An address with a query of these values, without those that say nothing. Commas stay as they are, for people to read.
function address(base, values) {
  const query = Object.entries(values)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return base.split("?")[0] + (query.length ? `?${query.join("&")}` : "");
}

function written(field, change) {
  const pattern = new DOMParser().parseFromString(field.defaultValue, "text/html").body;
  change(pattern.firstElementChild);
  return pattern.innerHTML.replace('async=""', "async");
}

// How high the widget is at that width at most, which the server knows: undefined until it has said so.
function heightAt(source, width) {
  const asked = new URLSearchParams({ url: source, format: "json" });
  if (width) asked.set("maxwidth", width);
  if (!heights.has(`${asked}`)) {
    heights.set(`${asked}`, undefined);
    fetch(`/oembed?${asked}`)
      .then((answer) => answer.json())
      .then(({ height }) => {
        heights.set(`${asked}`, height);
        show();
      })
      .catch(() => heights.delete(`${asked}`)); // What stands there already fits every width.
  }
  return heights.get(`${asked}`);
}

function put(field, text) {
  if (field.value !== text) field.value = text;
}

function show() {
  if (!panel.open) return;
  const { width, ...query } = asked();
  const convention = query.convention === usual ? "" : query.convention;
  const source = address(widget, { ...query, convention, at });
  const { line, fallback } = lines();
  put(fields.line, line);
  put(fields.script, written(fields.script, (place) => {
    place.dataset.electionEmbed = source;
    if (width) place.style.maxWidth = `${width}px`;
    const link = place.querySelector("a");
    link.href = address(fields.link.value, { convention, at });
    // By another convention the page's line may not be true.
    link.textContent = query.convention === ofThePage ? fallback : test + title;
  }));
  put(fields.frame, written(fields.frame, (frame) => {
    frame.src = source;
    frame.height = heightAt(source, width) ?? frame.height;
    if (!width) return;
    frame.width = width;
    frame.style.maxWidth = "100%";
  }));
  for (const button of panel.querySelectorAll("[data-copies]")) {
    button.dataset.copy = document.getElementById(button.dataset.copies).value;
  }
  preview(source, width);
}

function preview(source, width) {
  let element = stage.firstElementChild;
  if (!element) {
    element = document.createElement("election-embed");
    element.title = `Preview: ${title}`;
    stage.append(element);
    const loader = document.createElement("script");
    loader.src = "/embed.js";
    document.head.append(loader);
  }
  const path = new URL(source);
  // By the address that this page has, which need not be the one that readers have.
  const here = location.origin + path.pathname + path.search;
  if (element.getAttribute("src") !== here) element.setAttribute("src", here);
  element.style.maxWidth = width ? `${width}px` : "";
}

// The board has every council, by name where it is sorted so; the list is made when it is first asked for.
function listCouncils() {
  if (!councils || councils.childElementCount) return;
  const rows = [...document.querySelectorAll("#board [data-slot]")].map((slot) => ({
    id: slot.dataset.slot,
    name: slot.querySelector(".council-name a").textContent.trim(),
  }));
  for (const { id, name } of rows.toSorted((one, other) => one.name.localeCompare(other.name))) {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "council", value: id });
    label.append(box, name);
    councils.append(label);
  }
}

function tellChosen() {
  const number = options.querySelectorAll("[name=council]:checked").length;
  const words = panel.querySelector("[data-share-chosen]");
  if (words) words.textContent = number ? `${number} chosen` : "all of them";
  const region = options.elements.region;
  if (region) region.disabled = number > 0;
}

panel.addEventListener("toggle", () => {
  listCouncils();
  show();
});
options.addEventListener("input", () => {
  tellChosen();
  show();
});
options.addEventListener("submit", (event) => event.preventDefault());
panel.addEventListener("focusin", ({ target }) => target.matches("[readonly]") && target.select());
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !panel.open) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});
document.addEventListener("declared:changed", show);
// Browsers fill forms in again when somebody comes back.
options.reset();
show();
