// The directions in z along which the picture changes most, about one place.
//
// Near z the mean pixels move by J dz, J being the decoder's Jacobian. |J dz|² = dz' J'J dz, so the
// eigenvectors of J'J are those directions, and its eigenvalues say how much each changes.

import { eigenSymmetric } from "../core/eigen.js";

/** @import { Numbers } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */

/** A unit vector, and its share of all change of the picture. @typedef {{vector: Float64Array, share: number}} Direction */

const STEP = 0.005; // of each dimension's own scale, to both sides

/**
 * All directions about z, the strongest first. `scale` is how far each dimension usually reaches: the
 * directions and their shares are those of z in these units.
 * @type {(many: Many, z: Numbers, scale: Numbers, label: number | null) => Direction[]}
 */
export function directionsAt(many, z, scale, label) {
  const places = Array.from(scale, (size, i) => [1, -1].map((sign) => {
    const moved = Float64Array.from(z);
    moved[i] += sign * STEP * size;
    return moved;
  })).flat();
  /** @type {Float32Array[]} */
  const columns = [];
  many.decode(places, () => label, (pixels, k) => {
    if (k % 2 === 0) columns.push(pixels.slice());
    else columns[columns.length - 1].forEach((value, p, column) => (column[p] = value - pixels[p]));
  });
  const products = columns.map((x) => columns.map((y) => {
    let sum = 0;
    for (let p = 0; p < x.length; p++) sum += x[p] * y[p];
    return sum;
  }));
  const found = eigenSymmetric(products);
  const total = found.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  return found.map(({ value, vector }) => ({
    vector: largestPositive(vector),
    share: total > 0 ? Math.max(0, value) / total : 0,
  }));
}

/** A direction has no sign of its own: its largest entry is positive. @type {(vector: Float64Array) => Float64Array} */
function largestPositive(vector) {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
