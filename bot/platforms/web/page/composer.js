// The message field: Enter sends, the draft is kept, "/" lists the commands.

import { el } from "./dom.js";
import { draft as keptDraft, keepDraft } from "./store.js";

/**
 * Brings the message field to life. `send(text)` returns null when the message is on its way, a
 * sentence when it is not: then the text stays. Returns {focus}.
 */
export function startComposer(commands, send) {
  const form = document.getElementById("composer");
  const draft = document.getElementById("draft");
  const refusal = document.getElementById("refusal");
  const list = startCommands(draft, document.getElementById("commands"), commands, changed);

  function changed() {
    keepDraft(draft.value);
    refusal.hidden = true;
    draft.style.height = "auto";
    draft.style.height = `${draft.scrollHeight + 2}px`;
    list.update();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (draft.value.trim()) {
      const no = send(draft.value);
      if (no === null) draft.value = "";
      changed();
      refusal.textContent = no ?? "";
      refusal.hidden = no === null;
    }
    draft.focus();
  });
  draft.addEventListener("input", changed);
  draft.addEventListener("keydown", (event) => {
    if (event.isComposing || list.handle(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  draft.value = keptDraft();
  changed();
  return { focus: () => draft.focus() };
}

/** The list of commands above the field; `handle(event)` is true when a key was meant for it. */
function startCommands(draft, list, commands, changed) {
  let shown = [];
  let active = 0;
  let closed = false;

  function render() {
    list.replaceChildren(
      ...shown.map(({ name, about }, index) => {
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
    list.hidden = shown.length === 0;
    if (list.hidden) draft.removeAttribute("aria-activedescendant");
    else draft.setAttribute("aria-activedescendant", `command-${active}`);
  }

  function update() {
    const text = draft.value.toLowerCase();
    shown = closed || !text.startsWith("/") ? [] : commands.filter(({ name }) => name.startsWith(text));
    active = 0;
    closed = false;
    render();
  }

  function whole({ name, argument }) {
    return argument ? `${name} ` : name;
  }

  function complete(index) {
    draft.value = whole(shown[index]);
    closed = true;
    changed();
  }

  function handle(event) {
    if (shown.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      active = (active + step + shown.length) % shown.length;
      render();
    } else if (event.key === "Escape") {
      shown = [];
      render();
    } else if (event.key === "Tab" && !event.shiftKey) {
      complete(active);
    } else if (event.key === "Enter" && draft.value !== whole(shown[active])) {
      complete(active);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  return { update, handle };
}
