// Frames as high as what they show: docs/embedding.md
(() => {
  const NAME = "election-embed";
  const DATA = `data-${NAME}`;
  const HOSTS = `${NAME},[${DATA}]`;
  const roots = new Set([document]);
  const frames = () => [...roots].flatMap((root) => [...root.querySelectorAll(`:is(${HOSTS}) iframe,.declared-embed+iframe`)]);
  if (self[DATA]) return;
  self[DATA] = true;

  function fill(host) {
    const link = document.createElement("a");
    link.href = host.getAttribute("src") || host.getAttribute(DATA);
    if (!/^https?:/.test(link.href)) return;
    roots.add(host.getRootNode());
    let frame = host.querySelector("iframe");
    if (!frame) {
      frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.sandbox = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
      frame.style = "border:0; height:320px; width:100%";
      frame.title = host.title || "Election results";
      host.style.display = "block";
      host.append(frame);
    }
    if (frame.src !== link.href) frame.src = link.href;
  }

  addEventListener("message", ({ data, source }) => {
    if (data?.sentinel !== "amp" || data.type !== "embed-size" || !(data.height > 0)) return;
    const frame = frames().find((one) => one.contentWindow === source);
    if (!frame) return;
    frame.style.height = `clamp(60px, ${data.height}px, 20000px)`;
    const host = frame.closest(HOSTS);
    if (host) [...host.childNodes].forEach((node) => node === frame || node.remove());
    else frame.previousElementSibling.style.display = "none";
  });
  // Some told it too early.
  frames().forEach((one) => one.contentWindow.postMessage({ message: "ready" }, "*"));

  const scan = () => document.querySelectorAll(HOSTS).forEach(fill);
  scan();
  new MutationObserver(scan).observe(document, { attributeFilter: ["src", DATA], childList: true, subtree: true });
  self.customElements?.define(NAME, class extends HTMLElement { connectedCallback() { fill(this); } });
})();
