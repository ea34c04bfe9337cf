// A sheet in the place of the image: what was drawn goes under the microscope when the pen is lifted.

import { setPressed } from "../parts/dom.js";
import { createDrawing } from "../pictures/drawing.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Framing } from "../pictures/fit.js" */
/** @import { Drawing } from "../pictures/drawing.js" */

/** @typedef {{root: HTMLElement, image: HTMLElement, drawing: HTMLElement}} Places */

export class Sheet {
  /** @type {Drawing | null} */
  #drawing = null;
  /** @type {Float32Array | null} */
  #pixels = null;

  /** @param {HTMLButtonElement} switcher @param {Places} places @param {(pixels: Float32Array) => void} drawn */
  constructor(switcher, places, drawn) {
    this.switcher = switcher;
    this.places = places;
    this.drawn = drawn;
    setPressed(switcher, false);
  }

  get isOpen() {
    return this.#drawing !== null;
  }

  /** @type {(shape: Shape, framing: Framing | null) => void} */
  open(shape, framing) {
    this.close();
    this.#drawing = createDrawing(this.places.drawing, shape, framing, {
      drew: (pixels) => {
        // the pen reuses its pixels
        this.#pixels = pixels && pixels.slice();
      },
      lifted: () => this.#pixels && this.drawn(this.#pixels),
    });
    this.#show(true);
  }

  close() {
    this.#drawing?.stop();
    this.#drawing = null;
    this.#pixels = null;
    this.places.drawing.replaceChildren();
    this.#show(false);
  }

  /** @type {(open: boolean) => void} */
  #show(open) {
    setPressed(this.switcher, open);
    this.places.image.hidden = open;
    this.places.drawing.hidden = !open;
    this.places.root.classList.toggle("dg-with-drawing", open);
  }
}
