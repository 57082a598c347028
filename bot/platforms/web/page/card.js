// Attaches behaviour to a card that the server rendered.

import { attachLink } from "./link.js";
import { attachPictures } from "./pictures.js";
import { attachSave } from "./save.js";
import { attachVotes } from "./votes.js";

const MARKED = 2_400; // ms

/**
 * Attaches to the element of a card what needs a script; returns {root, showBallot, showTally, show}.
 * `vote` is as in votes.js. `show()` scrolls to the card and marks it.
 */
export function attachCard(root, vote) {
  const status = root.querySelector(".row-status");
  attachPictures(root);
  attachSave(root, status);
  attachLink(root, status);
  return { root, ...attachVotes(root, vote), show: () => show(root) };
}

function show(root) {
  const fits = root.offsetHeight <= root.closest(".log").clientHeight;
  root.scrollIntoView({ block: fits ? "nearest" : "start" });
  root.classList.add("marked");
  setTimeout(() => root.classList.remove("marked"), MARKED);
}
