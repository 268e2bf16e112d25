// Runs before the page is painted: says that scripts run, and sets the theme that the reader chose.
{
  const root = document.documentElement;
  const fixed = root.dataset.theme;
  root.classList.add("js");

  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage is closed to us: the system's theme it is.
    }
  };
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  if (!fixed && ["light", "dark"].includes(chosen())) root.dataset.theme = chosen();

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    const label = () => (button.textContent = isDark() ? "Light page" : "Dark page");
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch {
        // Then it lasts as long as the page.
      }
      label();
    });
    label();
  });
}
