// Links that save a card as a picture.

import { el, fill } from "./dom.js";
import { fetchFile } from "./net.js";

const FIRST = "png"; // the format of the link without a format's name

/** Returns links that save a card, and a line that says how it went. */
export function makeSave(card, say) {
  const status = el("p", { className: "saved", attrs: { "aria-live": "polite" } });
  const links = card.save.formats.map((format) => makeLink(card.save, format, say, status));
  return { links: el("span", { className: "save" }, ...links), status };
}

/**
 * A link with a script, as a browser would say nothing of a picture that cannot be drawn. Pressed
 * with a modifier, or without the script, it is an ordinary link.
 */
function makeLink({ address, name }, format, say, status) {
  const kind = format.toUpperCase();
  const link = el("a", {
    href: `${address}.${format}?theme=${theme()}`,
    download: `${name}.${format}`,
    textContent: format === FIRST ? say.save : kind,
    attrs: format === FIRST ? {} : { "aria-label": fill(say.save_as, { kind }) },
  });
  link.addEventListener("click", async (event) => {
    link.href = `${address}.${format}?theme=${theme()}`;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    status.textContent = say.saving;
    try {
      give(await fetchFile(link.href), link.download);
      status.textContent = "";
    } catch {
      status.textContent = say.save_failed;
    }
    link.ariaBusy = null;
  });
  return link;
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
