// Where on the manifold's map a z lies: the plane of two dimensions through a z, its steps of equal
// probability or of equal length.
//
// With steps of equal probability the map is the unit square, and its places (s, t) go through the
// inverse distribution function (Kingma and Welling 2014, figure 4): s gives the first dimension, t
// the second given the first (Rosenblatt 1952). With even steps (s, t) are the two numbers of z.

import { conditionalOf } from "../core/fitted.js";
import { normalCdf, normalQuantile } from "../core/normal.js";

/** @import { Fitted } from "../core/fitted.js" */
/** @import { Mixture, NetworkHeader, Numbers } from "../core/header.js" */
/** @import { View } from "../plane/view.js" */

/** A normal along one dimension, with its share. @typedef {{weight: number, loc: number, scale: number}} Part */

/**
 * `place(s, t)` gives z, null outside the map; `values(s, t)` its numbers along both axes. `line` is
 * whether there is but one dimension, `bounded` whether the map is the unit square.
 * @typedef {object} Chart
 * @property {(s: number, t: number) => Float64Array | null} place
 * @property {(s: number, t: number) => number[]} values
 * @property {boolean} line
 * @property {boolean} bounded
 * @property {View} first the view of all of it
 */

const REACH = 3.2; // standard deviations that the first view of even steps shows
const MOST_KNOWN = 256;
const CLOSE = 1e-12; // of a share, where the search for a quantile ends

/**
 * The normals that steps of equal probability go by; null where the page knows no density.
 * @type {(header: NetworkHeader) => Mixture | null}
 */
export function knownDensity({ has_density: hasDensity, latent }) {
  if (latent.mixture) return latent.mixture;
  if (hasDensity || latent.draws || !latent.loc_mean || !latent.loc_std) return null;
  return { weight: [1], loc: [latent.loc_mean], scale: [latent.loc_std.map((std) => Math.max(std, 1e-9))] };
}

/**
 * The middle of z and how far it reaches from there: of a prior that is one normal, else of the codes.
 * @type {(header: NetworkHeader) => {middle: Float64Array, spread: number[]}}
 */
export function usualReach({ latent, z_dim: zDim }) {
  const { mixture, loc_mean: mean, loc_std: std } = latent;
  if (mixture?.weight.length === 1) return { middle: Float64Array.from(mixture.loc[0]), spread: mixture.scale[0] };
  return {
    middle: mean ? Float64Array.from(mean) : new Float64Array(zDim),
    spread: std ? std.map((one) => Math.max(one, 1e-6)) : Array.from({ length: zDim }, () => 1),
  };
}

/**
 * A map of dimensions i and j through z, with steps of equal probability of these normals.
 * @type {(mixture: Mixture, z: Numbers, i: number, j: number) => Chart}
 */
export function quantileChart(mixture, z, i, j) {
  const line = z.length === 1;
  const rest = mixture.weight.map((weight, k) => Math.log(weight) + logDensity(mixture, k, z, [i, j]));
  const across = partsOf(mixture, rest, i);
  /** @type {Map<number, number>} */
  const known = new Map();
  /** @type {(s: number) => number} */
  const first = (s) => {
    // the places of a column ask for the same one
    const a = known.get(s) ?? quantile(across, s);
    if (known.size > MOST_KNOWN) known.clear();
    known.set(s, a);
    return a;
  };
  /** @type {(s: number, t: number) => number[]} */
  const values = (s, t) => {
    const a = first(s);
    if (line) return [a];
    const given = rest.map((log, k) => log + logNormal(a, mixture.loc[k][i], mixture.scale[k][i]));
    return [a, quantile(partsOf(mixture, given, j), t)];
  };
  /** @type {Chart["place"]} */
  const place = (s, t) => {
    if (!(s > 0 && s < 1 && (line || (t > 0 && t < 1)))) return null;
    return placed(z, [i, j], values(s, t));
  };
  return { place, values, line, bounded: true, first: { cx: 0.5, cy: 0.5, span: line ? 0.5 : 1 } };
}

/**
 * As `quantileChart`, of a normal whose dimensions go together.
 * @type {(fitted: Fitted, z: Numbers, i: number, j: number) => Chart}
 */
