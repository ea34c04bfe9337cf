// Two dimensions of z as a plane.

import { dimensionOrder } from "../core/latent.js";

/** @import { NetworkHeader, Numbers } from "../core/header.js" */

/** The two that tell most, in their own order; one where z has but one. @type {(header: NetworkHeader) => number[]} */
export function firstPair(header) {
  return dimensionOrder(header).slice(0, 2).sort((i, j) => i - j);
}

/** z with its two dimensions at a place. @type {(z: Numbers, pair: number[], a: number, b: number) => Float64Array} */
export function placeOn(z, [i, j], a, b) {
  const moved = Float64Array.from(z);
  moved[i] = a;
  if (j !== undefined) moved[j] = b;
  return moved;
}
