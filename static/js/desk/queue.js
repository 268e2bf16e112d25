// Keeps the queue live: its list is replaced whole whenever the night has changed, and focus stays on the same row.

const queue = document.getElementById("queue");

async function refresh() {
  let html;
  try {
    const response = await fetch(queue.dataset.part, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    html = await response.text();
  } catch {
    return; // The next look is a few seconds away.
  }
  if (html === queue.dataset.shown) return;
  queue.dataset.shown = html;
  const focused = document.activeElement;
  const row = focused?.closest?.(".queue-row")?.id;
  const place = focused?.getAttribute?.("href");
  queue.innerHTML = html;
  if (row) (document.getElementById(row)?.querySelector(place ? `a[href="${CSS.escape(place)}"]` : "a") ?? null)?.focus();
}

document.addEventListener("desk:night", refresh);
// How long something waits is told in minutes.
setInterval(() => document.hidden || refresh(), 30_000);
