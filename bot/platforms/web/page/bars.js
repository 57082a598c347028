// Genres as bars, and the colours of genres.

import { el } from "./dom.js";

/** Returns bars of genres, {genre, share, percent, filed}; the filed ones are marked. */
export function makeBars(genres, data) {
  const say = data.strings;
  const rows = genres.map(({ genre, share, percent, filed }) => {
    const bar = el("span", { className: "bar", attrs: { "aria-hidden": "true" } });
    bar.style.setProperty("--share", String(share));
    const row = el(
      "li",
      { className: filed ? "filed-one" : "" },
      el("span", { className: "genre", textContent: genre }),
      bar,
      el("span", { className: "percent", textContent: percent }),
      filed ? el("span", { className: "mark", textContent: say.filed }) : null,
    );
    return coloured(row, genre, data);
  });
  return el("ol", { className: "bars" }, ...rows);
}

/** Gives an element the colour of a genre in both themes, as --genre. */
export function coloured(element, genre, { colours }) {
  element.classList.add("coloured");
  element.style.setProperty("--in-light", colours.light[genre]);
  element.style.setProperty("--in-dark", colours.dark[genre]);
  return element;
}
