// Requests to the bot.

const TIMEOUT = 45_000; // ms; longer than the bot takes for most requests

/** The bot did not answer: the request may be repeated. */
export class Unreachable extends Error {}

/** The bot rejected the request; the message is a sentence for the user. */
export class Refused extends Error {}

/** Returns the JSON at `path`; sends `body`, if given, as JSON. `timeout` is in milliseconds. */
export async function call(path, body, timeout = TIMEOUT) {
  const response = await attempt(path, body, timeout);
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Unreachable(`status ${response.status}`);
  }
  if (!response.ok) throw new Refused(answer.notice?.text ?? `status ${response.status}`);
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
