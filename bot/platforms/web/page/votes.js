// The vote on a card: a radio group, a menu with the other genres, and a button to take it back.

import { el } from "./dom.js";

const KEYBOARD_DELAY = 700; // ms; arrow keys pass through other genres

/**
 * Returns {root, showBallot, showTally}. The radio buttons and the menu are one choice.
 * `vote(genre)`, with null to take the vote back, resolves to {ballot, receipt} or rejects with a
 * sentence.
 */
export function makeVotes(card, data, vote) {
  const say = data.strings;
  const radios = makeRadios(card);
  const select = makeMenu(card, data.genres, say);
  const receipt = el("p", { className: "receipt", attrs: { role: "status" } });
  const takeBack = el("button", { type: "button", textContent: say.take_back });
  const group = el(
    "fieldset",
    { className: "votes" },
    el("legend", { textContent: say.votes }),
    ...radios.map((radio) => radio.parentElement),
    select,
  );
  const tally = el("p", { className: "tally" });
  const outcome = el("div", { className: "outcome" }, receipt, takeBack, tally);

  let stored = card.ballot; // as the bot last reported it
  let latest; // the genre of the newest request, else the stored one
  let requests = 0;

  const render = (text) => {
    latest = stored.counted;
    for (const radio of radios) radio.checked = radio.value === latest;
    const isOffered = radios.some((radio) => radio.checked);
    select.value = isOffered ? "" : (latest ?? "");
    select.classList.toggle("chosen", select.value !== "");
    receipt.textContent = text;
    if (latest === null && takeBack === document.activeElement) {
      radios[0].focus({ preventScroll: true }); // a hidden button loses the focus
    }
    takeBack.hidden = latest === null;
  };

  // The controls keep the newest choice until no request is in flight.
  const send = async (genre) => {
    latest = genre;
    requests += 1;
    let text;
    try {
      const answer = await vote(genre);
      stored = answer.ballot;
      text = answer.receipt;
    } catch (error) {
      text = error.message;
    }
    requests -= 1;
    if (requests > 0) return;
    render(text);
    outcome.scrollIntoView({ block: "nearest" });
  };

  const showBallot = (ballot) => {
    stored = ballot;
    if (requests === 0) render(ballot.said);
  };

  const showTally = (said) => (tally.textContent = said);

  takeBack.addEventListener("click", () => send(null));
  select.addEventListener("input", () => {
    for (const radio of radios) radio.checked = false;
  });
  for (const radio of radios) radio.addEventListener("input", () => (select.value = ""));
  onceChosen(group, () => {
    const genre = select.value || radios.find((radio) => radio.checked)?.value;
    if (genre && genre !== latest) send(genre);
    else if (requests === 0) render(receipt.textContent);
  });

  showBallot(card.ballot);
  showTally(card.tally);
  return { root: el("div", { className: "voting" }, group, outcome), showBallot, showTally };
}

function makeRadios(card) {
  const name = `vote-${card.id}-${Math.random().toString(36).slice(2)}`;
  return card.options.map((option) => {
    const radio = el("input", { type: "radio", name, value: option.genre });
    el(
      "label",
      { className: "chip" },
      radio,
      el("span", { textContent: option.emoji, attrs: { "aria-hidden": "true" } }),
      el("span", { textContent: option.label }),
    );
    return radio;
  });
}

/** The genres without a radio button. */
function makeMenu(card, genres, say) {
  const offered = card.options.map(({ genre }) => genre);
  const others = genres.filter(({ genre }) => !offered.includes(genre));
  return el(
    "select",
    { attrs: { "aria-label": say.actually } },
    el("option", { value: "", textContent: say.actually }),
    ...others.map(({ genre, emoji }) =>
      el("option", { value: genre, textContent: `${genre} ${emoji}` }),
    ),
  );
}

/** Calls `act` when a choice is made: by pointer at once, by keyboard on Enter, blur or a pause. */
function onceChosen(group, act) {
  let byKeyboard = false;
  let timer = null;
  const commit = () => {
    clearTimeout(timer);
    timer = null;
    act();
  };
  group.addEventListener("pointerdown", () => (byKeyboard = false));
  group.addEventListener("keydown", (event) => {
    byKeyboard = true;
    if (event.key === "Enter" && timer !== null) commit();
  });
  group.addEventListener("focusout", (event) => {
    if (timer !== null && !group.contains(event.relatedTarget)) commit();
  });
  group.addEventListener("change", () => {
    clearTimeout(timer);
    if (byKeyboard) timer = setTimeout(commit, KEYBOARD_DELAY);
    else commit();
  });
}
