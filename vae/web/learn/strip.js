// A row of images of which one is looked at.

import { drawPixels } from "../core/decoder.js";
import { contextOf, element, setPressed } from "../parts/dom.js";
import { fillIn } from "./fill_in.js";

/** @import { Specimens } from "./specimens.js" */

/**
 * Fill a row; `image` names one of them, with `<k>`, `<count>` and `<label>`.
 * @type {(strip: HTMLElement, specimens: Specimens, image: string, choose: (k: number) => void) => (k: number) => void}
 */
export function fillStrip(strip, { shape, labels, images }, image, choose) {
  const buttons = images.map((pixels, k) => {
    const canvas = element("canvas", { class: "learn-picture" });
    drawPixels(contextOf(canvas), pixels, shape);
    const name = fillIn(image, { k: k + 1, count: images.length, label: labels[k] });
    const made = element("button", { type: "button", class: "learn-thumb", "aria-label": name, title: name, onclick: () => choose(k) }, canvas);
    setPressed(made, k === 0);
    return made;
  });
  strip.replaceChildren(...buttons);
  return (k) => buttons.forEach((made, j) => setPressed(made, j === k));
}

/** The number of an image as an address says it, 0 where it says none. @type {(text: string | undefined, count: number) => number} */
export function imageAsked(text, count) {
  const k = /^\d{1,4}$/.test(text ?? "") ? Number(text) - 1 : 0;
  return k >= 0 && k < count ? k : 0;
}
