// Suggestions while typing: an editable combobox with list autocomplete (WAI-ARIA Authoring Practices).
//
// In the chat, composer.js calls makeSuggestions. On every other page, this module attaches itself:
//
//   <div><input name="q" data-suggest="search"></div>
//       A choice opens the song's page, or searches for an album or an artist.
//   <div><input data-suggest="song" data-suggest-id="first"><input type="hidden" id="first" name="a"></div>
//       A choice writes the song's name into the field, and its id in addresses into the hidden field
//       with the id `first`. The hidden field is emptied when the name is changed, so that the server
//       gets the words that are in the field. What has no id is not offered.
//
// The field has a maxlength, and a container of its own, which becomes the place of the list; not a label.

import { el } from "./dom.js";

const DELAY = 150; // ms without typing until the bot is asked
const TIMEOUT = 5_000; // ms
const MIN_LENGTH = 2; // characters

/**
 * Adds suggestions to a field; returns {handle, close}. `handle(event)` returns whether it used a key.
 *
 * Args:
 *   field: an input or a textarea. A textarea stays a textbox: a combobox has one line.
 *   list: the empty listbox.
 *   status: an element that screen readers announce politely.
 *   commands(text): [{title, artists, complete}] to choose from without asking the bot; the first one
 *     is chosen by Enter and Tab unless it is complete. Empty if the text begins no command.
 *   longest: characters of the longest text that the bot is asked about.
 *   question(text): what to ask the bot about; null for nothing.
 *   choose(suggestion): called with the one that is chosen.
 *   only: "song" for songs with an id alone; empty for all.
 */
export function makeSuggestions({
  field,
  list,
  status,
  longest,
  commands = () => [],
  question = (text) => text,
  choose,
  only = "",
}) {
  let options = [];
  let active = -1;
  let areCommands = false;
  let asked = null; // what the newest request is about, or what is displayed
  let request = null;
  let timer = null;

  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  const isInput = field.tagName === "INPUT";
  if (isInput) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "false");
  }

  function show(found, { first = -1, said = "" } = {}) {
    options = found;
    active = found.length > 0 ? first : -1;
    list.replaceChildren(...found.map(makeOption));
    list.hidden = found.length === 0;
    status.textContent = said;
    if (isInput) field.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  }

  function makeOption({ title, artists }, index) {
    const option = el(
      "li",
      { id: `${list.id}-${index}`, attrs: { role: "option" } },
      el("strong", { dir: "auto", textContent: title }),
      artists ? el("span", { dir: "auto", textContent: artists }) : null,
    );
    option.addEventListener("click", () => accept(index));
    return option;
  }

  function mark() {
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(index === active));
    }
    const marked = list.children[active];
    if (marked) field.setAttribute("aria-activedescendant", marked.id);
    else field.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  function stop() {
    clearTimeout(timer);
    request?.abort();
    request = null;
  }

  function close() {
    stop();
    asked = null;
    if (options.length > 0 || status.textContent) show([]);
  }

  function update() {
    const found = commands(field.value);
    areCommands = found.length > 0;
    if (areCommands) {
      stop();
      asked = null;
      show(found, { first: 0 });
      return;
    }
    const text = (question(field.value) ?? "").trim();
    if (text.length < MIN_LENGTH || text.length > longest) {
      close();
    } else if (text !== asked) {
      stop();
      asked = text;
      active = -1;
      mark();
      timer = setTimeout(() => ask(text), DELAY);
    }
  }

  async function ask(text) {
    const own = new AbortController();
    request = own;
    const late = setTimeout(() => own.abort(), TIMEOUT);
    let answer = { suggestions: [], said: "" };
    try {
      const address = `/api/suggestions?${new URLSearchParams(only ? { q: text, only } : { q: text })}`;
      const response = await fetch(address, { signal: own.signal, credentials: "same-origin" });
      if (response.ok) answer = await response.json();
    } catch {
      // Without suggestions, the field works as before.
    }
    clearTimeout(late);
    if (request !== own) return; // something else was typed meanwhile
    request = null;
    if (document.activeElement !== field) return close();
    show(answer.suggestions, { said: answer.said });
  }

  function accept(index) {
    const chosen = options[index];
    close();
    choose(chosen);
  }

  /** Returns whether a key chose something, moved within the list or closed it. */
  function handle(event) {
    if (options.length === 0 || event.isComposing) return false;
    const used = use(event);
    if (used) event.preventDefault();
    return used;
  }

  function use({ key, shiftKey, altKey, ctrlKey, metaKey }) {
    if (altKey || ctrlKey || metaKey) return false;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (shiftKey) return false; // selects text
      const step = key === "ArrowDown" ? 1 : -1;
      const from = active < 0 && step < 0 ? 0 : active;
      active = (from + step + options.length) % options.length;
      mark();
      return true;
    }
    if (key === "Escape") {
      const text = asked;
      close();
      asked = text; // stays closed until something else is typed
      return true;
    }
    const completes = areCommands && active >= 0;
    if (key === "Tab" && !shiftKey && completes) {
      accept(active);
      return true;
    }
    if (key === "Enter" && !shiftKey && active >= 0 && !(completes && options[active].complete)) {
      accept(active);
      return true;
    }
    return false;
  }

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  field.addEventListener("input", (event) => {
    if (!event.isComposing) update();
  });
  field.addEventListener("compositionend", update);
  field.addEventListener("blur", close);
  return { handle, close };
}

/** Attaches suggestions to an input of a page that the server has rendered. */
function attach(field, number) {
  const place = field.parentElement;
  const id = `suggestions-${number}`;
  const list = el("ul", { id, className: "suggestions", hidden: true, attrs: { role: "listbox" } });
  list.setAttribute("aria-label", field.getAttribute("aria-label") ?? field.labels[0]?.textContent);
  const status = el("p", { className: "unseen", attrs: { "aria-live": "polite" } });
  place.classList.add("suggest-place");
  place.append(list, status);
  field.autocomplete = "off";
  const isSong = field.dataset.suggest === "song";
  const hidden = isSong ? document.getElementById(field.dataset.suggestId) : null;
  const suggestions = makeSuggestions({
    field,
    list,
    status,
    longest: field.maxLength,
    only: isSong ? "song" : "",
    choose: (suggestion) => {
      if (isSong) field.value = suggestion.label;
      else open(suggestion);
      if (hidden) hidden.value = suggestion.song;
    },
  });
  field.addEventListener("keydown", suggestions.handle);
  if (hidden) field.addEventListener("input", () => (hidden.value = ""));
}

function open({ song, text }) {
  location.assign(song ? `/song/${song}` : `/search?${new URLSearchParams({ q: text })}`);
}

document.querySelectorAll("input[data-suggest]").forEach(attach);
