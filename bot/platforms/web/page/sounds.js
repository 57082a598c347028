// Sound files: dropped anywhere on the page, picked with a button, or pasted; sent one at a time.

import { fill } from "./dom.js";
import { call, Refused, Unreachable, upload } from "./net.js";

const MAX_NAME = 120; // characters of a file's name
const CONTROLS = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu; // also marks of direction
const MAX_NAMED = 3; // files that are named in one sentence
const MAX_LENGTH_NAMED = 40; // characters of such a name
const MAX_ATTEMPTS = 3; // to send a file whose connection ends

/**
 * Connects the ways to give the page a file; returns {pick, keep, send}. `onFiles(files)` gets what
 * is given, `onIdle()` is called when all files are answered, `reject(sentence)` displays why nothing
 * is taken.
 *
 * `pick()` opens the dialog. `keep(id, file)` keeps a file in memory until its turn is answered, and
 * returns false if too many are kept. `send(turn, view)` sends the file of a turn and
 * returns the replies; it throws as `upload` does.
 */
export function startSounds(data, { onFiles, onIdle, reject }) {
  const say = data.strings;
  const input = document.getElementById("files");
  input.accept = ["audio/*", ...data.suffixes].join();
  const pick = () => input.click();
  document.getElementById("pick").addEventListener("click", pick);
  input.addEventListener("change", () => {
    onFiles([...input.files]);
    input.value = ""; // the same file may be picked again
  });
  document.addEventListener("paste", (event) => {
    const sounds = [...event.clipboardData.files].filter((file) => isSound(file, data.suffixes));
    if (sounds.length === 0) return; // a text, or a picture
    event.preventDefault();
    onFiles(sounds);
  });
  acceptDrops(document.getElementById("drop"), (transfer) => {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
    if (entries.some((entry) => entry?.isDirectory)) reject(say.folder_dropped);
    else onFiles([...transfer.files]);
  });
  return { pick, ...makeSender(data, onIdle) };
}

/** Returns the name of a file on one line, of at most `length` characters and with its suffix. */
export function nameOf(file, length = MAX_NAME) {
  const name = file.name.replace(CONTROLS, " ");
  const characters = [...name];
  if (characters.length <= length) return name;
  const suffix = /\.[^.]{1,8}$/u.exec(name)?.[0] ?? "";
  return `${characters.slice(0, length - [...suffix].length - 1).join("")}…${suffix}`;
}

/** Returns the sentence that names the files that were left out. */
export function sayNotTaken(files, say) {
  const named = files.slice(0, MAX_NAMED).map((file) => nameOf(file, MAX_LENGTH_NAMED)).join(", ");
  const count = files.length - MAX_NAMED;
  const names = count > 0 ? fill(say.and_others, { names: named, count }) : named;
  return fill(say.not_taken, { names });
}

function isSound({ name, type }, suffixes) {
  const lower = name.toLowerCase();
  return type.startsWith("audio/") || suffixes.some((suffix) => lower.endsWith(suffix));
}

/** Covers the page while files are dragged over it; `onDrop` gets what is dropped. */
function acceptDrops(cover, onDrop) {
  let isOurs = false; // a picture of this page is dragged
  const hasFiles = ({ dataTransfer }) => !isOurs && dataTransfer?.types.includes("Files");
  document.addEventListener("dragstart", () => (isOurs = true));
  document.addEventListener("dragend", () => (isOurs = false));
  document.addEventListener("dragenter", (event) => {
    if (hasFiles(event)) cover.hidden = false;
  });
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  // The cover lies over everything: what leaves it leaves the page.
  cover.addEventListener("dragleave", (event) => {
    if (!cover.contains(event.relatedTarget)) cover.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    cover.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    onDrop(event.dataTransfer);
  });
}

function makeSender(data, onIdle) {
  const { strings: say, max_files: maxFiles, max_bytes: maxBytes, too_big: tooBig } = data;
  const kept = new Map(); // a turn's id -> {file, attempts, waits: it is not answered yet}
  let last = Promise.resolve();
  let inLine = 0; // files that are being sent or wait for those before them

  const waiting = () => [...kept.values()].filter(({ waits }) => waits).length;

  function keep(id, file) {
    if (waiting() >= maxFiles) return false;
    kept.set(id, { file, attempts: 0, waits: true });
    return true;
  }

  /** Sends a file when those before it are answered. */
  async function send(turn, view) {
    if (inLine > 0) view.setProgress(say.file_waits);
    inLine += 1;
    const sent = last.then(() => sendNow(turn, kept.get(turn.id), view));
    last = sent.catch(() => {});
    const replies = await sent.finally(() => (inLine -= 1));
    const one = kept.get(turn.id);
    if (one && replies.some(({ code }) => code === "failed")) one.waits = false;
    else kept.delete(turn.id);
    if (waiting() === 0) onIdle();
    return replies;
  }

  async function sendNow(turn, one, view) {
    if (!one) return repliesOf(turn);
    if (one.file.size > maxBytes) return [notice("too_big", tooBig)];
    if (!(await isReadable(one.file))) return [notice("unreadable", say.file_unreadable)];
    one.attempts += 1;
    try {
      const query = new URLSearchParams({ id: turn.id, name: turn.file });
      return (await upload(`/api/sounds?${query}`, one.file, view.showSent)).replies;
    } catch (error) {
      if (error instanceof Unreachable && one.attempts < MAX_ATTEMPTS) throw error;
      const text = error instanceof Refused ? error.message : say.file_failed;
      one.attempts = 0;
      return [notice("failed", text)];
    }
  }

  /** After a reload the file is gone, but the bot may have received it. */
  async function repliesOf({ id }) {
    const { replies } = await call(`/api/replies/${id}`);
    return replies.length > 0 ? replies : [notice("lost", say.file_lost)];
  }

  return { keep, send };
}

/** Returns whether a file is still on the disk, and no folder. */
async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function notice(code, text) {
  return { type: "notice", code, text };
}
