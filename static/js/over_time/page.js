// Moves the slider of the night in time on with the page (again.js), unless somebody is at it.

document.addEventListener("declared:again", ({ detail: page }) => {
  const [mine, theirs] = [document, page].map((it) => it.querySelector(".moments"));
  if (!mine || !theirs || mine.contains(document.activeElement)) return;
  mine.wards.max = theirs.wards.max;
  mine.wards.value = theirs.wards.value;
  mine.querySelector("output").textContent = theirs.querySelector("output").textContent;
  mine.querySelector("a").href = theirs.querySelector("a").getAttribute("href");
});
