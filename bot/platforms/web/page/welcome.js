// The empty page: links to famous disputes, or to examples. In the chat, a press asks for the song here.

import { isPlain } from "./dom.js";

const list = document.getElementById("examples");

/** Makes a press of a link send its message by `ask(text)`; one for a new tab still opens its page. */
export function attachExamples(ask) {
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-ask]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    ask(link.dataset.ask, link.dataset.title);
  });
}

/** Returns the first dispute, {title, text}; null if the page has none. */
export function firstDispute() {
  const link = list.querySelector("a[data-title]");
  return link && { title: link.dataset.title, text: link.dataset.ask };
}
