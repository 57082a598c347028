// The link to a song's own page, which a press copies.

import { el, isPlain } from "./dom.js";

/** Lets a press of the link copy its address; with a modifier, or without a script, it opens it. */
export function attachLink(root, status) {
  const link = root.querySelector(".copy");
  if (!link || !navigator.clipboard) return; // not a secure context
  link.addEventListener("click", async (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    let words = status.dataset.copied;
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      words = status.dataset.notCopied;
    }
    status.replaceChildren(`${words} `, el("a", { href: link.href, textContent: link.href }));
  });
}
