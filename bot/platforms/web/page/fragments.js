// Turns markup that the server rendered into elements: the only module that parses markup.

const policy = globalThis.trustedTypes?.createPolicy("soundslike", { createHTML: (html) => html });

/** Returns the element of a reply's `html`, in which the server has escaped all that is not its own. */
export function toElement(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return document.adoptNode(template.content.firstElementChild);
}
