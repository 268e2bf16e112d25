// The slider to other moments: it tells where it is while it is moved, and leads there when it is let go. Keys move it one by
// one, and it waits for the last of them.

const LET_GO = 500;
const MOVED = "declared.moved"; // Whoever goes on by keys finds the slider where it was.

for (const slider of document.querySelectorAll("[data-moments]")) {
  const { form } = slider;
  const told = form.querySelector("output");
  let timer = null;
  form.querySelector("[type=submit]").hidden = true;
  slider.addEventListener("input", () => {
    told.textContent = `${Number(slider.value).toLocaleString("en-GB")} of ${told.dataset.of}`;
  });
  slider.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      sessionStorage.setItem(MOVED, "");
      form.requestSubmit();
    }, LET_GO);
  });
  if (sessionStorage.getItem(MOVED) !== null) slider.focus({ preventScroll: true });
  sessionStorage.removeItem(MOVED);
}
