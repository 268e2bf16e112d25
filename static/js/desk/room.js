// The room's table by keyboard: ↑ and ↓ go to the row above and below, Ctrl+Enter saves. What is typed and not saved is
// kept in this tab alone, since it may hold telephone numbers: a reload or a new login gives it back.

const form = document.querySelector("[data-room]");
const fields = form ? [...form.querySelectorAll("[data-column]")] : [];
const place = form ? `room/${form.dataset.room}` : "";

function move(field, step) {
  const column = fields.filter((other) => other.dataset.column === field.dataset.column);
  const next = column[column.indexOf(field) + step];
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

function keep() {
  const typed = fields.filter((field) => field.value !== field.defaultValue);
  const kept = Object.fromEntries(typed.map((field) => [field.name, [field.defaultValue, field.value]]));
  sessionStorage.setItem(place, JSON.stringify(kept));
}

// Into a field that stands as it stood then: what somebody has saved since is not written over.
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(place) || "{}");
  for (const field of fields) {
    const [before, typed] = kept[field.name] ?? [];
    if (typed !== undefined && field.value === before) field.value = typed;
  }
}

if (form) {
  restore();
  keep();
  form.addEventListener("input", keep);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.target.matches("[data-column]:not([list])") && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      if (move(event.target, event.key === "ArrowUp" ? -1 : 1)) event.preventDefault();
    }
  });
}

for (const choose of document.querySelectorAll("[data-into]")) {
  choose.addEventListener("change", async () => {
    const [file] = choose.files;
    if (file) document.getElementById(choose.dataset.into).value = await file.text();
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
