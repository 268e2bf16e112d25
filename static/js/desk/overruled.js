// Puts away what somebody has seen, without leaving a form that they type into. Without this module the board comes next.

for (const notice of document.querySelectorAll("[data-overruled]")) {
  const form = notice.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) notice.remove();
    else form.submit();
  });
}
