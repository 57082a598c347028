// The message field: Enter sends, the draft is stored, "/" lists the commands.

import { el } from "./dom.js";
import { draft as storedDraft, saveDraft } from "./store.js";

/**
 * Connects the message field; returns {focus, reject, withdraw}. `send(text)` returns null, or a sentence if
 * the message cannot be sent; the text then stays in the field. `reject(sentence)` displays why
 * something else cannot be sent; null removes it. `withdraw(sentence)` removes that sentence, if it is
 * still displayed.
 */
export function startComposer(commands, send) {
  const form = document.getElementById("composer");
  const draft = document.getElementById("draft");
  const rejection = document.getElementById("rejection");
  const list = makeCommandList(draft, document.getElementById("commands"), commands, onChange);

  function onChange() {
    saveDraft(draft.value);
    reject(null);
    draft.style.height = "auto";
    draft.style.height = `${draft.scrollHeight + 2}px`;
    list.update();
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
    if (draft.value.trim()) {
      const reason = send(draft.value);
      if (reason === null) draft.value = "";
      onChange();
      reject(reason);
    }
    draft.focus();
  });
  draft.addEventListener("input", onChange);
  draft.addEventListener("keydown", (event) => {
    if (event.isComposing || list.handle(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  draft.value = storedDraft();
  onChange();
  return { focus: () => draft.focus(), reject, withdraw };
}

/** The list of commands above the field; `handle(event)` returns whether it used the key. */
function makeCommandList(draft, list, commands, onChange) {
  let matches = [];
  let active = 0;
  let closed = false;

  function render() {
    list.replaceChildren(
      ...matches.map(({ name, about }, index) => {
        const selected = String(index === active);
        const option = el(
          "li",
          { id: `command-${index}`, attrs: { role: "option", "aria-selected": selected } },
          el("strong", { textContent: name }),
          el("span", { textContent: about }),
        );
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault(); // the field keeps the focus
          complete(index);
        });
        return option;
      }),
    );
    list.hidden = matches.length === 0;
    if (list.hidden) draft.removeAttribute("aria-activedescendant");
    else draft.setAttribute("aria-activedescendant", `command-${active}`);
  }

  function update() {
    const text = draft.value.toLowerCase();
    const isCommand = !closed && text.startsWith("/");
    matches = isCommand ? commands.filter(({ name }) => name.startsWith(text)) : [];
    active = 0;
    closed = false;
    render();
  }

  function completion({ name, argument }) {
    return argument ? `${name} ` : name;
  }

  function complete(index) {
    draft.value = completion(matches[index]);
    closed = true;
    onChange();
  }

  function handle(event) {
    if (matches.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      active = (active + step + matches.length) % matches.length;
      render();
    } else if (event.key === "Escape") {
      matches = [];
      render();
    } else if (event.key === "Tab" && !event.shiftKey) {
      complete(active);
    } else if (event.key === "Enter" && draft.value !== completion(matches[active])) {
      complete(active);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  return { update, handle };
}
