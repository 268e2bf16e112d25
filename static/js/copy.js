// Copies a line in one click: any button with data-copy. It says so on itself, and to a screen reader.

const SHOWN = 2_000;
const feedback = document.getElementById("feedback");

async function write(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  // Without https there is no clipboard to write to, but there still is a selection to copy.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  if (!isCopied) throw new Error("not copied");
}

function tell(button, words) {
  const before = button.dataset.words ?? button.textContent;
  button.dataset.words = before;
  button.dataset.copied = "";
  button.textContent = words;
  if (feedback) feedback.textContent = `${words}: ${button.dataset.copyName ?? button.dataset.copy}`;
  setTimeout(() => {
    button.textContent = before;
    delete button.dataset.copied;
    delete button.dataset.words;
    if (feedback) feedback.textContent = "";
  }, SHOWN);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    // In a rehearsal every line says so; codes and addresses (data-copies) stay what they are.
    const mark = "copies" in button.dataset ? "" : (document.body.dataset.lineMark ?? "");
    await write(mark + button.dataset.copy);
    tell(button, "Copied");
  } catch {
    tell(button, "Not copied");
  }
});
