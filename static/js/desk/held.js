// Counts down what waits before readers see it, on every page of the desk, and shows what has become of it.

const held = document.getElementById("held");

let shown = held?.innerHTML.trim() ?? "";

function countDown() {
  for (const element of held.querySelectorAll("[data-due]")) {
    const left = Math.ceil((Number(element.dataset.due) - Date.now()) / 1000);
    element.textContent = left > 0 ? `${left} s left` : "Going out now";
  }
}

async function refresh() {
  let html;
  try {
    const response = await fetch(held.dataset.part, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    html = (await response.text()).trim();
  } catch {
    return; // The next look is a few seconds away.
  }
  if (html === shown) return;
  shown = html;
  const focused = document.activeElement?.closest("#held form")?.getAttribute("action");
  held.innerHTML = html;
  if (focused) held.querySelector(`form[action="${CSS.escape(focused)}"] button`)?.focus();
  countDown();
}

if (held) {
  countDown();
  document.addEventListener("desk:night", refresh);
  // A second is counted where there is something to count; what is over is looked for as soon as it should be.
  setInterval(() => {
    countDown();
    const isOver = [...held.querySelectorAll("[data-due]")].some((it) => Number(it.dataset.due) < Date.now());
    if (isOver) refresh();
  }, 1_000);
}