export function fittedChart(fitted, z, i, j) {
  const line = z.length === 1;
  const { first, second } = conditionalOf(fitted, z, i, line ? i : j);
  /** @type {(part: {loc: number, scale: number}, share: number) => number} */
  const at = ({ loc, scale }, share) => loc + scale * normalQuantile(share);
  /** @type {(s: number, t: number) => number[]} */
  const values = (s, t) => {
    const a = at(first, s);
    return line ? [a] : [a, at(second(a), t)];
  };
  /** @type {Chart["place"]} */
  const place = (s, t) => {
    if (!(s > 0 && s < 1 && (line || (t > 0 && t < 1)))) return null;
    return placed(z, [i, j], values(s, t));
  };
  return { place, values, line, bounded: true, first: { cx: 0.5, cy: 0.5, span: line ? 0.5 : 1 } };
}

/**
 * A map of dimensions i and j through z with even steps; its first view is about `middle`, as wide as
 * the prior or the codes spread.
 * @type {(z: Numbers, i: number, j: number, middle: number[], spread: number) => Chart}
 */
export function evenChart(z, i, j, middle, spread) {
  const line = z.length === 1;
  /** @type {Chart["values"]} */
  const values = (s, t) => (line ? [s] : [s, t]);
  const [cx, cy = 0] = middle;
  const first = { cx, cy, span: (line ? 1 : 2) * REACH * Math.max(spread, 1e-3) };
  return { place: (s, t) => placed(z, [i, j], values(s, t)), values, line, bounded: false, first };
}

/** @type {(z: Numbers, dims: number[], values: number[]) => Float64Array} */
function placed(z, dims, values) {
  const found = Float64Array.from(z);
  values.forEach((value, k) => {
    found[dims[k]] = value;
  });
  return found;
}

/** log of a normal component over all dimensions but some. @type {(mixture: Mixture, k: number, z: Numbers, without: number[]) => number} */
function logDensity({ loc, scale }, k, z, without) {
  let sum = 0;
  for (let d = 0; d < z.length; d++) if (!without.includes(d)) sum += logNormal(z[d], loc[k][d], scale[k][d]);
  return sum;
}

/** Up to a constant. @type {(value: number, loc: number, scale: number) => number} */
function logNormal(value, loc, scale) {
  return -Math.log(scale) - 0.5 * ((value - loc) / scale) ** 2;
}

/** @type {(mixture: Mixture, logs: number[], d: number) => Part[]} */
function partsOf({ loc, scale }, logs, d) {
  const most = Math.max(...logs);
  const powers = logs.map((log) => Math.exp(log - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const parts = powers.map((power, k) => ({ weight: power / total, loc: loc[k][d], scale: scale[k][d] }));
  // what no pixel would show costs as much as what does
  return parts.filter(({ weight }) => weight > 1e-9);
}

/**
 * The value of dimension d below which a share of the prior lies, whatever the others are.
 * @type {(mixture: Mixture, d: number, share: number) => number}
 */
export function marginalQuantile(mixture, d, share) {
  return quantile(partsOf(mixture, mixture.weight.map(Math.log), d), share);
}

/**
 * The value below which a share of a mixture of normals lies: Newton's steps, kept between two bounds
 * that close in on it.
 * @type {(parts: Part[], share: number) => number}
 */
export function quantile(parts, share) {
  if (parts.length === 1) return parts[0].loc + parts[0].scale * normalQuantile(share);
  const far = normalQuantile(share);
  const each = parts.map(({ loc, scale }) => loc + scale * far);
  let [low, high] = [Math.min(...each), Math.max(...each)];
  let x = (low + high) / 2;
  for (let step = 0; step < 100; step++) {
    let [below, density] = [0, 0];
    for (const { weight, loc, scale } of parts) {
      const t = (x - loc) / scale;
      below += weight * normalCdf(t);
      density += (weight * Math.exp((-t * t) / 2)) / (scale * Math.sqrt(2 * Math.PI));
    }
    const error = below - share;
    if (Math.abs(error) < CLOSE) break;
    if (error > 0) high = x;
    else low = x;
    const next = x - error / density;
    x = next > low && next < high ? next : (low + high) / 2;
    if (!(high - low > 1e-14 * Math.max(1, Math.abs(x)))) break;
  }
  return x;
}
