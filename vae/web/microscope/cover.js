// Which encoded images cover a place z: those whose posteriors have density there, as in
// `vae/latent/cover.py`.

import { triangle } from "../core/posterior.js";

/** @import { NetworkHeader, Numbers, Points } from "../core/header.js" */

/** An image and its share of all. @typedef {{row: number, share: number}} Share */

const MOST = 64; // images that are told of
const LEAST_SCALE = 2 ** -24; // stands for a σ that float16 rounded to 0

/**
 * Why images cannot be weighted by their posteriors, in a sentence; "" where they can.
 * @type {(header: NetworkHeader, points: Points | null) => string}
 */
export function whyNoCover(header, points) {
  if (!points) return "This model carries no encoded images.";
  if (!header.has_density || !points.scale) {
    return "This model encodes an image as one point: no two images share a place, and nothing but the " +
      "decoder's own limits blurs its pictures.";
  }
  return "";
}

/**
 * log q(z|x) of every image but for a constant, into `out`.
 * @type {(points: Points, z: Numbers, out: Float64Array) => void}
 */
function logDensities({ count, zDim, loc, scale, tril }, z, out) {
  const units = new Float64Array(zDim);
  const wide = triangle(zDim);
  for (let row = 0; row < count; row++) {
    let [square, log] = [0, 0];
    for (let i = 0, at = row * wide; i < zDim; i++) {
      let off = z[i] - loc[row * zDim + i];
      if (tril) for (let j = 0; j < i; j++, at++) off -= tril[at] * units[j];
      const width = Math.max(LEAST_SCALE, tril ? tril[at++] : scale?.[row * zDim + i] ?? 1);
      units[i] = off / width;
      square += units[i] ** 2;
      log += Math.log(width);
    }
    out[row] = -0.5 * square - log;
  }
}

/**
 * Every image's share of q(z|x) at z, the largest first as far as they matter, and how many images
 * these amount to: the exponential of the shares' entropy. With a class other images weigh nothing.
 * @type {(points: Points, z: Numbers, label?: number | null) => {shares: Share[], effective: number}}
 */
export function coverAt(points, z, label = null) {
  const logs = new Float64Array(points.count);
  logDensities(points, z, logs);
  if (label !== null) {
    for (let row = 0; row < logs.length; row++) if (points.label[row] !== label) logs[row] = -Infinity;
  }
  const highest = logs.reduce((best, value) => Math.max(best, value), -Infinity);
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - highest);
  /** @type {Share[]} */
  const shares = [];
  let entropy = 0;
  for (let row = 0; row < logs.length; row++) {
    const share = Math.exp(logs[row] - highest) / sum;
    if (share > 0) entropy -= share * Math.log(share);
    if (share > 1e-5) shares.push({ row, share });
  }
  shares.sort((one, other) => other.share - one.share);
  return { shares: shares.slice(0, MOST), effective: Math.exp(entropy) };
}

/**
 * Rows of so many images at equal distances along all shares of q(z|x) at z, where the largest shares
 * say too little of the whole: their plain mean stands for the weighted one of all images.
 * @type {(points: Points, z: Numbers, count?: number) => number[]}
 */
export function drawnAt(points, z, count = MOST) {
  const logs = new Float64Array(points.count);
  logDensities(points, z, logs);
  const highest = logs.reduce((best, value) => Math.max(best, value), -Infinity);
  const sum = logs.reduce((total, value) => total + Math.exp(value - highest), 0);
  /** @type {number[]} */
  const rows = [];
  let before = 0;
  for (let row = 0; row < logs.length && rows.length < count; row++) {
    before += Math.exp(logs[row] - highest) / sum;
    while (rows.length < count && before > (rows.length + 0.5) / count) rows.push(row);
  }
  return rows;
}

/**
 * The mean of images, weighted by their shares; those whose pixels are not here are left out.
 * @type {(parts: {share: number, pixels: Numbers | null}[], size: number) => {mean: Float32Array, held: number}}
 */
export function weightedMean(parts, size) {
  const mean = new Float32Array(size);
  let held = 0;
  for (const { share, pixels } of parts) {
    if (!pixels) continue;
    held += share;
    for (let i = 0; i < size; i++) mean[i] += share * pixels[i];
  }
  if (held > 0) for (let i = 0; i < size; i++) mean[i] /= held;
  return { mean, held };
}
