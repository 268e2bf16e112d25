// Has the browser keep the pages that somebody needs next, for when there is no network.

const bar = document.querySelector("[data-night]");

if (bar && navigator.serviceWorker) keep();

async function keep() {
  try {
    await navigator.serviceWorker.register("/desk/sw.js", { scope: "/desk" });
    const { active } = await navigator.serviceWorker.ready;
    const council = document.querySelector("[data-council]")?.dataset.council ?? "";
    const place = bar.dataset.night.replace("night.json", `offline.json?council=${encodeURIComponent(council)}`);
    const response = await fetch(place, { headers: { Accept: "application/json" } });
    if (response.ok) active.postMessage({ keep: (await response.json()).addresses });
  } catch {
    // No network just now, or a browser that keeps nothing: the desk goes on without.
  }
}
