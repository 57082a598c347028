// A card: what a song sounds like, and the visitor's vote.

import { makeBars } from "./bars.js";
import { el } from "./dom.js";
import { makeSave } from "./save.js";
import { makeVotes } from "./votes.js";

const HUES = 360;
const LONG = 60; // characters of a title or of artists; longer ones are set smaller or cut
const MARKED = 2_400; // ms

/**
 * Returns a card as {root, id, key, answer, showBallot, showTally, show}. `key` identifies the track,
 * `answer` what is said of it. `vote` is as in votes.js. `show()` scrolls to the card and marks it.
 */
export function makeCard(card, data, vote) {
  const votes = makeVotes(card, data, vote);
  const titleId = `card-${card.id}-${Math.random().toString(36).slice(2)}`;
  const root = el(
    "article",
    { className: "card", tabIndex: -1, attrs: { "aria-labelledby": titleId } },
    el(
      "div",
      { className: "face" },
      makeCover(card.track, card.emoji),
      makeNames(card, titleId),
      makeSaid(card),
      makeBars(card.genres, data),
    ),
    votes.root,
    makeChart(card, () => el("p", { className: "small-print", textContent: card.chart.missing })),
    card.why ? el("p", { className: "why", textContent: card.why }) : null,
    card.facts ? el("p", { className: "facts", textContent: card.facts }) : null,
    ...makeLastRow(card, data.strings),
  );
  const { showBallot, showTally } = votes;
  const { id, answer, track } = card;
  return { root, id, key: track.key, answer, showBallot, showTally, show: () => show(root) };
}

function show(root) {
  const fits = root.offsetHeight <= root.closest(".log").clientHeight;
  root.scrollIntoView({ block: fits ? "nearest" : "start" });
  root.classList.add("marked");
  setTimeout(() => root.classList.remove("marked"), MARKED);
}

/** Returns names and cover of a summary. */
export function makeHead(summary, titleId) {
  const { track, emoji } = summary;
  const names = makeNames(summary, titleId);
  if (track.url) names.append(makeLink(track));
  return el("div", { className: "song" }, names, makeCover(track, emoji));
}

function makeNames({ track, kind }, titleId) {
  const { title, artists } = track;
  const size = title.length > LONG ? "long" : "";
  return el(
    "div",
    { className: "names" },
    el("h2", { id: titleId, className: size, dir: "auto", title, textContent: title }),
    artists
      ? el("p", { className: "artists", dir: "auto", title: artists, textContent: artists })
      : null,
    kind ? el("p", { className: "kind", textContent: kind }) : null,
  );
}

function makeSaid({ emoji, verdict, filed_under, sound_opinion, heard }) {
  const picture = el("span", { textContent: `${emoji} `, attrs: { "aria-hidden": "true" } });
  return el(
    "div",
    { className: "said" },
    el("p", { className: "verdict" }, emoji ? picture : null, verdict),
    ...[filed_under, sound_opinion, heard].map((line) =>
      line ? el("p", { textContent: line }) : null,
    ),
  );
}

/** Returns a list of the song's values, a line each, and the small print, the last line. */
function makeDetails(lines) {
  const values = lines.slice(0, -1).map((line) => el("li", { textContent: line }));
  return [
    values.length > 0 ? el("ul", { className: "values small-print" }, ...values) : null,
    el("p", { className: "small-print", textContent: lines.at(-1) }),
  ];
}

/** Returns what stands behind the answer, folded, and links to save the card and to the music service. */
function makeLastRow(card, say) {
  const { links, status } = makeSave(card, say);
  const isCut = ({ title, artists }) => Math.max(title.length, artists.length) > LONG;
  const whole = [card.track.title, card.track.artists].join("\n");
  const details = el(
    "details",
    {},
    el("summary", { textContent: say.details }),
    isCut(card.track) ? el("p", { className: "whole", dir: "auto", textContent: whole }) : null,
    ...makeDetails(card.details),
  );
  const link = card.track.url ? makeLink(card.track) : null;
  return [el("div", { className: "last-row" }, details, links, link), status];
}

function makeLink({ url, open }) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", textContent: open });
}

function makeCover(track, emoji) {
  const cover = el("div", { className: "cover", attrs: { "aria-hidden": "true" } });
  cover.style.setProperty("--hue", String(hueOf(track.key)));
  cover.append(el("span", { textContent: emoji }));
  if (track.image) {
    const image = el("img", { alt: "", loading: "lazy" });
    image.referrerPolicy = "no-referrer";
    image.addEventListener("error", () => image.remove());
    image.src = track.image;
    cover.append(image);
  }
  return cover;
}

function hueOf(text) {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return hash % HUES;
}

/** Returns the chart of a card or a summary; `makeOther()` takes its place if it cannot be drawn. */
export function makeChart({ chart: { dark, light, alt } }, makeOther) {
  const image = el("img", { alt, loading: "lazy", decoding: "async" });
  const chart = el(
    "picture",
    { className: "chart" },
    el("source", { srcset: dark, media: "(prefers-color-scheme: dark)" }),
    image,
  );
  image.addEventListener("load", () => chart.classList.add("drawn"));
  image.addEventListener("error", () => chart.replaceWith(makeOther()));
  image.src = light;
  return chart;
}
