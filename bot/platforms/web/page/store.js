// Browser storage: the visitor's messages, the notices that answered them, the unsent draft.
// The bot does not store the text of messages, so after a reload it comes from here.

const TURNS = "soundslike.turns";
const DRAFT = "soundslike.draft";
const MAX_TURNS = 100;
const MAX_LENGTH = 2_000; // characters stored of an answered message

const fallback = new Map(); // used if the browser denies storage

/**
 * Returns all turns, oldest first: {id, text, notices, state}; the state is "pending", "answered" or
 * "failed".
 */
export function turns() {
  try {
    const stored = JSON.parse(read(TURNS) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

/** Returns the turns that are not answered yet. */
export function pending() {
  return turns().filter(({ state }) => state === "pending");
}

/** Stores a turn, replacing the one with its id. */
export function save(turn) {
  const text = turn.state === "pending" ? turn.text : turn.text.slice(0, MAX_LENGTH);
  const others = turns().filter((other) => other.id !== turn.id);
  write(TURNS, JSON.stringify([...others, { ...turn, text }].sort(byId).slice(-MAX_TURNS)));
}

/** Deletes all turns but the given one and the pending ones. */
export function deleteAllBut(id) {
  const remaining = turns().filter((turn) => turn.id === id || turn.state === "pending");
  write(TURNS, JSON.stringify(remaining));
}

export function draft() {
  return read(DRAFT) ?? "";
}

export function saveDraft(text) {
  write(DRAFT, text);
}

/** Returns a new message id; ids sort by creation time across browsers. */
export function newId(now = Date.now()) {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${String(now).padStart(13, "0")}-${hex}`;
}

/** Returns the time in a message id, or null. */
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
