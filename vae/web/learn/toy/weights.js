// Every weight matrix as a small picture, its gradient beside it.

import { element } from "../../parts/dom.js";
import { arranged, arrangementOf } from "./arranged.js";
import { paintSigned } from "../paper.js";

/** @import { Training } from "./training.js" */
/** @import { Signed } from "../paper.js" */
/** @import { Matrix } from "./network.js" */
/** @import { Arrangement } from "./arranged.js" */

/** What is written beside the pictures. @typedef {{weights: string, gradient: string, encoder: string, decoder: string, flow: string}} Words */

/** @typedef {{matrix: Matrix, arrangement: Arrangement, weight: HTMLCanvasElement, gradient: HTMLCanvasElement, said: HTMLElement}} Shown */

export class Weights {
  root = element("div", { class: "toy-weights", "data-testid": "toy-weights" });
  /** @type {Shown[]} */
  #shown = [];

  /** @param {Words} words */
  constructor(words) {
    this.words = words;
  }

  /** Pictures for another network. @type {(training: Training) => void} */
  begin({ plan, recipe }) {
    this.#shown = plan.matrices.map((matrix) => {
      const [weight, gradient] = [matrix.name, `∇${matrix.name}`].map((name, k) => element("canvas", {
        class: "toy-matrix", role: "img",
        "aria-label": `${k ? this.words.gradient : this.words.weights} ${name}, ${matrix.rows} × ${matrix.columns}`,
      }));
      return { matrix, arrangement: arrangementOf(matrix, recipe.shape), weight, gradient, said: element("span") };
    });
    const sides = /** @type {const} */ (["encoder", "decoder"]).map((side) => {
      const mine = this.#shown.filter(({ matrix }) => matrix.side === side).map((one) => this.#figure(one));
      return element("div", { class: "toy-side", role: "group", "aria-label": this.words[side], "data-symbol": side === "encoder" ? "phi" : "theta" },
        element("span", { class: "toy-label", textContent: `${this.words[side]} · ${this.words.flow}` }), element("div", { class: "toy-matrices" }, ...mine));
    });
    this.root.replaceChildren(...sides);
  }

  /** @type {(training: Training, signed: Signed) => void} */
  draw({ parameters: { values, grads } }, signed) {
    for (const { matrix, arrangement, weight, gradient, said } of this.#shown) {
      const [own, slope] = [values, grads].map((numbers) => arranged(numbers, matrix.offset, arrangement));
      paintSigned(weight, own.values, arrangement.columns, own.most, signed);
      paintSigned(gradient, slope.values, arrangement.columns, slope.most, signed);
      // there is no gradient before the first step; its place is kept
      const none = slope.most === 0;
      gradient.style.visibility = none ? "hidden" : "";
      said.textContent = ` ±${own.most.toFixed(1)}\n${none ? "\u00a0" : `∇ ±${slope.most.toPrecision(1)}`}`;
    }
  }

  /** @type {(one: Shown) => HTMLElement} */
  #figure({ matrix, arrangement, weight, gradient, said }) {
    const down = arrangement.from.length / arrangement.columns;
    const figure = element("figure", { class: `toy-figure toy-${kindOf(arrangement, matrix)}` },
      element("div", { class: "toy-two" }, weight, gradient),
      element("figcaption", {}, element("b", { textContent: matrix.name }), said));
    figure.style.setProperty("--across", String(arrangement.columns));
    figure.style.setProperty("--down", String(down));
    return figure;
  }
}

/** How large a picture's pixels are: of tiles, of a flat matrix, or of one as high as wide. @type {(arrangement: Arrangement, matrix: Matrix) => string} */
function kindOf({ columns, from }, { rows, columns: inputs }) {
  if (from.length !== rows * inputs) return "tiles";
  return columns * columns > 2 * from.length ? "flat" : "even";
}
