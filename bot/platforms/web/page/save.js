// Links that save a card as a picture.

import { el, isPlain } from "./dom.js";
import { fetchFile } from "./net.js";

/** Lets the links save the card in the page's theme, and `status` say how it goes. */
export function attachSave(root, status) {
  for (const link of root.querySelectorAll(".save a")) attach(link, status);
}

/**
 * A browser would say nothing of a picture that cannot be drawn. Pressed with a modifier, or without
 * the script, it is an ordinary link.
 */
function attach(link, status) {
  link.addEventListener("click", async (event) => {
    const address = new URL(link.href);
    address.searchParams.set("theme", theme());
    link.href = address;
    if (!isPlain(event)) return;
    event.preventDefault();
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    status.textContent = status.dataset.saving;
    try {
      give(await fetchFile(link.href), link.download);
      status.textContent = "";
    } catch {
      status.textContent = status.dataset.saveFailed;
    }
    link.ariaBusy = null;
  });
}

function theme() {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Saves a file as the browser saves downloads. */
function give(file, name) {
  const address = URL.createObjectURL(file);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser reads it meanwhile
}
