// A card: what a song sounds like, and the visitor's vote.

import { el } from "./dom.js";
import { makeVotes } from "./votes.js";

const HUES = 360;
const LONG_TITLE = 90; // characters; longer titles are set smaller

/**
 * Returns a card as {root, key, showBallot}; `key` identifies the track. `vote` is as in votes.js.
 */
export function makeCard(card, data, vote) {
  const say = data.strings;
  const votes = makeVotes(card, data, vote);
  const titleId = `card-${card.id}-${Math.random().toString(36).slice(2)}`;
  const root = el(
    "article",
    { className: "card", attrs: { "aria-labelledby": titleId } },
    makeHead(card, titleId),
    el("p", { className: "verdict", textContent: card.verdict }),
    card.filed_under ? el("p", { className: "filed", textContent: card.filed_under }) : null,
    card.sound_opinion ? el("p", { className: "sound", textContent: card.sound_opinion }) : null,
    card.heard ? el("p", { className: "heard", textContent: card.heard }) : null,
    card.facts ? el("p", { className: "facts", textContent: card.facts }) : null,
    card.why ? el("p", { className: "why", textContent: card.why }) : null,
    makeChart(card),
    votes.root,
    el("p", { className: "small-print", textContent: card.small_print }),
  );
  return { root, key: card.track.key, showBallot: votes.showBallot };
}

/** Returns cover, title, artists and link of a card or a summary. */
export function makeHead({ track, emoji, kind }, titleId) {
  return el(
    "div",
    { className: "song" },
    makeCover(track, emoji),
    el(
      "div",
      { className: "names" },
      el("h2", {
        id: titleId,
        className: track.title.length > LONG_TITLE ? "long" : "",
        dir: "auto",
        textContent: track.title,
      }),
      track.artists
        ? el("p", { className: "artists", dir: "auto", textContent: track.artists })
        : null,
      kind ? el("p", { className: "kind", textContent: kind }) : null,
      track.url ? makeLink(track.url, track.open) : null,
    ),
  );
}

function makeLink(url, label) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", textContent: label });
}

function makeCover(track, emoji) {
  const cover = el("div", { className: "cover", attrs: { "aria-hidden": "true" } });
  cover.style.setProperty("--hue", String(hueOf(track.key)));
  cover.append(el("span", { textContent: emoji }));
  if (track.image) {
    const image = el("img", { alt: "", width: 88, height: 88, loading: "lazy" });
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

/** Returns the chart of a card or a summary, or bars if it cannot be drawn. */
export function makeChart(card) {
  const { dark, light, alt } = card.chart;
  const image = el("img", { alt, width: 1000, height: 560, loading: "lazy", decoding: "async" });
  const chart = el(
    "picture",
    { className: "chart" },
    el("source", { srcset: dark, media: "(prefers-color-scheme: dark)" }),
    image,
  );
  image.addEventListener("load", () => chart.classList.add("drawn"));
  image.addEventListener("error", () => chart.replaceWith(makeBars(card)));
  image.src = light;
  return chart;
}

/** The most probable genres as bars, if there is no chart. */
function makeBars(card) {
  const rows = card.genres.map(({ genre, share, percent }) => {
    const bar = el("span", { className: "bar", attrs: { "aria-hidden": "true" } });
    bar.style.setProperty("--share", String(share));
    return el(
      "li",
      {},
      el("span", { className: "genre", textContent: genre }),
      bar,
      el("span", { className: "percent", textContent: percent }),
    );
  });
  return el(
    "div",
    { className: "bars" },
    el("ol", {}, ...rows),
    el("p", { className: "small-print", textContent: card.chart.missing }),
  );
}
