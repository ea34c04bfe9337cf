// The plane on which both paths lie.

import { planeAlong } from "../core/latent.js";
import { norm, sideOf } from "../core/paths.js";

/** @import { NetworkHeader, Numbers, Plane } from "../core/header.js" */

/**
 * The plane on which the paths between a and b lie: the dimensions themselves where there are no
 * more than two, else the one through a, b and the origin, with b to the right of a.
 * @type {(header: NetworkHeader, a: Float64Array, b: Float64Array) => Plane}
 */
export function planeThrough(header, a, b) {
  const first = planeAlong(header.z_dim, 0, 1);
  if (header.z_dim <= 2) return first;
  const along = unit(b.map((value, i) => value - a[i])) ?? unit(a) ?? first.u;
  // what is left of the farther end beside the line gives the second direction
  const far = norm(a) > norm(b) ? a : b;
  const share = dot(far, along);
  const rest = far.map((value, i) => value - share * along[i]);
  const up = (norm(rest) > 1e-9 * norm(far) ? unit(rest) : null) ?? sideOf(along, 1);
  return { name: "path", u: along, v: up, labels: ["from A to B", "away from 0"] };
}

/** @type {(x: Float64Array, y: Numbers) => number} */
function dot(x, y) {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

/** @type {(z: Float64Array) => Float64Array | null} */
function unit(z) {
  const length = norm(z);
  return length > 0 ? z.map((value) => value / length) : null;
}
