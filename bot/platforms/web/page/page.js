// The chat: displays the conversation, sends messages and stores them until they are answered.

import { attachCard } from "./card.js";
import { startComposer } from "./composer.js";
import { fill } from "./dom.js";
import { toElement } from "./fragments.js";
import { alone, call, Unreachable } from "./net.js";
import { nameOf, sayNotTaken, startSounds } from "./sounds.js";
import * as store from "./store.js";
import { attachSummary } from "./summary.js";
import { onReturn, showVotes } from "./tabs.js";
import { makePointer, makeTurn } from "./turn.js";
import { inOrder } from "./votes.js";
import { attachExamples, firstDispute } from "./welcome.js";

const MAX_BYTES = 200_000; // of a message
const NEAR_BOTTOM = 160; // px
const FIRST_RETRY_DELAY = 500; // ms
const MAX_RETRY_DELAY = 8_000; // ms
const MESSAGE_TIMEOUT = 90_000; // ms; longer than an album takes
const PROGRESS_INTERVAL = 1_000; // ms
const FILE = "sound:"; // begins the key of a file
const LATEST = 10; // cards to which a message about the same song points

const data = JSON.parse(document.getElementById("page-data").textContent);
const say = data.strings;
const log = document.getElementById("log");
const welcome = document.getElementById("welcome");
const banner = document.getElementById("banner");
const newReply = document.getElementById("new-reply");

const views = new Map(); // a turn's id -> its view
const vote = inOrder(sendVote); // also across cards
const sending = new Set(); // ids of turns whose request is in flight
let cards = [];
let loaded = false;
let atBottom = true;
let retryTimer = null;
let failures = 0;
let notTaken = null; // the sentence that names the files that were left out

// --- the conversation

function addTurn(turn) {
  const view = makeTurn(turn, say, { ask: send, retry: () => deliver(turn) });
  const next = [...views.keys()].filter((id) => id > turn.id).sort()[0];
  log.insertBefore(view.root, next ? views.get(next).root : null);
  views.set(turn.id, view);
  for (const notice of turn.notices) view.addNotice(notice);
  showWelcome(false);
  return view;
}

function addReply(view, reply) {
  if (reply.type === "notice") return view.addNotice(reply);
  if (reply.type === "card" && shownCard(reply)) {
    return view.addCard(makePointer(say, () => showCard(reply)));
  }
  const root = toElement(reply.html);
  if (reply.type === "summary") attachSummary(root, send);
  else cards.push(makeCard(root, reply));
  return view.addCard(root);
}

function makeCard(root, reply) {
  const card = attachCard(root, (genre) => vote(reply, genre));
  card.showBallot(reply.ballot);
  return { ...card, id: reply.id, key: reply.track.key, answer: reply.answer };
}

/** Returns the card that says the same, if it is one of the latest; a file gets one each time. */
function shownCard({ track, answer }) {
  if (track.key.startsWith(FILE)) return undefined;
  const isSame = (card) => card.key === track.key && card.answer === answer;
  return cards.slice(-LATEST).find((card) => isSame(card) && card.root.isConnected);
}

function showCard(reply) {
  const card = shownCard(reply);
  card?.show();
  card?.root.focus({ preventScroll: true });
}

/** Sends a vote, and displays it on all cards of the song. */
async function sendVote(card, genre) {
  try {
    const choice = { card: card.id, kind: "choice", genre, added: genre !== null };
    const answer = await call("/api/votes", choice);
    for (const other of cards) {
      if (other.key === card.track.key) other.showBallot(answer.ballot);
      if (other.id in answer.tallies) other.showTally(answer.tallies[other.id]);
    }
    return answer;
  } catch (error) {
    if (error instanceof Unreachable) onDisconnected();
    throw error;
  }
}

