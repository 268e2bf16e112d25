// The room by keyboard: ↑ and ↓ go to the row above and below, Ctrl+Enter saves. What is typed and not saved is kept in
// this tab alone, since it may hold telephone numbers: a reload, a lost network or a new login gives it back.

const forms = [...document.querySelectorAll("[data-room]")];
const fields = forms.flatMap((form) => [...form.querySelectorAll("input[id], textarea[id]")]);
const place = `room/${location.pathname}/${forms[0]?.dataset.room}`;
const read = (name) => JSON.parse(sessionStorage.getItem(name) || "[]");
const write = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

function keep() {
  const typed = fields.filter((field) => field.value !== field.defaultValue);
  write(place, typed.map((field) => [field.id, field.defaultValue, field.value]));
}

// Into a field that stands as it stood then: what somebody has saved since is not written over, nor what was sent kept.
function restore() {
  const sent = document.querySelector("[data-done]") ? read(`${place}/sent`) : [];
  for (const [id, before, typed] of read(place)) {
    const field = fields.find((other) => other.id === id);
    if (field?.value === before && !sent.includes(id)) field.value = typed;
  }
}

function move(field, step) {
  const column = fields.filter((other) => other.dataset.column === field.dataset.column);
  const next = column[column.indexOf(field) + step];
  next?.focus();
  next?.select();
}

if (forms.length) {
  restore();
  keep();
}

for (const form of forms) {
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => {
    write(`${place}/sent`, fields.filter((field) => field.form === form).map((field) => field.id));
  });
  form.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key in steps && event.target.matches("[data-column]:not([list])")) {
      event.preventDefault();
      move(event.target, steps[event.key]);
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
