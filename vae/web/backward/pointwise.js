// Functions of one number, and their slopes.

import { activation } from "../core/shapes.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Reversible } from "./layers.js" */

/**
 * A function of a number, and its slope told by that number and by the function's value there.
 * @typedef {{value: (x: number) => number, slope: (x: number, y: number) => number}} Rule
 */

/** @type {(x: number) => number} */
const logistic = (x) => 1 / (1 + Math.exp(-x));

/** @satisfies {Record<string, Rule>} */
export const RULES = {
  relu: { value: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (x, y) => 1 - y * y },
  sigmoid: { value: logistic, slope: (x, y) => y * (1 - y) },
  silu: {
    value: (x) => x * logistic(x),
    slope: (x, y) => {
      const share = logistic(x);
      return share + y * (1 - share);
    },
  },
};

/** A layer that applies a rule to each number. @type {(shape: Shape, rule: Rule) => Reversible} */
export function pointwise(shape, { value, slope }) {
  const [output, dx] = [activation(shape), activation(shape)];
  let input = dx;
  return {
    shape,
    run: (x) => {
      input = x;
      for (let i = 0; i < output.length; i++) output[i] = value(x[i]);
      return output;
    },
    back: (dy) => {
      for (let i = 0; i < dx.length; i++) dx[i] = dy[i] * slope(input[i], output[i]);
      return dx;
    },
  };
}
