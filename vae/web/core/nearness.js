// The encoded images nearest to a place, and whether it lies far from all of them: the rule and
// its numbers come from `vae/latent/nearness.py`.

import { readPayload } from "./payload.js";

/** @import { Near, Numbers, Points } from "./header.js" */

const NEAR_FORMAT = "vae-near";
const NEAR_VERSION = 1;

/** @typedef {{far: boolean, distance: number, around: number, limit: number, neighbours: number}} Nearness */

/**
 * Read a payload: what `howFar` needs beside so many points, null where nothing can be told of
 * them; throw on damage.
 * @type {(buffer: ArrayBuffer, count: number) => Near | null}
 */
export function parseNear(buffer, count) {
  const payload = readPayload(buffer, NEAR_FORMAT, NEAR_VERSION);
  const { near } = /** @type {{near: Omit<Near, "reach"> | null}} */ (payload.header);
  if (!near) return null;
  const length = Math.ceil(count / near.stride);
  if (payload.start + 4 * length !== buffer.byteLength) {
    throw new Error(`${NEAR_FORMAT}: it is not about ${count} images`);
  }
  return { ...near, reach: new Float32Array(buffer, payload.start, length) };
}

/**
 * The `count` encoded images nearest to z, nearest first: {rows, distances}. Only every
 * `stride`-th image is looked at; by brute force, 10,000 images of two dimensions in 0.05 ms.
 * @type {(points: Points, z: Numbers, count: number, stride?: number) => {rows: Int32Array, distances: Float64Array}}
 */
export function nearestImages(points, z, count, stride = 1) {
  const { loc, zDim } = points;
  const wanted = Math.min(count, Math.ceil(points.count / stride));
  const best = new Float64Array(wanted).fill(Infinity);
  const rows = new Int32Array(wanted);
  for (let row = 0; row < points.count && wanted > 0; row += stride) {
    const from = row * zDim;
    let squared = 0;
    for (let i = 0; i < zDim; i++) {
      const apart = loc[from + i] - z[i];
      squared += apart * apart;
    }
    if (squared >= best[wanted - 1]) continue;
    let at = wanted - 1;
    for (; at > 0 && best[at - 1] > squared; at--) {
      best[at] = best[at - 1];
      rows[at] = rows[at - 1];
    }
    [best[at], rows[at]] = [squared, row];
  }
  return { rows, distances: best.map(Math.sqrt) };
}

/**
 * How far z lies from the encoded images: {far, distance, around, limit, neighbours}, where
 * `distance` is to its k-th nearest image and `around` what that is about those images
 * themselves; null where the points do not say.
 * @type {(points: Points | null, z: Numbers) => Nearness | null}
 */
export function howFar(points, z) {
  if (!points?.near) return null;
  const { neighbours, stride, limit, reach } = points.near;
  const { rows, distances } = nearestImages(points, z, neighbours, stride);
  const distance = distances[distances.length - 1];
  const around = rows.reduce((sum, row) => sum + reach[row / stride], 0) / neighbours;
  return { far: distance > limit * around, distance, around, limit, neighbours };
}

/**
 * How often each label is among these rows: [[label, count], …], the most frequent first.
 * @type {(points: Points, rows: Int32Array) => [number, number][]}
 */
export function countLabels(points, rows) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  // the nearest come first, so of labels that are as frequent the nearer one leads
  for (const row of rows) counts.set(points.label[row], (counts.get(points.label[row]) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1]);
}
