// A card: what a song sounds like, and the visitor's vote.

import { el, fill } from "./dom.js";

const KEYBOARD_PAUSE = 700; // ms; arrow keys pass through other genres
const HUES = 360;
const LONG_TITLE = 90; // characters; longer titles are set smaller

/**
 * Returns a card as {root, id, key, showBallot}; `key` identifies the track.
 * `vote(choice, added)` resolves to {ballot, receipt} or rejects with a sentence.
 */
export function makeCard(card, data, vote) {
  const say = data.strings;
  const receipt = el("p", { className: "receipt", attrs: { role: "status" } });
  const votes = makeVotes(card, data, vote, receipt);
  const titleId = `card-${card.id}-${Math.random().toString(36).slice(2)}`;
  const root = el(
    "article",
    { className: "card", attrs: { "aria-labelledby": titleId } },
    el(
      "div",
      { className: "song" },
      makeCover(card),
      el(
        "div",
        { className: "names" },
        el("h2", {
          id: titleId,
          className: card.track.title.length > LONG_TITLE ? "long" : "",
          dir: "auto",
          textContent: card.track.title,
        }),
        card.track.artists
          ? el("p", { className: "artists", dir: "auto", textContent: card.track.artists })
          : null,
        card.track.url ? makeLink(card.track.url, say.open_spotify) : null,
      ),
    ),
    el("p", { className: "verdict", textContent: card.verdict }),
    card.why ? el("p", { className: "why", textContent: card.why }) : null,
    makeChart(card),
    votes.root,
    receipt,
    el("p", { className: "small-print", textContent: card.small_print }),
  );
  const showBallot = (ballot) => {
    votes.show(ballot);
    receipt.textContent = ballot.said;
  };
  showBallot(card.ballot);
  return { root, id: card.id, key: card.track.key, showBallot };
}

function makeLink(url, label) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", textContent: label });
}

function makeCover(card) {
  const cover = el("div", { className: "cover", attrs: { "aria-hidden": "true" } });
  cover.style.setProperty("--hue", String(hueOf(card.track.key)));
  cover.append(el("span", { textContent: card.emoji }));
  if (card.track.image) {
    const image = el("img", { alt: "", width: 88, height: 88, loading: "lazy" });
    image.referrerPolicy = "no-referrer";
    image.addEventListener("error", () => image.remove());
    image.src = card.track.image;
    cover.append(image);
  }
  return cover;
}

function hueOf(text) {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return hash % HUES;
}

function makeChart(card) {
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

/** A radio group with one choice: "right", other likely genres, or one of the menu. */
function makeVotes(card, data, vote, receipt) {
  const say = data.strings;
  const name = `vote-${card.id}-${Math.random().toString(36).slice(2)}`;
  let known = card.ballot;
  let queue = Promise.resolve();
  let waiting = 0;

  // One request at a time, so that the bot receives the choices in order.
  const send = (choice, added) => {
    waiting += 1;
    queue = queue.then(async () => {
      try {
        const answer = await vote(choice, added);
        known = answer.ballot;
        receipt.textContent = answer.receipt;
      } catch (error) {
        receipt.textContent = error.message;
      }
      receipt.scrollIntoView({ block: "nearest" });
      waiting -= 1;
      if (waiting === 0) show(known);
    });
  };

  const radios = card.options.map((choice) => {
    const radio = el("input", { type: "radio", name, value: choice.genre });
    const label = choice.kind === "right" ? fill(say.right, choice) : choice.genre;
    const chip = el(
      "label",
      { className: `chip ${choice.kind}` },
      radio,
      el("span", { textContent: choice.emoji, attrs: { "aria-hidden": "true" } }),
      el("span", { textContent: label }),
    );
    return { radio, chip, choice };
  });

  const offered = card.options.map(({ genre }) => genre);
  const nothing = el("option", { value: "", textContent: say.choose });
  const select = el(
    "select",
    {},
    nothing,
    ...data.genres
      .filter(({ genre }) => !offered.includes(genre))
      .map(({ genre, emoji }) => el("option", { value: genre, textContent: `${genre} ${emoji}` })),
  );

  const takeBack = el("button", {
    type: "button",
    className: "take-back",
    textContent: say.take_back,
  });
  takeBack.addEventListener("click", () => {
    radios[0].radio.focus(); // the button disappears
    send({ kind: "choice", genre: known.counted }, false);
  });

  const root = el(
    "fieldset",
    { className: "votes" },
    el("legend", { textContent: say.votes }),
    ...radios.map(({ chip }) => chip),
    el("label", { className: "actually" }, el("span", { textContent: say.actually }), select),
    takeBack,
  );

  onceChosen(root, () => {
    const checked = radios.find(({ radio }) => radio.checked);
    const genre = select.value || checked?.radio.value;
    if (genre && genre !== known.counted) send({ kind: "choice", genre }, true);
    else show(known);
  });
  // The menu and the radio buttons are one group.
  for (const { radio } of radios) radio.addEventListener("input", () => (select.value = ""));
  select.addEventListener("input", () => {
    for (const { radio } of radios) radio.checked = false;
  });

  function show(ballot) {
    known = ballot;
    for (const { radio } of radios) radio.checked = radio.value === ballot.counted;
    select.value = offered.includes(ballot.counted) ? "" : (ballot.counted ?? "");
    select.classList.toggle("chosen", select.value !== "");
    takeBack.hidden = ballot.counted === null;
  }

  return { root, show };
}

/** Calls `act` when a choice is final: at once by pointer; by keyboard on Enter, blur or a pause. */
function onceChosen(group, act) {
  let byKey = false;
  let timer = null;
  const commit = () => {
    clearTimeout(timer);
    timer = null;
    act();
  };
  group.addEventListener("pointerdown", () => (byKey = false));
  group.addEventListener("keydown", (event) => {
    byKey = true;
    if (event.key === "Enter" && timer !== null) commit();
  });
  group.addEventListener("focusout", (event) => {
    if (timer !== null && !group.contains(event.relatedTarget)) commit();
  });
  group.addEventListener("change", () => {
    clearTimeout(timer);
    if (byKey) timer = setTimeout(commit, KEYBOARD_PAUSE);
    else commit();
  });
}
