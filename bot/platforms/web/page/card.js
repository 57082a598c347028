// A card: what a song sounds like, and what the visitor says of it.

import { el } from "./dom.js";

const KEYBOARD_PAUSE = 700; // ms: arrow keys pass through genres that nobody means
const HUES = 360;
const LONG_TITLE = 90; // characters from which a title is set smaller

/**
 * Makes a card. `vote(choice, added)` resolves to {ballot, receipt} or rejects with a sentence.
 * Returns {root, id, key, showSaid}: `key` names the track, `showSaid(sentence)` says what counts.
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
  votes.show(card.ballot);
  receipt.textContent = card.ballot.said;
  const showSaid = (said) => {
    receipt.textContent = said;
  };
  return { root, id: card.id, key: card.track.key, showSaid };
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

/** The top genres in text and bars, where there is no chart. */
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

function makeVotes(card, data, vote, receipt) {
  const say = data.strings;
  let known = card.ballot;
  let queue = Promise.resolve();
  let waiting = 0;

  // One at a time: the bot hears a visitor's words in the order in which they were said.
  const send = (...changes) => {
    waiting += 1;
    queue = queue.then(async () => {
      try {
        for (const [choice, added] of changes) {
          const answer = await vote(choice, added);
          known = answer.ballot;
          receipt.textContent = answer.receipt;
        }
      } catch (error) {
        receipt.textContent = error.message;
      }
      receipt.scrollIntoView({ block: "nearest" });
      waiting -= 1;
      if (waiting === 0) show(known);
    });
  };

  const buttons = card.reactions.map((choice) => {
    const name = choice.kind === "right" ? say.right : choice.genre;
    const button = el(
      "button",
      { type: "button", className: `reaction ${choice.kind}`, attrs: { "aria-pressed": "false" } },
      el("span", { textContent: choice.emoji, attrs: { "aria-hidden": "true" } }),
      el("span", { textContent: name }),
    );
    button.addEventListener("click", () => {
      const added = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(added));
      send([choice, added]);
    });
    return { button, choice };
  });

  const nothing = el("option", { value: "" });
  const select = el(
    "select",
    {},
    nothing,
    ...data.genres.map(({ genre, emoji }) =>
      el("option", { value: genre, textContent: `${genre} ${emoji}` }),
    ),
  );
  onceChosen(select, () => {
    const chosen = select.value;
    const old = choices(known).filter((genre) => genre !== chosen);
    const isNew = chosen && !choices(known).includes(chosen);
    // The new one first: it counts from then on, whatever happens to taking back the old one.
    send(
      ...(isNew ? [[{ kind: "choice", genre: chosen }, true]] : []),
      ...old.map((genre) => [{ kind: "choice", genre }, false]),
    );
  });

  function show(ballot) {
    known = ballot;
    for (const { button, choice } of buttons) {
      const pressed = ballot.active.some(
        ({ kind, genre }) => kind === choice.kind && genre === choice.genre,
      );
      button.setAttribute("aria-pressed", String(pressed));
    }
    const chosen = choices(ballot);
    select.value = chosen.includes(ballot.counted) ? ballot.counted : (chosen[0] ?? "");
    nothing.textContent = select.value ? say.take_back : say.choose;
    select.classList.toggle("chosen", select.value !== "");
  }

  const root = el(
    "div",
    { className: "votes", attrs: { role: "group", "aria-label": say.votes } },
    ...buttons.map(({ button }) => button),
    el("label", { className: "actually" }, el("span", { textContent: say.actually }), select),
  );
  return { root, show };
}

function choices(ballot) {
  return ballot.active.filter(({ kind }) => kind === "choice").map(({ genre }) => genre);
}

/** Calls `act` once a choice is meant: at once by mouse; by keys on Enter, leaving or a pause. */
function onceChosen(select, act) {
  let byKey = false;
  let timer = null;
  const commit = () => {
    clearTimeout(timer);
    timer = null;
    act();
  };
  select.addEventListener("pointerdown", () => (byKey = false));
  select.addEventListener("keydown", (event) => {
    byKey = true;
    if (event.key === "Enter" && timer !== null) commit();
  });
  select.addEventListener("blur", () => timer !== null && commit());
  select.addEventListener("change", () => {
    clearTimeout(timer);
    if (byKey) timer = setTimeout(commit, KEYBOARD_PAUSE);
    else commit();
  });
}
