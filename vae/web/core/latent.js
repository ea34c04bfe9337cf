// The geometry of z: planes through it, the order of its dimensions, how far they reach.

import { priorSpan } from "./density.js";

/** @import { Axes, NetworkHeader, Numbers, Plane, Points } from "./header.js" */

/**
 * Lowest and highest value of each dimension.
 * @typedef {{low: Float64Array, high: Float64Array}} Extent
 */

const DEAD_NATS = 0.01;
const RINGS = 3; // standard deviations of a standard normal, where there is no prior
const KEY_PARTS = 140; // key steps across the smaller side of the map

/**
 * Place z's shadow on the plane of u and v at (a, b), keeping what is across the plane.
 * @type {(z: Numbers, axes: Axes, a: number, b: number) => Float64Array}
 */
export function moveOnPlane(z, { u, v }, a, b) {
  const [across, up] = shadow(z, { u, v });
  return Float64Array.from(z, (value, i) => value + (a - across) * u[i] + (b - up) * v[i]);
}

/**
 * Coordinates of z on the plane of the unit vectors u and v.
 * @type {(z: Numbers, axes: Axes) => [number, number]}
 */
export function shadow(z, { u, v }) {
  let [a, b] = [0, 0];
  for (let i = 0; i < z.length; i++) {
    a += z[i] * u[i];
    b += z[i] * v[i];
  }
  return [a, b];
}

/**
 * How far a key moves z on a map that spans so much: 1, 2 or 5 times a power of ten.
 * @type {(span: number) => number}
 */
export function keyStep(span) {
  const power = 10 ** Math.floor(Math.log10(span / KEY_PARTS));
  return power * ([5, 2].find((times) => times * power <= span / KEY_PARTS) ?? 1);
}

/**
 * Dimensions 0 … K−1, the most informative first, those that carry nothing last.
 * @type {(header: NetworkHeader) => number[]}
 */
export function dimensionOrder(header) {
  const order = Array.from({ length: header.z_dim }, (_, i) => i);
  const kl = header.latent.kl_per_dim ?? order.map(() => 0);
  const dead = order.map((i) => Number(isDead(header, i)));
  return order.sort((i, j) => dead[i] - dead[j] || kl[j] - kl[i] || i - j);
}

/**
 * Whether dimension i tells nothing of an image: its means are the same for all of them, whatever
 * its KL. Where the means are not known, a KL near 0 says so too.
 * @type {(header: NetworkHeader, i: number) => boolean}
 */
export function isDead(header, i) {
  const { used, kl_per_dim: kl } = header.latent;
  if (used) return !used[i];
  return kl !== null && kl[i] < DEAD_NATS;
}

/**
 * The plane that a choice names: "i,j" for two dimensions, "pc" for the principal directions.
 * Returns {name, u, v, labels}, or null where the model has no such plane. With one dimension v
 * is zero: a press moves z sideways only.
 * @type {(header: NetworkHeader, name: string) => Plane | null}
 */
export function planeOf(header, name) {
  const size = header.z_dim;
  if (size === 1) return planeAlong(1, 0, 1);
  if (name === "pc") {
    const parts = header.latent.components;
    if (!parts || parts[1].every((value) => value === 0)) return null;
    const [u, v] = parts.map((part) => Float64Array.from(part));
    return { name, u, v, labels: ["1st principal direction", "2nd principal direction"] };
  }
  const [i, j] = name.split(",").map(Number);
  /** @type {(k: number) => boolean} */
  const inside = (k) => Number.isInteger(k) && k >= 0 && k < size;
  if (!inside(i) || !inside(j) || i === j) return null;
  return planeAlong(size, i, j);
}

/**
 * The plane of dimensions i and j; there is no j where z has one dimension.
 * @type {(size: number, i: number, j: number) => Plane}
 */
export function planeAlong(size, i, j) {
  const [u, v] = [unitVector(size, i), unitVector(size, j)];
  if (size === 1) return { name: "0", u, v, labels: ["z1", ""] };
  return { name: `${i},${j}`, u, v, labels: [`z${i + 1}`, `z${j + 1}`] };
}

/** A 1 at one place, zeros elsewhere. @type {(size: number, at: number) => Float64Array} */
export function unitVector(size, at) {
  return Float64Array.from({ length: size }, (_, k) => (k === at ? 1 : 0));
}

/** The plane of a model's first view. @type {(header: NetworkHeader) => Plane} */
export function defaultPlane(header) {
  const [i, j] = header.z_dim === 2 ? [0, 1] : dimensionOrder(header);
  return planeAlong(header.z_dim, i, j);
}

/**
 * Lowest and highest slider value of dimension i: wherever the prior's mass and the data lie.
 * @type {(header: NetworkHeader, i: number, extent: Extent | null) => [number, number]}
 */
export function sliderRange(header, i, extent) {
  const { loc_mean: mean, loc_std: std } = header.latent;
  const reach = mean && std ? [mean[i] - 3 * std[i], mean[i] + 3 * std[i]] : [0, 0];
  const [low, high] = extent ? [extent.low[i], extent.high[i]] : reach;
  // 0 stays on the slider, which the origin button goes to
  const [least, most] = priorSpan(header.latent, i) ?? [-RINGS, RINGS];
  return [roundOut(Math.min(0, least, low)), roundOut(Math.max(0, most, high))];
}

/** The next half away from zero. @type {(value: number) => number} */
export function roundOut(value) {
  return Math.sign(value) * Math.ceil(Math.abs(value) * 2) / 2;
}

/**
 * Lowest and highest posterior mean of each dimension, over all points.
 * @type {(points: Points) => Extent}
 */
export function dataExtent(points) {
  const low = new Float64Array(points.zDim).fill(Infinity);
  const high = new Float64Array(points.zDim).fill(-Infinity);
  for (let k = 0; k < points.loc.length; k++) {
    const i = k % points.zDim;
    low[i] = Math.min(low[i], points.loc[k]);
    high[i] = Math.max(high[i], points.loc[k]);
  }
  return { low, high };
}

/**
 * Row of the points' arrays that belongs to image k.
 * @type {(values: Float32Array, k: number, zDim: number) => Float32Array}
 */
export function rowOf(values, k, zDim) {
  return values.subarray(k * zDim, (k + 1) * zDim);
}
