// A normal fitted to the codes of a model that was held to no prior: draws, density, conditionals.
// Its factor is the lower triangle, row by row, of L where L Lᵀ is the covariance.

/** @import { Latent, Numbers } from "./header.js" */

/** @typedef {{loc: Numbers, tril: Numbers}} Fitted */

/** Where row i begins; also how many numbers i rows have. @type {(i: number) => number} */
const triangle = (i) => (i * (i + 1)) / 2;
const LOG_TWO_PI = Math.log(2 * Math.PI);
const LEAST = 1e-9; // σ of a dimension in which no codes differ

/**
 * The normal that a header tells; of an older one, which tells no covariance, that of the spreads.
 * @type {(latent: Latent) => Fitted | null}
 */
export function fittedOf({ fitted, loc_mean: mean, loc_std: std }) {
  if (fitted) return fitted;
  if (!mean || !std) return null;
  const tril = new Float64Array(triangle(std.length));
  std.forEach((sd, i) => {
    tril[triangle(i) + i] = Math.max(sd, LEAST);
  });
  return { loc: mean, tril };
}

/** z of standard normal noise, which a temperature scales. @type {(fitted: Fitted, noise: Numbers, temperature?: number) => Float64Array} */
export function placeOf({ loc, tril }, noise, temperature = 1) {
  return Float64Array.from(loc, (mean, i) => {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += tril[triangle(i) + k] * noise[k];
    return mean + temperature * sum;
  });
}

/** The noise that is z's: L⁻¹ (z − loc). @type {(tril: Numbers, off: Numbers) => Float64Array} */
function whitened(tril, off) {
  const found = new Float64Array(off.length);
  for (let i = 0; i < off.length; i++) {
    let rest = off[i];
    for (let k = 0; k < i; k++) rest -= tril[triangle(i) + k] * found[k];
    found[i] = rest / tril[triangle(i) + i];
  }
  return found;
}

/** log p(z), nats. @type {(fitted: Fitted, z: Numbers) => number} */
export function logDensityOf({ loc, tril }, z) {
  const noise = whitened(tril, Float64Array.from(loc, (mean, i) => z[i] - mean));
  let sum = -0.5 * noise.length * LOG_TWO_PI;
  noise.forEach((value, i) => {
    sum -= 0.5 * value * value + Math.log(tril[triangle(i) + i]);
  });
  return sum;
}

/**
 * Dimensions i and j where all others are as in z: mean and σ of the first, and of the second given
 * the first. From rows of the precision, Λ = L⁻ᵀ L⁻¹ (Bishop 2006, "Pattern recognition and machine
 * learning", eq. 2.96).
 * @type {(fitted: Fitted, z: Numbers, i: number, j: number) => {first: {loc: number, scale: number}, second: (a: number) => {loc: number, scale: number}}}
 */
export function conditionalOf({ loc, tril }, z, i, j) {
  const unit = (/** @type {number} */ at) => whitened(tril, Float64Array.from(loc, (_, d) => (d === at ? 1 : 0)));
  const columns = [unit(i), unit(j)];
  const off = whitened(tril, Float64Array.from(loc, (mean, d) => (d === i || d === j ? 0 : z[d] - mean)));
  /** @type {(a: Numbers, b: Numbers) => number} */
  const dot = (a, b) => {
    let sum = 0;
    for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
    return sum;
  };
  const [aa, ab, bb] = [dot(columns[0], columns[0]), dot(columns[0], columns[1]), dot(columns[1], columns[1])];
  const [ga, gb] = columns.map((column) => dot(column, off));
  if (i === j) return { first: { loc: loc[i] - ga / aa, scale: 1 / Math.sqrt(aa) }, second: () => ({ loc: loc[i], scale: 1 }) };
  const determinant = aa * bb - ab * ab;
  const first = { loc: loc[i] - (bb * ga - ab * gb) / determinant, scale: Math.sqrt(bb / determinant) };
  const second = (/** @type {number} */ a) => ({ loc: loc[j] - (ab * (a - loc[i]) + gb) / bb, scale: 1 / Math.sqrt(bb) });
  return { first, second };
}
