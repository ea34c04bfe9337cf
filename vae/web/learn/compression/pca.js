// Principal components: an image as its coordinates along the first of them, and back.

/** @import { Numbers } from "../../core/header.js" */

/** The mean image, and directions of length 1 that stand at right angles. @typedef {{mean: number[], directions: number[][]}} Components */

/** The first so many coordinates of an image. @type {(components: Components, pixels: Numbers, width: number) => number[]} */
export function coordinates({ mean, directions }, pixels, width) {
  return directions.slice(0, width).map((direction) =>
    direction.reduce((sum, share, i) => sum + share * (pixels[i] - mean[i]), 0));
}

/** The image of coordinates. @type {(components: Components, code: number[]) => Float32Array} */
export function imageOf({ mean, directions }, code) {
  const pixels = Float32Array.from(mean);
  code.forEach((value, k) => directions[k].forEach((share, i) => (pixels[i] += value * share)));
  return pixels;
}

/** Over pixels in [0, 1]. @type {(one: Numbers, other: Numbers) => number} */
export function squaredError(one, other) {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] - other[i]) ** 2;
  return sum;
}
