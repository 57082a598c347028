// Elements, whose text is inserted as text (fragments.js alone parses markup), and events.

/** Returns an element with properties, attributes (`attrs`) and children; null is skipped. */
export function el(tag, { attrs = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** Replaces {name} in a sentence by values. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Returns whether a press of a link is without a modifier: with one, the browser opens a tab or saves. */
export function isPlain({ ctrlKey, metaKey, shiftKey, altKey }) {
  return !(ctrlKey || metaKey || shiftKey || altKey);
}
