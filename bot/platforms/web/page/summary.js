// A summary of an album, a playlist or an artist, with its songs to choose from.

import { makeBars } from "./bars.js";
import { makeChart, makeHead } from "./card.js";
import { el, fill } from "./dom.js";

const FIRST_SONGS = 10; // displayed at once

/** Returns a summary's element. `ask(text)` sends a message, such as for a song's card. */
export function makeSummary(summary, data, ask) {
  const say = data.strings;
  const titleId = `summary-${summary.id}-${Math.random().toString(36).slice(2)}`;
  const root = el(
    "article",
    { className: "card summary", attrs: { "aria-labelledby": titleId } },
    makeHead(summary, titleId),
    el("p", { className: "sentence", dir: "auto", textContent: summary.sentence }),
    summary.gaps ? el("p", { className: "facts", textContent: summary.gaps }) : null,
    makeChart(summary, () => makeMissing(summary, data)),
    makeSongs(summary.songs, say, ask),
    el("p", { className: "small-print", textContent: summary.small_print }),
  );
  return root;
}

function makeMissing({ genres, chart }, data) {
  const missing = el("p", { className: "small-print", textContent: chart.missing });
  return el("div", {}, makeBars(genres, data), missing);
}

function makeSongs(songs, say, ask) {
  const rows = songs.map((song) => el("li", {}, makeSong(song, ask)));
  const further = rows.slice(FIRST_SONGS);
  for (const row of further) row.hidden = true;
  const more = el("button", {
    type: "button",
    className: "more",
    textContent: fill(say.all_songs, { count: songs.length }),
    hidden: further.length === 0,
  });
  more.addEventListener("click", () => {
    for (const row of further) row.hidden = false;
    more.hidden = true;
    further[0].querySelector("button")?.focus({ preventScroll: true }); // it had the focus
  });
  return el(
    "section",
    { className: "songs" },
    el("h3", { textContent: say.pick_a_song }),
    el("ol", {}, ...rows),
    more,
  );
}

function makeSong(song, ask) {
  const parts = [
    el("span", { className: "number", textContent: `${song.number}.` }),
    el(
      "span",
      { className: "title" },
      el("span", { dir: "auto", textContent: song.title }),
      song.note ? el("span", { className: "note", textContent: song.note }) : null,
    ),
    el("span", { className: "genre", textContent: `${song.genre} ${song.percent}` }),
  ];
  if (song.text === null) return el("div", { className: "row-of-song" }, ...parts);
  const button = el("button", { type: "button", className: "row-of-song" }, ...parts);
  button.addEventListener("click", () => ask(song.text));
  return button;
}
