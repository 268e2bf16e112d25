// Keeps "As at 02:41 BST, entry 1,204" true while the page is live: with every message, and with every beat, which says that
// there is nothing newer. What the server wrote is the time of that entry; from then on it is the time until which the page
// has been told everything.

const line = document.querySelector("[data-as-at]");
const [time, entry] = line.querySelectorAll("span");
const { zone: timeZone, days } = line.dataset;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" });
const calendar = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone });
const briefly = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone });

// With the date, but on the night itself: results of another day shall not look like today's.
function now() {
  const at = new Date();
  return days.split("|").includes(calendar.format(at)) ? clock.format(at) : `${briefly.format(at)} ${clock.format(at)}`;
}

function tell({ detail }) {
  time.textContent = `As at ${now()}`;
  entry.textContent = detail.seq ? `, entry ${detail.seq.toLocaleString("en-GB")}` : ", before the first entry";
}

// What is copied from the page says when the newest entry was there.
function keep() {
  line.dataset.told = `As at ${clock.format(new Date())}, ${calendar.format(new Date())}`;
}

document.addEventListener("declared:changed", tell);
document.addEventListener("declared:changed", keep);
document.addEventListener("declared:beat", tell);
