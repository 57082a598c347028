// Makes elements. Text goes in as text: nothing here, or anywhere else, parses markup.

/** An element with properties, attributes (in `attrs`) and children; null children are left out. */
export function el(tag, { attrs = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attrs)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

/** Fills {name} in a sentence. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
