// Tells the stylesheets how high the masthead is: what stays in sight stands below it, and what has focus is never under it.
const masthead = document.querySelector(".masthead");
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--masthead-measured", `${masthead.offsetHeight}px`);
}).observe(masthead);
