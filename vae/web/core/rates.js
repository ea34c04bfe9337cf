// Encoded images at several β: reading them, and where they lie at any β between.
//
// Between two β that were measured everything is linear in log β.

import { floatsFromHalves, readPayload } from "./payload.js";

/** @import { NetworkHeader, Points, RatePoint } from "./header.js" */

/**
 * Encoded images at several β: loc and scale hold count · zDim numbers for each.
 * @typedef {object} Rates
 * @property {number[]} betas
 * @property {number} count
 * @property {number} zDim
 * @property {Float32Array} loc
 * @property {Float32Array} scale
 */

/** @typedef {{betas: number[], count: number, z_dim: number}} RatesHeader */

/**
 * Rate and distortion in nats per image at a β; `active` is that of the nearest β that was measured.
 * @typedef {object} RateFound
 * @property {number} rate
 * @property {number} distortion
 * @property {number} active
 * @property {number[] | null} klPerDim
 * @property {boolean} measured
 */

/** @typedef {Record<"loc_mean" | "loc_std" | "scale_mean", number[]> & {used: boolean[]}} LatentFound */

const RATES_FORMAT = "vae-rates";
const RATES_VERSION = 1;
const ACTIVE_VARIANCE = 0.01; // as in `vae.models.usage`

/**
 * Read a payload: {betas, count, zDim, loc, scale}; throw on damage. loc and scale hold count·zDim
 * numbers for each β, one after the other.
 * @type {(buffer: ArrayBuffer) => Rates}
 */
export function parseRates(buffer) {
  const payload = readPayload(buffer, RATES_FORMAT, RATES_VERSION);
  const header = /** @type {RatesHeader} */ (payload.header);
  const { start } = payload;
  const { betas, count, z_dim: zDim } = header;
  const size = betas.length * count * zDim;
  if (!(start + 4 * size === buffer.byteLength)) throw new Error(`${RATES_FORMAT}: cut short`);
  /** @type {(from: number) => Float32Array} */
  const read = (from) => floatsFromHalves(new Uint16Array(buffer, from, size));
  return { betas, count, zDim, loc: read(start), scale: read(start + 2 * size) };
}

/**
 * Which of ascending β lies below, and how far log β is on the way to the next, from 0 to 1.
 * @type {(betas: number[], beta: number) => {low: number, high: number, share: number}}
 */
export function betweenBetas(betas, beta) {
  let low = 0;
  while (low < betas.length - 2 && betas[low + 1] <= beta) low += 1;
  if (betas.length < 2) return { low, high: low, share: 0 };
  const [from, to] = [Math.log(betas[low]), Math.log(betas[low + 1])];
  const share = Math.min(1, Math.max(0, (Math.log(beta) - from) / (to - from)));
  return { low, high: low + 1, share };
}

/**
 * Move points, as `parsePoints` gives them, in place to where they lie at a β.
 * @type {(rates: Rates, beta: number, points: {loc: Float32Array, scale: Float32Array | null}) => void}
 */
export function glidePoints(rates, beta, points) {
  const { low, high, share } = betweenBetas(rates.betas, beta);
  const size = rates.count * rates.zDim;
  const [a, b] = [low * size, high * size];
  for (const [from, target] of [[rates.loc, points.loc], [rates.scale, points.scale]]) {
    if (!from || !target) continue;
    for (let i = 0; i < size; i++) target[i] = from[a + i] * (1 - share) + from[b + i] * share;
  }
}

/**
 * Bring points, copies of `base`, the encoded images at β = 1, to where they lie at a β.
 * @type {(points: Points, base: Points, rates: Rates, beta: number) => void}
 */
export function bringPoints(points, base, rates, beta) {
  const home = beta === 1;
  if (home) {
    points.loc.set(base.loc);
    if (base.scale) points.scale?.set(base.scale);
  } else glidePoints(rates, beta, points);
  // at β = 1 alone it is known how far is far, and what shape a posterior with correlations has
  points.near = home ? base.near : null;
  points.tril = home ? base.tril : null;
  points.outline = home ? base.outline : null;
}

/** Points of their own, which may be moved: the payload is kept, and opened again later. @type {(points: Points) => Points} */
export function copyOfPoints(points) {
  return { ...points, loc: points.loc.slice(), scale: points.scale?.slice() ?? null };
}

/**
 * What a header says where the networks are told a β, with the encoded images as they lie then.
 * @type {(header: NetworkHeader, points: Points | null, beta: number) => NetworkHeader}
 */
export function headerAtBeta(header, points, beta) {
  const latent = { ...header.latent, ...(points ? latentOf(points) : {}) };
  const found = header.rates ? rateAt(header.rates, beta) : null;
  if (found?.klPerDim) latent.kl_per_dim = found.klPerDim;
  return { ...header, latent };
}

/**
 * The β that is asked for, kept within the range of a model, 1 where none is asked for; null where
 * it lies outside.
 * @type {(range: [number, number], asked: number | null) => number | null}
 */
export function betaWithin([low, high], asked) {
  if (asked === null) return 1;
  // an address holds four digits, which may lie a little outside
  const known = asked >= low * 0.999 && asked <= high * 1.001;
  return known ? Math.min(high, Math.max(low, asked)) : null;
}

/**
 * Rate and distortion in nats per image at a β, out of the header's table of those that were
 * measured: {rate, distortion, active, klPerDim, measured}; `active` is that of the nearest.
 * @type {(table: RatePoint[], beta: number) => RateFound}
 */
export function rateAt(table, beta) {
  const { low, high, share } = betweenBetas(table.map((one) => one.beta), beta);
  const [a, b] = [table[low], table[high]];
  /** @type {(x: number, y: number) => number} */
  const mix = (x, y) => x * (1 - share) + y * share;
  const [from, to] = [a.kl_per_dim, b.kl_per_dim];
  return {
    rate: mix(a.kl, b.kl),
    distortion: -mix(a.reconstruction, b.reconstruction),
    active: (share < 0.5 ? a : b).active_units,
    klPerDim: from && to ? from.map((value, i) => mix(value, to[i])) : null,
    measured: share < 1e-6 || share > 1 - 1e-6,
  };
}

/**
 * What a header says of the dimensions, measured on points: {loc_mean, loc_std, scale_mean, used}.
 * @type {(points: {loc: Float32Array, scale: Float32Array | null, count: number, zDim: number}) => LatentFound}
 */
export function latentOf({ loc, scale, count, zDim }) {
  /** @type {(values: Float32Array, power?: number, centre?: number[] | null) => number[]} */
  const mean = (values, power = 1, centre = null) => {
    const sums = new Float64Array(zDim);
    for (let i = 0; i < values.length; i++) {
      const k = i % zDim;
      sums[k] += (values[i] - (centre ? centre[k] : 0)) ** power;
    }
    return Array.from(sums, (sum) => sum / count);
  };
  const centre = mean(loc);
  const spread = mean(loc, 2, centre);
  return {
    loc_mean: centre,
    loc_std: spread.map(Math.sqrt),
    scale_mean: mean(scale ?? new Float32Array()),
    used: spread.map((one) => one > ACTIVE_VARIANCE),
  };
}