/** Displays the messages stored in this browser and, once the bot answers, its cards. */
async function load() {
  log.setAttribute("aria-live", "off"); // screen readers need not read the history again
  for (const turn of store.turns()) if (!views.has(turn.id)) addTurn(turn);
  const { shown } = await alone(() => call("/api/history"));
  for (const { message, card, summary } of shown) {
    const view = views.get(message) ?? addTurn({ id: message, text: "", notices: [] });
    addReply(view, card ?? summary);
  }
  for (const { id, state } of store.turns()) {
    // A card that is older than the history.
    if (state === "answered" && views.get(id).isUnanswered()) removeTurn(id);
  }
  loaded = true;
  showWelcome(views.size === 0);
  log.scrollTop = welcome.hidden ? log.scrollHeight : 0;
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

/** Displays or hides what the empty page offers; Enter in the empty field asks the first of it. */
function showWelcome(isShown) {
  welcome.hidden = !isShown;
  const first = isShown && hasKeyboard && firstDispute();
  composer.setHint(first ? fill(say.first_hint, { song: first.title }) : null);
}

async function reload() {
  loaded = false;
  for (const id of [...views.keys()]) removeTurn(id);
  cards = [];
  await load();
}

function removeTurn(id) {
  views.get(id).root.remove();
  views.delete(id);
}

// --- sending

/** Starts to send a message, displayed as `title`; returns null, or a sentence if it cannot be sent. */
function send(text, title = text) {
  if (new TextEncoder().encode(text).length > MAX_BYTES) return data.too_long;
  start({ id: store.newId(), text, title, notices: [], state: "pending" });
  return null;
}

/** Starts to send files, each as a message of its own. */
function sendFiles(files) {
  composer.reject(null);
  const leftOut = [];
  files.forEach((file, place) => {
    const id = store.newId(Date.now() + place);
    if (!sounds.keep(id, file)) return leftOut.push(file);
    start({ id, text: "", file: nameOf(file), notices: [], state: "pending" });
  });
  if (leftOut.length === 0) return;
  notTaken = sayNotTaken(leftOut, say);
  composer.reject(notTaken);
}

function start(turn) {
  store.save(turn);
  addTurn(turn);
  deliver(turn);
  log.scrollTop = log.scrollHeight;
}

async function deliver(turn) {
  if (sending.has(turn.id)) return;
  const view = views.get(turn.id);
  if (!loaded) {
    // Sent after the history, which gives a new visitor the cookie that answers are kept by.
    view.clear();
    return banner.hidden ? view.showProgress() : view.showWaiting();
  }
  sending.add(turn.id);
  view.clear();
  view.showProgress();
  const following = setInterval(() => followProgress(turn), PROGRESS_INTERVAL);
  try {
    const replies = await (turn.file === undefined ? ask(turn) : sounds.send(turn, view));
    onReplies(turn, replies, "answered");
  } catch (error) {
    if (error instanceof Unreachable) {
      view.showWaiting();
      onDisconnected();
    } else {
      onReplies(turn, [{ type: "notice", code: "failed", text: error.message }], "failed");
    }
  } finally {
    clearInterval(following);
    sending.delete(turn.id);
  }
}

async function ask({ id, text }) {
  return (await call("/api/messages", { id, text, search: true }, MESSAGE_TIMEOUT)).replies;
}

/** Displays how far the answer to a turn is, if the bot says so. */
async function followProgress(turn) {
  try {
    const { text } = await call(`/api/progress/${turn.id}`);
    if (text && sending.has(turn.id)) views.get(turn.id).setProgress(text);
  } catch {
    // The request for the answer finds out whether the bot can be reached.
  }
}

function onReplies(turn, replies, state) {
  const notices = replies.filter(({ type }) => type === "notice");
  store.save({ ...turn, notices, state });
  const view = views.get(turn.id);
  const follow = isNearBottom();
  view.clear();
  cards = cards.filter((card) => card.root.isConnected);
  const repeated = replies.map((reply) => reply.type === "card" && shownCard(reply));
  for (const reply of replies) addReply(view, reply);
  if (replies.length > 0 && repeated.every(Boolean)) repeated[0].show();
  else if (follow) scrollToTurn(view);
  else newReply.hidden = false;
  if (/^\s*\/forget-me(\s|$)/i.test(turn.text) && replies[0].code === "done") {
    store.deleteAllBut(turn.id);
    reload().catch(onDisconnected).then(deliverPending);
  }
}

function isNearBottom() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;
}

/** Scrolls to the end of a turn, or to the start of its first card if it does not fit. */
function scrollToTurn({ root }) {
  if (root.offsetHeight <= log.clientHeight) root.scrollIntoView({ block: "end" });
  else (root.querySelector(".card") ?? root).scrollIntoView({ block: "start" });
}

// --- the connection

function onDisconnected() {
  banner.hidden = false;
  if (retryTimer !== null) return;
  retryTimer = setTimeout(reconnect, Math.min(FIRST_RETRY_DELAY * 2 ** failures, MAX_RETRY_DELAY));
  failures += 1;
}

async function reconnect() {
  clearTimeout(retryTimer);
  retryTimer = null;
  try {
    await call("/healthz");
    if (!loaded) await load();
  } catch {
    onDisconnected();
    return;
  }
  banner.hidden = true;
  failures = 0;
  for (const turn of store.pending()) await deliver(turn);
}

function deliverPending() {
  store.pending().forEach(deliver);
}

// --- start

document.getElementById("retry").addEventListener("click", reconnect);
newReply.addEventListener("click", () => (log.scrollTop = log.scrollHeight));
log.addEventListener("scroll", () => {
  atBottom = isNearBottom();
  if (atBottom) newReply.hidden = true;
});
new ResizeObserver(() => {
  if (atBottom && welcome.hidden) log.scrollTop = log.scrollHeight; // less room: a banner, an on-screen keyboard
}).observe(log);
const hasKeyboard = matchMedia("(hover: hover)").matches; // a phone would open its own
const composer = startComposer(data.commands, send, () => {
  const first = welcome.hidden ? null : firstDispute();
  if (first) send(first.text, first.title);
});
attachExamples((text, title) => {
  send(text, title);
  composer.focus();
});
onReturn(async () => showVotes(cards, (await call("/api/history")).shown));
const sounds = startSounds(data, {
  onFiles: sendFiles,
  onIdle: () => composer.withdraw(notTaken),
  reject: composer.reject,
});
document.getElementById("pick-first").addEventListener("click", sounds.pick);
if (hasKeyboard) composer.focus();
try {
  await load();
} catch {
  onDisconnected();
}
deliverPending();
