// A photo of the sheet: made smaller here where it is too large to be sent, and told plainly where it cannot be sent now.

import { became } from "./live.js";

const LONGEST_SIDE = 2400;
const SMALL_ENOUGH = 700_000; // Bytes that go as they are.
const PATIENCE = 60_000;

const form = document.querySelector("form[data-photo]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  const [chosen] = form.elements.photo.files;
  if (!chosen) return;
  button.disabled = true;
  said.textContent = "Sending…";
  try {
    said.textContent = await send(await smaller(chosen));
  } finally {
    button.disabled = false;
  }
});

// The photo scaled down, as a JPEG; itself where it is small, or cannot be drawn (then the server says what is wrong).
async function smaller(photo) {
  if (photo.size <= SMALL_ENOUGH) return photo;
  try {
    const drawn = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(drawn.width * scale);
    canvas.height = Math.round(drawn.height * scale);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.85, 0.7, 0.5]) {
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (made && made.size <= Number(form.dataset.largest)) return made;
    }
  } catch {
    // As above.
  }
  return photo;
}

async function send(photo) {
  const body = new FormData();
  body.append("photo", photo, "sheet.jpg");
  let response;
  try {
    response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    became({ online: false });
    return "No network: the photo was not sent. It does not wait by itself; keep it on the phone and send it again here.";
  }
  became({ online: true, signedIn: response.status !== 401 });
  if (response.ok) {
    form.reset();
    await showAgain();
    return "Sent.";
  }
  if (response.status === 401) return "You are signed out: sign in, and send it again.";
  return (await response.json().catch(() => ({}))).detail ?? "The photo was not taken. Send it again.";
}

// The list as it is now; the rest of the page, where something may be half typed, is left alone.
async function showAgain() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-photos]");
  if (fresh) document.querySelector("[data-photos]").innerHTML = fresh.innerHTML;
}
