// The page "what if": the result follows the sliders. Without this script, a button asks for it.

import { isPlain } from "./dom.js";
import { toElement } from "./fragments.js";
import { attachLink } from "./link.js";
import { Refused, call } from "./net.js";

const TIMEOUT = 10_000; // ms
const RETRY = 3_000; // ms until a request that failed is made again
const PACE = 40; // ms between two requests: two who drag stay within the limits of an address
const SETTLED = 400; // ms without a change until the address is replaced: Safari allows 100 in 30 s
const NEAR_END = 20; // percent of the way, as in what_if.py
const QUIET = 900; // ms without a change until the verdict is read aloud
const KEYS = {
  ArrowUp: ["step", 1],
  ArrowRight: ["step", 1],
  ArrowDown: ["step", -1],
  ArrowLeft: ["step", -1],
  PageUp: ["page", 1],
  PageDown: ["page", -1],
};

const form = document.querySelector("#what-if");
const status = form.querySelector("[data-status]");
const announcement = document.querySelector("[data-announce]");
const link = form.querySelector(".copy");

let isAsking = false;
let isStale = false; // the values changed since the last request was made
let lastAsked = 0; // by performance.now()
let retry = null;
const waiting = {}; // timers by purpose

form.querySelector("[data-submit]").hidden = true;
attachLink(form, status);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
  if (target.type === "range") set(target, Number(target.value));
  ask();
});
form.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const move = KEYS[key];
  if (target.type !== "range" || !move || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const [size, sign] = move;
  set(target, Number(target.value) + sign * Number(target.dataset[size]));
  ask();
});
document.addEventListener("click", (event) => {
  const turn = event.target.closest(".turns a[data-feature]");
  if (!turn || !isPlain(event)) return;
  event.preventDefault();
  jump(turn.dataset);
});

/** Sets a slider to the nearest value that it can be dragged to; its value is known then. */
function set(slider, value) {
  const step = Number(slider.dataset.step);
  slider.value = String(Number((Math.round(value / step) * step).toFixed(6)));
  box(slider).checked = false;
}

function box(slider) {
  return slider.closest(".control").querySelector("[type=checkbox]");
}

/** Sets a feature to its turning point, and moves the focus to it. */
function jump({ feature, value }) {
  const control = form.querySelector(`.control[data-feature="${feature}"]`);
  const input = control.querySelector("select, [type=range]");
  if (input.type === "range") set(input, Number(value));
  else input.value = String(Number(value));
  const folded = control.closest("details");
  if (folded) folded.open = true;
  input.focus();
  ask();
}

/** Asks for the result of the latest values: one request at a time, and never for those between. */
async function ask() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  clearTimeout(retry);
  while (isStale) {
    await pause(lastAsked + PACE - performance.now());
    isStale = false;
    lastAsked = performance.now();
    try {
      show(await call(`/api/whatif?${values()}`, undefined, TIMEOUT));
      status.textContent = "";
    } catch (error) {
      status.textContent = error instanceof Refused ? error.message : status.dataset.failed;
      if (!isStale) retry = setTimeout(ask, RETRY);
    }
  }
  isAsking = false;
}

function pause(time) {
  return time > 0 ? new Promise((resolve) => setTimeout(resolve, time)) : null;
}

/** Returns the values as the address has them; of a name that occurs twice, the last one counts. */
function values() {
  return new URLSearchParams(new FormData(form));
}

function show({ html, address, values: said, turns }) {
  const result = toElement(html);
  document.querySelector(".forecast").replaceWith(result);
  for (const control of form.querySelectorAll(".control")) {
    label(control, said[control.dataset.feature], turns[control.dataset.feature]);
  }
  link.href = address;
  after(SETTLED, "address", () => history.replaceState(null, "", address));
  after(QUIET, "announcement", () => {
    announcement.textContent = result.querySelector(".verdict").textContent;
  });
}

/** Writes a control's value in words, and moves the mark of its turning point. */
function label(control, said, turn) {
  const slider = control.querySelector("[type=range]");
  if (!slider) return;
  const isUnknown = box(slider).checked;
  control.classList.toggle("is-unknown", isUnknown);
  const value = control.querySelector(".value");
  value.textContent = isUnknown ? value.dataset.noValue : said;
  slider.setAttribute("aria-valuetext", said);
  const mark = control.querySelector(".marks .turn-mark");
  mark.setAttribute("visibility", turn === undefined ? "hidden" : "visible");
  if (turn === undefined) return;
  const way = share(slider, turn.value);
  mark.setAttribute("x", `${way}%`);
  const name = mark.querySelector("text");
  name.textContent = turn.genre;
  name.setAttribute("text-anchor", anchor(way));
}

/** Returns where the name of a mark begins, so that it stays between the slider's ends. */
function anchor(way) {
  if (way < NEAR_END) return "start";
  return way > 100 - NEAR_END ? "end" : "middle";
}

function share({ min, max }, value) {
  return (100 * (value - Number(min))) / (Number(max) - Number(min));
}

/** Calls `work` after a time without a further call for the same purpose. */
function after(time, purpose, work) {
  clearTimeout(waiting[purpose]);
  waiting[purpose] = setTimeout(work, time);
}
