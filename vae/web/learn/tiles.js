// Pictures that a model decodes, side by side on one canvas.

import { contextOf } from "../parts/dom.js";
import { Pixels } from "../pictures/pixels.js";

/** @import { Network, Numbers } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { Theme } from "../parts/theme.js" */

const GAP = 2; // pixels of the images

/** @typedef {{net: Network, many: Many}} Decodes */

export class Tiles {
  /** @type {Pixels | null} */
  #pixels = null;
  #columns = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  /**
   * Decode places into so many columns; those for which `marked(k)` holds get a frame.
   * @type {(model: Decodes, zs: Numbers[], columns: number, theme: Theme, marked?: (k: number) => boolean) => void}
   */
  show({ net, many }, zs, columns, theme, marked = () => false) {
    const rows = Math.ceil(zs.length / columns);
    const [, height, width] = net.shape;
    if (!this.#pixels || this.#columns !== columns || this.#pixels.columns !== columns) {
      this.#pixels = new Pixels(columns, rows, net.shape);
      this.#columns = columns;
      [this.canvas.width, this.canvas.height] = [columns * (width + GAP) - GAP, rows * (height + GAP) - GAP];
    }
    const pixels = this.#pixels;
    many.decode(zs, () => null, (values, k) => pixels.put(k, values));
    pixels.ready();
    const paper = contextOf(this.canvas);
    paper.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let k = 0; k < zs.length; k++) {
      const [x, y] = [(k % columns) * (width + GAP), Math.floor(k / columns) * (height + GAP)];
      pixels.draw(paper, k, x, y, width, height);
      if (!marked(k)) continue;
      paper.strokeStyle = theme.accent;
      paper.lineWidth = 2;
      paper.strokeRect(x + 1, y + 1, width - 2, height - 2);
    }
  }
}
