// Pictures of one size beside each other on a canvas of their own pixels.

import { contextOf } from "../parts/dom.js";

/** @import { Numbers, Shape } from "../core/header.js" */

export class Pixels {
  #stale = true;

  /** @param {number} columns @param {number} rows @param {Shape} shape */
  constructor(columns, rows, shape) {
    this.columns = columns;
    this.shape = shape;
    this.canvas = document.createElement("canvas");
    [this.canvas.width, this.canvas.height] = [columns * shape[2], rows * shape[1]];
    this.context = contextOf(this.canvas);
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
  }

  /** Take the mean pixels C·H·W of picture k. @type {(k: number, values: Numbers) => void} */
  put(k, values) {
    putPixels(this.image.data, this.canvas.width, this.#at(k), values, this.shape);
    this.#stale = true;
  }

  /** Bring what was taken onto the canvas, before it is drawn from. */
  ready() {
    if (this.#stale) this.context.putImageData(this.image, 0, 0);
    this.#stale = false;
  }

  /** @type {(paper: CanvasRenderingContext2D, k: number, x: number, y: number, width: number, height: number) => void} */
  draw(paper, k, x, y, width, height) {
    const [, h, w] = this.shape;
    const [left, top] = this.#at(k);
    paper.drawImage(this.canvas, left, top, w, h, x, y, Math.round(width), Math.round(height));
  }

  /** A copy of picture k in its own pixels. @type {(k: number) => HTMLCanvasElement} */
  copy(k) {
    const [, height, width] = this.shape;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    this.ready();
    this.draw(contextOf(canvas), k, 0, 0, width, height);
    return canvas;
  }

  /** @type {(k: number) => [number, number]} */
  #at(k) {
    return [(k % this.columns) * this.shape[2], Math.floor(k / this.columns) * this.shape[1]];
  }
}

/**
 * Write pixels C·H·W in [0, 1] into the bytes of an image that is `across` pixels wide; what lies
 * outside shows as the nearest that can be shown.
 * @type {(data: Uint8ClampedArray, across: number, place: [number, number], values: Numbers, shape: Shape) => void}
 */
export function putPixels(data, across, [left, top], values, [channels, height, width]) {
  const plane = height * width;
  const [green, blue] = channels === 3 ? [plane, 2 * plane] : [0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    let at = 4 * ((top + y) * across + left);
    for (let x = 0; x < width; x++, i++, at += 4) {
      data[at] = 255 * values[i];
      data[at + 1] = 255 * values[green + i];
      data[at + 2] = 255 * values[blue + i];
      data[at + 3] = 255;
    }
  }
}
