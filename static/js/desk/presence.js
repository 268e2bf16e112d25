// Who else is at this form, as the server tells it, and how long what is claimed is still theirs.

const here = document.querySelector("[data-on]");

function left(until) {
  const seconds = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

function count() {
  for (const element of document.querySelectorAll("[data-until]")) element.textContent = left(element.dataset.until);
}

document.addEventListener("desk:night", ({ detail }) => {
  const { here: html } = detail.told;
  if (here && html !== undefined && here.dataset.shown !== html) {
    here.dataset.shown = html;
    here.innerHTML = html;
  }
  count();
});
setInterval(count, 1_000);
count();
