// The message field: Enter sends, the draft is stored, "/" lists the commands, a name lists songs.

import { draft as storedDraft, saveDraft } from "./store.js";
import { makeSuggestions } from "./suggest.js";

/**
 * Connects the message field; returns {focus, reject, withdraw, setHint}.
 *
 * `send(text)` returns null, or a sentence if the message cannot be sent; the text then stays in the field.
 * `sendFirst()` is called when nothing was typed. `reject(sentence)` displays why something else
 * cannot be sent; null removes it. `withdraw(sentence)` removes that sentence, if it is still
 * displayed. `setHint(sentence)` displays it in the empty field; null restores the first one.
 */
export function startComposer(commands, send, sendFirst) {
  const form = document.getElementById("composer");
  const draft = document.getElementById("draft");
  const rejection = document.getElementById("rejection");
  const hint = draft.placeholder;
  const suggestions = makeSuggestions({
    field: draft,
    list: document.getElementById("suggestions"),
    status: document.getElementById("suggestions-count"),
    longest: Number(draft.dataset.longest),
    commands: (text) => commandsFor(commands, text),
    question,
    choose: (chosen) =>
      chosen.insert === undefined ? submit(chosen.text, nameOf(chosen, draft.value)) : change(chosen.insert),
  });

  function change(text) {
    draft.value = text;
    onChange();
  }

  function onChange() {
    saveDraft(draft.value);
    reject(null);
    draft.style.height = "auto";
    draft.style.height = `${draft.scrollHeight + 2}px`;
  }

  function submit(text, title) {
    suggestions.close();
    const reason = send(text, title);
    if (reason === null) change("");
    else reject(reason);
  }

  function reject(reason) {
    rejection.textContent = reason ?? "";
    rejection.hidden = reason === null;
  }

  function withdraw(reason) {
    if (rejection.textContent === reason) reject(null);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (draft.value.trim()) submit(draft.value);
    else if (draft.value === "") sendFirst();
    draft.focus();
  });
  draft.addEventListener("input", onChange);
  draft.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.handle(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  change(storedDraft());
  return {
    focus: () => draft.focus(),
    reject,
    withdraw,
    setHint: (sentence) => (draft.placeholder = sentence ?? hint),
  };
}

/** Returns what is displayed as the message that asks for a suggested song; of a link, the link. */
function nameOf({ title, artists, text }, typed) {
  return typed.includes("://") ? text : [title, artists].filter(Boolean).join(" \u2013 ");
}

/** Returns the commands that a text begins. */
function commandsFor(commands, text) {
  if (!text.startsWith("/")) return [];
  return commands
    .filter(({ name }) => name.startsWith(text.toLowerCase()))
    .map(({ name, about, argument, complete }) => {
      const insert = argument ? `${name} ` : name;
      const typed = complete ? name : insert;
      return { title: name, artists: about, insert, complete: typed === text.toLowerCase() };
    });
}

/** Returns what a message asks about: one line, which is no command but /genre. */
function question(text) {
  if (text.includes("\n")) return null;
  const [, song] = /^\/genre\s+(.*)/i.exec(text) ?? [];
  return song ?? (text.startsWith("/") ? null : text);
}
