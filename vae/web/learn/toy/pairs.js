// Images that no step sees over what becomes of them, and what the decoder makes of the hand's place.

import { drawPixels } from "../../core/decoder.js";
import { contextOf, element } from "../../parts/dom.js";

/** @import { Training } from "./training.js" */
/** @import { Shape } from "../../core/header.js" */

/** @typedef {{pairs: string, hand: string}} Words */

export class Pairs {
  #hand = element("canvas", { class: "toy-image toy-hand", role: "img", "data-testid": "toy-hand" });
  /** @type {{x: Float64Array, original: HTMLCanvasElement, made: HTMLCanvasElement}[]} */
  #pairs = [];

  /** @param {Words} words */
  constructor(words) {
    this.hand = this.#hand;
    this.hand.setAttribute("aria-label", words.hand);
    this.hand.title = words.hand;
    this.grid = element("div", { class: "toy-grid", role: "img", "aria-label": words.pairs, "data-testid": "toy-made", "data-symbol": "reconstruction" });
    this.root = element("figure", { class: "toy-pairs" }, this.grid, element("figcaption", { textContent: words.pairs }));
  }

  /** @type {(images: Float64Array[], shape: Shape) => void} */
  begin(images, shape) {
    this.#pairs = images.map((x) => {
      const [original, made] = [0, 1].map(() => element("canvas", { class: "toy-image", "aria-hidden": "true" }));
      drawPixels(contextOf(original), x, shape);
      return { x, original, made };
    });
    this.grid.replaceChildren(...this.#pairs.map(({ original, made }) => element("div", { class: "toy-pair" }, original, made)));
  }

  /** @type {(training: Training, z: [number, number]) => void} */
  draw(training, z) {
    const { shape } = training.recipe;
    for (const { x, made } of this.#pairs) {
      drawPixels(contextOf(made), means(training, training.encode(x)), shape);
    }
    drawPixels(contextOf(this.#hand), means(training, z), shape);
  }
}

/** The mean pixels at z: the outputs are logits. @type {(training: Training, z: ArrayLike<number>) => Float64Array} */
function means(training, z) {
  return training.decode([z[0], z[1]]).map((t) => 1 / (1 + Math.exp(-t)));
}
