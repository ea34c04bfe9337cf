// A posterior that a flow bends, as `vae.models.posteriors.flow` does: the noise passes through steps
// of monotone splines, each spline's shape given by a network of the noise and of the image's context.

import { splineAt } from "./spline.js";

/** @import { Numbers } from "./header.js" */

/**
 * A step of a flow: its network, and how many bins its splines have within ±bound.
 * @typedef {{run: (input: Float64Array) => Float64Array, bins: number, bound: number}} FlowStep
 */

const OUTLINES = [1, 2]; // σ
const CORNERS = 24;

/**
 * Draws z, one for each row of the noise. `steps` are {run, bins, bound}.
 * @type {(steps: FlowStep[], base: Numbers, width: Numbers, context: Float64Array, noise: Numbers[]) => Float64Array[]}
 */
export function bentDraws(steps, base, width, context, noise) {
  return noise.map((row) => {
    /** @type {Float64Array} */
    const bent = bendAll(steps, row, context);
    return Float64Array.from(base, (mean, i) => mean + width[i] * bent[i]);
  });
}

/**
 * What becomes of the circles of noise of radius 1 and 2: [[a, b], …] each, from `loc` on.
 * @type {(steps: FlowStep[], base: Numbers, width: Numbers, context: Float64Array, loc: Numbers) => number[][][]}
 */
export function bentOutlines(steps, base, width, context, loc) {
  return OUTLINES.map((radius) => {
    const circle = Array.from({ length: CORNERS }, (_, k) => {
      const turn = (2 * Math.PI * k) / CORNERS;
      return [radius * Math.cos(turn), radius * Math.sin(turn)];
    });
    return bentDraws(steps, base, width, context, circle).map(([a, b]) => [a - loc[0], b - loc[1]]);
  });
}

/** @type {(steps: FlowStep[], noise: Numbers, context: Float64Array) => Float64Array} */
function bendAll(steps, noise, context) {
  let bent = Float64Array.from(noise);
  for (const { run, bins, bound } of steps) {
    const numbers = run(Float64Array.of(...bent, ...context));
    const each = 3 * bins - 1;
    bent = bent.map((value, i) => splineAt(numbers, i * each, bins, bound, value).value);
  }
  return bent;
}
