// The row of class buttons of a model that is told classes: which class z is decoded as.

import { button, element, setPressed } from "../parts/dom.js";
import { className } from "../core/told.js";

/** @import { Decoder } from "../core/header.js" */

/** @typedef {{set(label: number): void}} Classes */

/**
 * Fill `box` for a model, empty and hidden for one that is told no class; `change(label)` hears
 * that a class was pressed.
 * @type {(box: HTMLElement, net: Decoder, change: (label: number) => void) => Classes}
 */
export function createClasses(box, { classes, header }, change) {
  box.hidden = !classes;
  const buttons = Array.from({ length: classes }, (_, label) => {
    const name = className(header, label);
    // the legend has buttons of the same text
    return button(name, {
      class: "pad-choice",
      "aria-label": `class ${name}`,
      title: `decode z as ${name}`,
      onclick: () => change(label),
    });
  });
  const words = element("span", { class: "pad-small", textContent: "class" });
  box.replaceChildren(...(classes ? [words, ...buttons] : []));
  /** @type {Classes["set"]} */
  const set = (label) => buttons.forEach((made, one) => setPressed(made, one === label));
  return { set };
}
