// What this browser keeps: its own messages, the notices that answered them, the unsent draft.
// The bot never stores a message's text, so after a reload it can only come from here.

const TURNS = "soundslike.turns";
const DRAFT = "soundslike.draft";
const MOST_TURNS = 100;
const LONGEST = 2_000; // characters of an answered message that are kept

let fallback = new Map(); // where the browser keeps nothing for us

/** All turns, oldest first: {id, text, notices, state}, state "pending" or "answered". */
export function turns() {
  try {
    const kept = JSON.parse(read(TURNS) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** Keeps a turn in place of the one with its id. */
export function keep(turn) {
  const kept = turn.state === "pending" ? turn : { ...turn, text: turn.text.slice(0, LONGEST) };
  const others = turns().filter((other) => other.id !== turn.id);
  write(TURNS, JSON.stringify([...others, kept].sort(byId).slice(-MOST_TURNS)));
}

/** Forgets every turn but the one named, and those that are not answered yet. */
export function forgetAllBut(id) {
  const kept = turns().filter((turn) => turn.id === id || turn.state === "pending");
  write(TURNS, JSON.stringify(kept));
}

export function draft() {
  return read(DRAFT) ?? "";
}

export function keepDraft(text) {
  write(DRAFT, text);
}

/** A new message's id: ids sort by the time they were made, whichever browser made them. */
export function newId(now = Date.now()) {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${String(now).padStart(13, "0")}-${hex}`;
}

/** When a message was written, null for an id that does not say. */
export function timeOf(id) {
  const [, ms] = /^(\d{13})-/.exec(id) ?? [];
  return ms ? new Date(Number(ms)) : null;
}

export function byId(one, other) {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

function read(key) {
  try {
    return fallback.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value);
    fallback.delete(key);
  } catch {
    fallback.set(key, value);
  }
}
