// Where draws and walks lie in the two models: the same noise, the same two images.

import { placeOf } from "../../core/fitted.js";
import { normalFrom, seededUniform } from "../../core/seeded.js";

/** @import { Numbers } from "../../core/header.js" */
/** @import { Fitted } from "../../core/fitted.js" */

/** Standard normal noise from a seed. @type {(seed: number, count: number) => number[][]} */
export function noiseFrom(seed, count) {
  const uniform = seededUniform(seed);
  return Array.from({ length: count }, () => [normalFrom(uniform), normalFrom(uniform)]);
}

/** z of noise: a draw of the prior, or of the normal fitted to codes where there is none. @type {(fitted: Fitted | null, noise: Numbers) => number[]} */
export function placeFrom(fitted, noise) {
  return fitted ? Array.from(placeOf(fitted, noise)) : Array.from(noise);
}

/** The noise that gives a z of two dimensions. @type {(fitted: Fitted | null, z: Numbers) => number[]} */
export function noiseAt(fitted, z) {
  if (!fitted) return Array.from(z);
  const { loc, tril } = fitted;
  const first = (z[0] - loc[0]) / tril[0];
  return [first, (z[1] - loc[1] - tril[1] * first) / tril[2]];
}

/** A place on the straight line from a to b. @type {(a: Numbers, b: Numbers, share: number) => number[]} */
export function between(a, b, share) {
  return Array.from(a, (from, i) => from + share * (b[i] - from));
}
