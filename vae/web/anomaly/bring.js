// An image of the person's own, from a file or drawn, in the shape that the model takes.

import { nextTask } from "../parts/next_task.js";
import { createDrawing } from "../pictures/drawing.js";
import { readPicture } from "../pictures/file.js";
import { fittedPicture, proposeTreatment } from "../pictures/fit.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Drawing } from "../pictures/drawing.js" */
/** @import { Framing } from "../pictures/fit.js" */

/**
 * Read a picture file and treat it as the data set's images were; throws one sentence.
 * @type {(file: File, shape: Shape, framing: Framing | null) => Promise<Float32Array>}
 */
export async function pictureOf(file, shape, framing) {
  const { picture, wide } = await readPicture(file, shape[0]);
  const goesOn = async () => {
    await nextTask();
    return true;
  };
  const treatment = await proposeTreatment(picture, shape, framing, wide, null, null, goesOn);
  if (!treatment) throw new Error(`${file.name} could not be read; choose another picture.`);
  return Float32Array.from(fittedPicture(picture, shape, framing, treatment));
}

/** Whole levels of 0 to 255 in base64, as they are sent. @type {(pixels: Float32Array) => string} */
export function sentOf(pixels) {
  let text = "";
  for (const value of pixels) text += String.fromCharCode(Math.min(255, Math.max(0, Math.round(255 * value))));
  return btoa(text);
}

/** Numbers that came in base64. @type {(text: string) => Float32Array} */
export function numbersOf(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** A sheet to draw on, in a box; what was drawn is told when the pen is lifted. */
export class Sheet {
  /** @type {Drawing | null} */
  #drawing = null;
  /** @type {Float32Array | null} */
  #pixels = null;

  /** @param {HTMLElement} box @param {(pixels: Float32Array) => void} drawn */
  constructor(box, drawn) {
    this.box = box;
    this.drawn = drawn;
  }

  get isOpen() {
    return this.#drawing !== null;
  }

  /** @type {(shape: Shape, framing: Framing | null) => void} */
  open(shape, framing) {
    this.close();
    this.box.hidden = false;
    this.#drawing = createDrawing(this.box, shape, framing, {
      drew: (pixels) => {
        // the pen reuses its pixels
        this.#pixels = pixels && pixels.slice();
      },
      lifted: () => this.#pixels && this.drawn(this.#pixels),
    });
  }

  close() {
    this.#drawing?.stop();
    this.#drawing = null;
    this.#pixels = null;
    this.box.replaceChildren();
    this.box.hidden = true;
  }
}
