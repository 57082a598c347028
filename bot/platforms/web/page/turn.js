// A turn: a message of the visitor and the bot's replies to it.

import { el } from "./dom.js";
import { toElement } from "./fragments.js";
import { timeOf } from "./store.js";
import { attachAsking } from "./summary.js";

const ICON = new URL("./icon.svg", import.meta.url).href;
const SLOW_AFTER = 6_000; // ms until the page says that it takes longer

/**
 * Returns the view of a turn. `ask(text)` sends a new message, `retry()` repeats this one.
 * Returns {root, showProgress, setProgress, showSent, showWaiting, clear, addCard, addNotice,
 * isUnanswered}.
 */
export function makeTurn(turn, say, { ask, retry }) {
  let progress = null;
  let words = null; // what the progress says
  let picture = null; // beside the words: a wave, or how much of a file is sent
  let timer = null;
  const replies = el("div", { className: "replies" });
  const bot = el(
    "div",
    { className: "row bot", hidden: true },
    el("img", { className: "avatar", src: ICON, alt: "", width: 36, height: 36 }),
    el(
      "div",
      { className: "content" },
      el("p", { className: "who", textContent: say.name }),
      replies,
    ),
  );
  const root = el("section", { className: "turn" }, turn.text || turn.file ? makeMessage(turn, say) : null, bot);
  root.dataset.id = turn.id;

  const append = (...nodes) => {
    hideProgress();
    bot.hidden = false;
    replies.append(...nodes);
  };
  const hideProgress = () => {
    clearTimeout(timer);
    progress?.remove();
    progress = null;
  };

  /** Displays that the bot is working. */
  const showProgress = () => {
    words = el("span", { textContent: say.listening });
    picture = makeWave();
    const row = el("p", { className: "progress" }, picture, words);
    append(row);
    progress = row;
    // Of a file, the bot says itself how far it is.
    if (!turn.file) timer = setTimeout(() => (words.textContent = say.still_listening), SLOW_AFTER);
  };

  /** Displays how far the bot is, while it is working. */
  const setProgress = (text) => {
    clearTimeout(timer);
    words.textContent = text;
  };

  /** Displays which share of the file is sent, 0 to 1; then that the bot is working. */
  const showSent = (share) => {
    const isBar = picture.tagName === "PROGRESS";
    if (share < 1 !== isBar) {
      const other = isBar ? makeWave() : el("progress", { attrs: { "aria-label": say.file_sent } });
      picture.replaceWith(other);
      picture = other;
      words.textContent = isBar ? say.listening : say.file_sending;
    }
    if (share < 1) picture.value = share;
  };

  /** Displays that the message was not sent yet. */
  const showWaiting = () => {
    const row = el("p", { className: "progress", textContent: say.waiting });
    append(row);
    progress = row;
  };

  const clear = () => {
    hideProgress();
    replies.replaceChildren();
  };

  const addNotice = (notice) => {
    const shown = notice.html ? toElement(notice.html) : makeNotice(notice.text);
    attachAsking(shown, ask);
    const again = { failed: retry, unavailable: turn.text && (() => ask(turn.text)) }[notice.code];
    if (again) shown.append(makeButton(say.try_again, again));
    append(shown);
  };

  const isUnanswered = () => !replies.hasChildNodes();

  return {
    root,
    showProgress,
    setProgress,
    showSent,
    showWaiting,
    clear,
    addCard: append,
    addNotice,
    isUnanswered,
  };
}

/** Returns a notice of the page's own. */
function makeNotice(text) {
  return el("div", { className: "bubble" }, el("p", { textContent: text }));
}

/** Returns a sentence that points at an earlier card; `show()` displays it. */
export function makePointer(say, show) {
  const pointer = makeNotice(say.already);
  pointer.append(makeButton(say.show_card, show));
  return pointer;
}

function makeWave() {
  const bars = Array.from({ length: 4 }, () => el("i"));
  return el("span", { className: "wave", attrs: { "aria-hidden": "true" } }, ...bars);
}

function makeButton(label, act) {
  const button = el("button", { type: "button", className: "button", textContent: label });
  button.addEventListener("click", act);
  return button;
}

function makeMessage(turn, say) {
  return el(
    "div",
    { className: "row you" },
    el("div", {
      className: "avatar",
      textContent: say.you.slice(0, 1),
      attrs: { "aria-hidden": "true" },
    }),
    el(
      "div",
      { className: "content" },
      el("p", { className: "who" }, `${say.you} `, makeTime(turn.id)),
      turn.file
        ? el("p", { className: "file", dir: "auto", textContent: turn.file })
        : el("p", { className: "text", dir: "auto", textContent: turn.title || turn.text }),
    ),
  );
}

function makeTime(id) {
  const time = timeOf(id);
  if (time === null) return null;
  const today = time.toDateString() === new Date().toDateString();
  const style = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  const words = new Intl.DateTimeFormat(undefined, style).format(time);
  return el("time", { dateTime: time.toISOString(), textContent: words });
}
