// A latent of one dimension on a plane: a fixed scatter, the same every time, takes the second axis.

/** @import { Points } from "../core/header.js" */

/** Points of one dimension as points of two. @type {(points: Points) => Points} */
export function spreadLine(points) {
  const loc = new Float32Array(2 * points.count);
  for (let k = 0; k < points.count; k++) {
    loc[2 * k] = points.loc[k];
    loc[2 * k + 1] = spreadOf(k);
  }
  return { ...points, zDim: 2, loc, scale: null };
}

/**
 * The posterior of the point at `index`, of one dimension, where that point is drawn.
 * @type {(points: Points, index: number) => {loc: number[], scale: number[]}}
 */
export function spreadEllipse(points, index) {
  const scale = points.scale ? [points.scale[index], 0] : [0, 0];
  return { loc: [points.loc[index], spreadOf(index)], scale };
}

// The golden section fills an interval evenly, whatever the number of points.
/** @type {(k: number) => number} */
function spreadOf(k) {
  return 2 * ((k * 0.618033988749895) % 1) - 1;
}
