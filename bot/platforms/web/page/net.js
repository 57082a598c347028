// Requests to the bot.

const TIMEOUT = 45_000; // ms; longer than the bot takes for most requests
const STALLED = 20_000; // ms without progress of an upload
const HEARD = 600_000; // ms; longer than the bot takes for a file, with those before it

/** The bot did not answer: the request may be repeated. */
export class Unreachable extends Error {}

/** The bot rejected the request; the message is a sentence for the user. */
export class Refused extends Error {}

/** Returns the JSON at `path`; sends `body`, if given, as JSON. `timeout` is in milliseconds. */
export async function call(path, body, timeout = TIMEOUT) {
  const response = await attempt(path, body, timeout);
  return read(response.status, await response.text().catch(() => ""));
}

/**
 * Makes a request while no other tab does. The history gives a new visitor the cookie: two tabs that
 * ask at once would get two, and what the first one asks could be lost.
 */
export function alone(request) {
  // Only pages of this computer or with TLS have locks.
  return navigator.locks ? navigator.locks.request("soundslike.history", request) : request();
}

/** Returns the file at `path`; throws if there is none. */
export async function fetchFile(path) {
  const response = await attempt(path, undefined, TIMEOUT);
  if (!response.ok) throw new Refused(`status ${response.status}`);
  return response.blob();
}

/**
 * Sends a file to `path` and returns the JSON of the answer. `onSent` is called with the share of
 * the file that is sent, 0 to 1.
 */
export function upload(path, file, onSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells no progress
    let timer = null;
    const endAfter = (time) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), time);
    };
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      endAfter(STALLED);
      onSent(total ? loaded / total : 1);
    });
    request.upload.addEventListener("load", () => {
      endAfter(HEARD);
      onSent(1);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      try {
        resolve(read(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    endAfter(STALLED);
    request.send(file);
  });
}

/** Returns the JSON of a response; throws what the request failed of. */
function read(status, text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Unreachable(`status ${status}`);
  }
  if (status >= 400) throw new Refused(answer.notice?.text ?? `status ${status}`);
  return answer;
}

async function attempt(path, body, timeout) {
  const options = { signal: AbortSignal.timeout(timeout), cache: "no-store" };
  if (body !== undefined) {
    options.method = "POST";
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  try {
    return await fetch(path, options);
  } catch (error) {
    throw new Unreachable(error.message);
  }
}
