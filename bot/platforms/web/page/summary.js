// Attaches behaviour to summaries and notices that the server rendered: their songs are asked for.

import { isPlain } from "./dom.js";
import { attachPictures } from "./pictures.js";

const FIRST_SONGS = 10; // displayed at once

/** Attaches to a summary's element. `ask(text)` sends a message, such as for a song's card. */
export function attachSummary(root, ask) {
  attachPictures(root);
  attachAsking(root, ask);
  const further = [...root.querySelectorAll(".songs li")].slice(FIRST_SONGS);
  const more = root.querySelector(".more");
  for (const row of further) row.hidden = true;
  more.hidden = further.length === 0;
  more.addEventListener("click", () => {
    for (const row of further) row.hidden = false;
    more.hidden = true;
    further[0].querySelector("a")?.focus({ preventScroll: true }); // it had the focus
  });
}

/** Lets a press of a song ask for it in the chat; with a modifier it opens the song's page. */
export function attachAsking(root, ask) {
  for (const link of root.querySelectorAll("[data-ask]")) {
    link.addEventListener("click", (event) => {
      if (!isPlain(event)) return;
      event.preventDefault();
      ask(link.dataset.ask);
    });
  }
}
