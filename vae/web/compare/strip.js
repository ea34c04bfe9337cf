// Pictures of one size in rows of so many, in their own pixels: the page enlarges them.

import { contextOf, element } from "../parts/dom.js";
import { putPixels } from "../pictures/pixels.js";

/** @import { Numbers, Shape } from "../core/header.js" */

const GAP_SHARE = 14; // a gap is this part of a picture's width

export class Strip {
  #columns;
  #count = 0;
  #gap = 1;
  /** @type {Shape} */
  #shape = [1, 1, 1];
  /** @type {ImageData | null} */
  #image = null;

  /** @param {number} columns @param {string} kind class of the canvas */
  constructor(columns, kind = "cmp-strip") {
    this.#columns = columns;
    this.canvas = element("canvas", { class: kind, role: "img" });
  }

  /** Make room for so many pictures; what was there goes. @type {(count: number, shape: Shape, name: string) => void} */
  clear(count, shape, name) {
    const [, height, width] = shape;
    [this.#count, this.#shape, this.#gap] = [count, shape, Math.max(1, Math.round(width / GAP_SHARE))];
    const columns = Math.min(this.#columns, count);
    const lines = Math.ceil(count / this.#columns);
    this.canvas.width = columns * (width + this.#gap) - this.#gap;
    this.canvas.height = lines * (height + this.#gap) - this.#gap;
    this.#image = contextOf(this.canvas).createImageData(this.canvas.width, this.canvas.height);
    this.canvas.setAttribute("aria-label", name);
  }

  /** Take the mean pixels C·H·W of picture k. @type {(k: number, values: Numbers) => void} */
  put(k, values) {
    if (this.#image) putPixels(this.#image.data, this.canvas.width, this.placeOf(k), values, this.#shape);
  }

  /** Show what was taken. */
  show() {
    if (this.#image) contextOf(this.canvas).putImageData(this.#image, 0, 0);
  }

  /** Upper left corner of picture k in the strip's own pixels. @type {(k: number) => [number, number]} */
  placeOf(k) {
    const [, height, width] = this.#shape;
    return [(k % this.#columns) * (width + this.#gap), Math.floor(k / this.#columns) * (height + this.#gap)];
  }

  /** Which picture is under the hand, −1 for none. @type {(event: MouseEvent) => number} */
  under({ offsetX, offsetY }) {
    const [, height, width] = this.#shape;
    const scale = this.canvas.width / (this.canvas.clientWidth || 1);
    const column = Math.floor((offsetX * scale) / (width + this.#gap));
    const k = Math.floor((offsetY * scale) / (height + this.#gap)) * this.#columns + column;
    return column < this.#columns && k < this.#count ? k : -1;
  }
}
