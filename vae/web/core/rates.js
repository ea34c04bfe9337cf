// Encoded images at several β: reading them, and where they lie at any β between.
//
// Between two β that were measured everything is linear in log β.

import { floatsFromHalves, readPayload } from "./payload.js";

const RATES_FORMAT = "vae-rates";
const RATES_VERSION = 1;
const ACTIVE_VARIANCE = 0.01; // as in `vae.models.usage`

/**
 * Read a payload: {betas, count, zDim, loc, scale}; throw on damage. loc and scale hold count·zDim
 * numbers for each β, one after the other.
 */
export function parseRates(buffer) {
  const { header, start } = readPayload(buffer, RATES_FORMAT, RATES_VERSION);
  const { betas, count, z_dim: zDim } = header;
  const size = betas.length * count * zDim;
  if (!(start + 4 * size === buffer.byteLength)) throw new Error(`${RATES_FORMAT}: cut short`);
  const read = (from) => floatsFromHalves(new Uint16Array(buffer, from, size));
  return { betas, count, zDim, loc: read(start), scale: read(start + 2 * size) };
}

/** Which of ascending β lies below, and how far log β is on the way to the next, from 0 to 1. */
export function betweenBetas(betas, beta) {
  let low = 0;
  while (low < betas.length - 2 && betas[low + 1] <= beta) low += 1;
  if (betas.length < 2) return { low, high: low, share: 0 };
  const [from, to] = [Math.log(betas[low]), Math.log(betas[low + 1])];
  const share = Math.min(1, Math.max(0, (Math.log(beta) - from) / (to - from)));
  return { low, high: low + 1, share };
}

/** Move points, as `parsePoints` gives them, in place to where they lie at a β. */
export function glidePoints(rates, beta, points) {
  const { low, high, share } = betweenBetas(rates.betas, beta);
  const size = rates.count * rates.zDim;
  for (const name of ["loc", "scale"]) {
    const [from, target] = [rates[name], points[name]];
    const [a, b] = [low * size, high * size];
    for (let i = 0; i < size; i++) target[i] = from[a + i] * (1 - share) + from[b + i] * share;
  }
}

/**
 * Rate and distortion in nats per image at a β, out of the header's table of those that were
 * measured: {rate, distortion, active, klPerDim, measured}; `active` is that of the nearest.
 */
export function rateAt(table, beta) {
  const { low, high, share } = betweenBetas(table.map((one) => one.beta), beta);
  const [a, b] = [table[low], table[high]];
  const mix = (x, y) => x * (1 - share) + y * share;
  const kl = a.kl_per_dim && b.kl_per_dim;
  return {
    rate: mix(a.kl, b.kl),
    distortion: -mix(a.reconstruction, b.reconstruction),
    active: (share < 0.5 ? a : b).active_units,
    klPerDim: kl ? kl.map((_, i) => mix(a.kl_per_dim[i], b.kl_per_dim[i])) : null,
    measured: share < 1e-6 || share > 1 - 1e-6,
  };
}

/** What a header says of the dimensions, measured on points: {loc_mean, loc_std, scale_mean, used}. */
export function latentOf({ loc, scale, count, zDim }) {
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
    scale_mean: mean(scale),
    used: spread.map((one) => one > ACTIVE_VARIANCE),
  };
}
