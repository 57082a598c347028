// The chat: displays the conversation, sends messages and stores them until they are answered.

import { makeCard } from "./card.js";
import { startComposer } from "./composer.js";
import { el } from "./dom.js";
import { call, Refused, Unreachable } from "./net.js";
import * as store from "./store.js";
import { makeTurn } from "./turn.js";

const MOST_BYTES = 200_000; // of a message
const NEAR_BOTTOM = 160; // px
const LONGEST_PAUSE = 8_000; // ms between two attempts to reach the bot

const data = JSON.parse(document.getElementById("page-data").textContent);
const say = data.strings;
const log = document.getElementById("log");
const welcome = document.getElementById("welcome");
const banner = document.getElementById("banner");
const newer = document.getElementById("newer");

const views = new Map(); // a turn's id -> its view
const sending = new Set(); // ids of turns that are on their way
let cards = [];
let loaded = false;
let atBottom = true;
let retry = null;
let failures = 0;

// --- the conversation

function addTurn(turn) {
  const view = makeTurn(turn, say, { ask: send, again: () => deliver(turn) });
  const later = [...views.keys()].filter((id) => id > turn.id).sort()[0];
  log.insertBefore(view.root, later ? views.get(later).root : null);
  views.set(turn.id, view);
  for (const notice of turn.notices) view.addNotice(notice);
  welcome.hidden = true;
  return view;
}

function addReply(view, reply) {
  if (reply.type !== "card") return view.addNotice(reply);
  const card = makeCard(reply, data, (choice, added) => vote(card, choice, added));
  cards.push(card);
  return view.addCard(card.root);
}

async function vote(card, { kind, genre }, added) {
  try {
    const answer = await call("/api/votes", { card: card.id, kind, genre, added });
    for (const other of cards) {
      if (other !== card && other.key === card.key) other.showBallot(answer.ballot);
    }
    return answer;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    lost();
    throw new Refused(say.vote_failed);
  }
}

/** Displays the messages stored in this browser and, once the bot answers, its cards. */
async function load() {
  log.setAttribute("aria-live", "off"); // screen readers need not read the history again
  for (const turn of store.turns()) if (!views.has(turn.id)) addTurn(turn);
  const { shown } = await call("/api/history");
  for (const { message, card } of shown) {
    const view = views.get(message) ?? addTurn({ id: message, text: "", notices: [] });
    addReply(view, card);
  }
  for (const { id, state } of store.turns()) {
    if (state === "answered" && views.get(id).isUnanswered()) drop(id); // the card is no longer in the history
  }
  loaded = true;
  welcome.hidden = views.size > 0;
  log.scrollTop = log.scrollHeight;
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

async function reload() {
  loaded = false;
  for (const id of [...views.keys()]) drop(id);
  cards = [];
  await load();
}

function drop(id) {
  views.get(id).root.remove();
  views.delete(id);
}

// --- sending

/** Sends a message; returns null, or the reason in a sentence if it cannot be sent. */
function send(text) {
  if (new TextEncoder().encode(text).length > MOST_BYTES) return data.too_long;
  const turn = { id: store.newId(), text, notices: [], state: "pending" };
  store.keep(turn);
  addTurn(turn);
  log.scrollTop = log.scrollHeight;
  deliver(turn);
  return null;
}

async function deliver(turn) {
  if (sending.has(turn.id)) return;
  sending.add(turn.id);
  const view = views.get(turn.id);
  view.clear();
  view.listen();
  try {
    const { replies } = await call("/api/messages", { id: turn.id, text: turn.text });
    settle(turn, replies, "answered");
  } catch (error) {
    if (error instanceof Unreachable) {
      view.wait();
      lost();
    } else {
      settle(turn, [{ type: "notice", code: "failed", text: error.message }], "failed");
    }
  } finally {
    sending.delete(turn.id);
  }
}

function settle(turn, replies, state) {
  const notices = replies.filter(({ type }) => type === "notice");
  store.keep({ ...turn, notices, state });
  const view = views.get(turn.id);
  const follow = isNearBottom();
  view.clear();
  cards = cards.filter((card) => card.root.isConnected);
  for (const reply of replies) addReply(view, reply);
  if (follow) show(view);
  else newer.hidden = false;
  if (/^\s*\/forget-me(\s|$)/i.test(turn.text) && replies[0].code === "done") {
    store.forgetAllBut(turn.id);
    reload().catch(lost);
  }
}

function isNearBottom() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;
}

/** Scrolls to the end of a turn, or to its start if it is higher than the screen. */
function show(view) {
  const higher = view.root.offsetHeight > log.clientHeight;
  view.root.scrollIntoView({ block: higher ? "start" : "end" });
}

// --- the connection

function lost() {
  banner.hidden = false;
  if (retry !== null) return;
  retry = setTimeout(reconnect, Math.min(500 * 2 ** failures, LONGEST_PAUSE));
  failures += 1;
}

async function reconnect() {
  clearTimeout(retry);
  retry = null;
  try {
    await call("/healthz");
    if (!loaded) await load();
  } catch {
    lost();
    return;
  }
  banner.hidden = true;
  failures = 0;
  for (const turn of pending()) await deliver(turn);
}

function pending() {
  return store.turns().filter(({ state }) => state === "pending");
}

// --- start

document.getElementById("retry").addEventListener("click", reconnect);
newer.addEventListener("click", () => (log.scrollTop = log.scrollHeight));
log.addEventListener("scroll", () => {
  atBottom = isNearBottom();
  if (atBottom) newer.hidden = true;
});
new ResizeObserver(() => {
  if (atBottom) log.scrollTop = log.scrollHeight; // a banner or an on-screen keyboard reduced the height
}).observe(log);
document.getElementById("examples").append(
  ...data.examples.map(({ text, about }) => {
    const button = el(
      "button",
      { type: "button" },
      el("strong", { textContent: text }),
      el("span", { textContent: about }),
    );
    button.addEventListener("click", () => {
      send(text);
      composer.focus();
    });
    return el("li", {}, button);
  }),
);

const composer = startComposer(data.commands, send);
if (matchMedia("(hover: hover)").matches) composer.focus(); // on a phone this would open the keyboard
try {
  await load();
  pending().forEach(deliver);
} catch {
  lost();
}
