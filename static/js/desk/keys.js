// Shows what the keys do: ? from anywhere but a line of words. Without this module the links lead to a page that says so.

const dialog = document.getElementById("keys-dialog");

// Where a question mark may be one of the words that are typed; it is no figure.
const isWords = (field) =>
  field?.matches?.("input:not([inputmode]):not([type=checkbox]):not([type=radio]), textarea, select") ?? false;

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]") || isWords(document.activeElement)) return;
  event.preventDefault();
  dialog.showModal();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-keys]")) return;
  event.preventDefault();
  dialog.showModal();
});
