// An image and what the decoder makes of it, side by side; and a row of small pictures with words.

import { drawPixels } from "../core/decoder.js";
import { contextOf, element } from "../parts/dom.js";

/** @import { Numbers, Shape } from "../core/header.js" */

/** @typedef {{root: HTMLElement, canvas: HTMLCanvasElement, instead: HTMLElement, caption: HTMLElement}} Half */

const NO_NEIGHBOUR = "no nearest image yet";

const SHOWN_NEIGHBOURS = 4;

/** The elements: a pair beside the decoded image, and the line about the nearest images. */
export function originalParts() {
  const column = element("div", { class: "pad-original-column", role: "group" });
  column.setAttribute("aria-label", "an encoded image and its reconstruction");
  const original = halfPicture("original");
  const reconstruction = halfPicture("reconstruction");
  column.append(original.root, reconstruction.root);
  const neighbours = Array.from({ length: SHOWN_NEIGHBOURS }, () =>
    element("canvas", { class: "pad-neighbour", role: "img", "aria-label": NO_NEIGHBOUR }));
  const pictures = element("div", { class: "pad-neighbours" }, ...neighbours);
  const sentence = element("p", { class: "pad-verdict" });
  const farWords = element("p", { class: "pad-far-words" });
  const verdict = element("div", { class: "pad-verdict-row" }, pictures, sentence, farWords);
  return { column, original, reconstruction, neighbours, sentence, farWords, verdict };
}

/** @type {(name: string) => Half} */
function halfPicture(name) {
  const canvas = element("canvas", { class: "pad-thumb", role: "img", "aria-label": name });
  const instead = element("span", { class: "pad-instead", hidden: true });
  const caption = element("figcaption", { class: "pad-caption" });
  const box = element("div", { class: "pad-original-box" }, canvas, instead);
  return { root: element("figure", { class: `pad-${name}` }, box, caption), canvas, instead, caption };
}

/**
 * Draw pixels into one half of the pair, or null with words in their place.
 * @type {(half: Half, pixels: Numbers | null, shape: Shape, caption: string, more: {instead?: string, title?: string}) => void}
 */
export function showHalf(half, pixels, shape, caption, { instead = "", title = caption }) {
  half.canvas.hidden = !pixels;
  if (pixels) drawPixels(contextOf(half.canvas), pixels, shape);
  half.instead.hidden = Boolean(pixels);
  half.instead.textContent = pixels ? "" : instead;
  half.caption.textContent = caption;
  half.caption.title = title;
  half.canvas.setAttribute("aria-label", title);
}

/**
 * Draw pixels into a small picture; null leaves it empty.
 * @type {(canvas: HTMLCanvasElement, pixels: Numbers | null, shape: Shape, words: string) => void}
 */
export function showNeighbour(canvas, pixels, shape, words) {
  canvas.setAttribute("aria-label", words || NO_NEIGHBOUR);
  canvas.title = words;
  if (pixels) drawPixels(contextOf(canvas), pixels, shape);
  else canvas.width = canvas.width; // clears it
}
