// The code that computes a formula, as it stands in its files.

import { element } from "../parts/dom.js";

/** @import { Source } from "./props.js" */

/** @type {(sources: Source[], note: string) => HTMLElement[]} */
export function sourceElements(sources, note) {
  return [element("p", { class: "learn-small", textContent: note }), ...sources.map(sourceElement)];
}

/** @type {(source: Source) => HTMLElement} */
function sourceElement({ name, path, first, lines }) {
  const last = first + lines.length - 1;
  const width = String(last).length;
  const rows = lines.map((line, k) =>
    element("span", { class: "learn-line" },
      element("span", { class: "learn-number", "aria-hidden": "true", textContent: String(first + k).padStart(width) }),
      `${line}\n`));
  const code = element("pre", { class: "learn-code", tabIndex: 0, "aria-label": `${name} in ${path}` }, element("code", {}, ...rows));
  const caption = element("figcaption", { class: "learn-path", textContent: `${path}:${first}` });
  return element("figure", { class: "learn-source" }, caption, code);
}
