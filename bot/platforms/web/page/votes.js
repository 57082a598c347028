// The vote on a card: a radio group, a menu with the other genres, and a button to take it back.

import { Unreachable } from "./net.js";

const KEYBOARD_DELAY = 700; // ms; arrow keys pass through other genres

/** Returns `vote` so that votes are sent one at a time, and the bot receives them in order. */
export function inOrder(vote) {
  let last = Promise.resolve();
  return (...choice) => {
    const answer = last.then(() => vote(...choice));
    last = answer.catch(() => {});
    return answer;
  };
}

/**
 * Displays the vote of a card and attaches to it; returns {showBallot, showTally}. The radio buttons
 * and the menu are one choice. `vote(genre)`, with null to take the vote back, resolves to
 * {ballot, receipt, notice} or rejects with a sentence. `showBallot(ballot)` displays the stored vote.
 */
export function attachVotes(root, vote) {
  const form = root.querySelector(".voting");
  const group = form.querySelector(".votes");
  const radios = [...form.querySelectorAll("input")];
  const select = form.querySelector("select");
  const outcome = form.querySelector(".outcome");
  const receipt = form.querySelector(".receipt");
  const takeBack = form.querySelector("button");
  const tally = root.querySelector(".tally");

  let stored = { counted: null, said: "" }; // as the bot last reported it
  let latest; // the genre of the newest request, else the stored one
  let requests = 0;
  let learned = null; // what the bot learned from an earlier vote, until it is displayed

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
      learned = answer.notice ?? learned;
    } catch (error) {
      text = error instanceof Unreachable ? form.dataset.failed : error.message;
    }
    requests -= 1;
    if (requests > 0) return;
    render(learned ? `${text} ${learned}` : text);
    learned = null;
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

  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  return { showBallot, showTally };
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
