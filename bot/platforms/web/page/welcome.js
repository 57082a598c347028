// The empty page: famous songs over whose genre people argue, or examples of messages.

import { el } from "./dom.js";
import { call } from "./net.js";

const TIMEOUT = 5_000; // ms; the model is loaded meanwhile

/** Fills the list of the empty page; `ask(text)` sends a message. */
export async function showDisputes(data, ask) {
  const say = data.strings;
  const label = document.getElementById("examples-label");
  const list = document.getElementById("examples");
  let disputes = [];
  try {
    ({ disputes } = await call("/api/disputes", undefined, TIMEOUT));
  } catch {
    // The examples need nothing from the bot.
  }
  const makers = disputes.map((dispute) => makeDispute(dispute, data));
  const buttons = makers.length > 0 ? makers : data.examples.map(makeExample);
  label.textContent = makers.length > 0 ? say.welcome_disputes : say.welcome_examples;
  list.classList.toggle("disputes", makers.length > 0);
  list.replaceChildren(
    ...buttons.map(([button, text]) => {
      button.addEventListener("click", () => ask(text));
      return el("li", {}, button);
    }),
  );
}

function makeExample({ text, about }) {
  const parts = [el("strong", { textContent: text }), el("span", { textContent: about })];
  return [el("button", { type: "button" }, ...parts), text];
}

function makeDispute({ title, artists, said, genres, text }, data) {
  const button = el(
    "button",
    { type: "button", className: "dispute" },
    makeRecord(genres, data),
    el("strong", { dir: "auto", textContent: title }),
    el("span", { dir: "auto", textContent: artists }),
    ...said.map((sentence) => el("span", { className: "said", textContent: sentence })),
  );
  return [button, text];
}

/** A record: its ring has the genres that are heard, its centre is the genre of the filing. */
function makeRecord(genres, data) {
  const [best] = genres;
  const centre = genres.find(({ filed, genre }) => filed && genre !== best.genre) ?? best;
  const emoji = data.genres.find(({ genre }) => genre === centre.genre)?.emoji ?? "";
  const record = el(
    "span",
    { className: "record", attrs: { "aria-hidden": "true" } },
    el("span", { className: "centre", textContent: emoji, attrs: { "data-genre": centre.genre } }),
  );
  for (const theme of ["light", "dark"]) {
    record.style.setProperty(`--ring-in-${theme}`, makeRing(genres, data.colours[theme]));
  }
  return record;
}

function makeRing(genres, colours) {
  let end = 0;
  const slices = genres.map(({ genre, share }) => {
    const start = end;
    end = start + share;
    return `${colours[genre]} ${start}turn ${end}turn`;
  });
  return `conic-gradient(${slices.join(", ")}, transparent ${end}turn)`;
}
