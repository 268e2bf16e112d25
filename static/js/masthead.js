// Tells the stylesheets how high the masthead is: what stays in sight stands below it, and what has focus is never under it.
// And scrolls the navigation, on a phone, to the page that is read.
const masthead = document.querySelector(".masthead");
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--masthead-measured", `${masthead.offsetHeight}px`);
}).observe(masthead);

const here = document.querySelector(".navigation [aria-current]");
if (here) {
  const list = here.closest("ul");
  const [own, whole] = [here, list].map((it) => it.getBoundingClientRect());
  list.scrollLeft += own.left + own.width / 2 - (whole.left + whole.width / 2);
}
