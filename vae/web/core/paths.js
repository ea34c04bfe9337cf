// Paths between two latents, the same as in vae/latent/paths.py, and what is measured along them.

/** @import { Mixture, Numbers, Points } from "./header.js" */

const NEARLY = 1e-6; // radians: closer to 0 or 180 degrees there is no arc of its own
const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * Point on the straight line from a (t = 0) to b (t = 1); beyond the ends it goes on.
 * @type {(a: Float64Array, b: Numbers, t: number) => Float64Array}
 */
export function lerp(a, b, t) {
  return a.map((value, i) => (1 - t) * value + t * b[i]);
}

/**
 * Point on the arc from a (t = 0) to b (t = 1) at constant angular speed; the norm runs linearly
 * from |a| to |b|. Beyond the ends angle and norm go on at the same speeds, and a norm that would
 * fall below 0 stays there.
 * @type {(a: Float64Array, b: Float64Array, t: number) => Float64Array}
 */
export function slerp(a, b, t) {
  const line = lerp(a, b, t);
  if (a.length === 1) return line;
  const [normA, normB] = [norm(a), norm(b)];
  const radius = Math.max((1 - t) * normA + t * normB, 0);
  const straight = () => (radius > 0 ? line : line.fill(0));
  if (normA === 0 || normB === 0) return straight();
  const angle = angleBetween(a, normA, b, normB);
  if (angle < NEARLY) return straight();
  if (Math.PI - angle < NEARLY) return halfCircle(a, b, normA, radius, t);
  const toA = (Math.sin((1 - t) * angle) / Math.sin(angle)) * (radius / normA);
  const toB = (Math.sin(t * angle) / Math.sin(angle)) * (radius / normB);
  // scaling a and b themselves, not unit vectors, keeps both ends exact
  return a.map((value, i) => toA * value + toB * b[i]);
}

/**
 * The ways that the browser itself knows, by the names of vae.latent.paths.PATHS.
 * @type {Record<string, (a: Float64Array, b: Float64Array, t: number) => Float64Array>}
 */
export const PATHS = { lerp, slerp };

/**
 * A path through points that somebody else computed, at equal steps of t from `low` to `high`.
 * @type {(points: Float64Array[], low?: number, high?: number) => (t: number) => Float64Array}
 */
export function pathThrough(points, low = 0, high = 1) {
  const last = points.length - 1;
  return (t) => {
    const place = Math.min(last, Math.max(0, (last * (t - low)) / (high - low)));
    const before = Math.min(Math.floor(place), Math.max(0, last - 1));
    return lerp(points[before], points[Math.min(last, before + 1)], place - before);
  };
}

/** @type {(z: Numbers) => number} */
export function norm(z) {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i] * z[i];
  return Math.sqrt(sum);
}

// of the two usual forms this one keeps its digits near 0 and near 180 degrees
/** @type {(a: Numbers, normA: number, b: Numbers, normB: number) => number} */
function angleBetween(a, normA, b, normB) {
  let [apart, together] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [u, v] = [a[i] / normA, b[i] / normB];
    apart += (u - v) ** 2;
    together += (u + v) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
}

// opposite vectors have no shortest arc: it goes by the coordinate axis farthest from them
/** @type {(a: Float64Array, b: Float64Array, normA: number, radius: number, t: number) => Float64Array} */
function halfCircle(a, b, normA, radius, t) {
  if (t === 0) return a.slice();
  if (t === 1) return b.slice();
  const side = sideOf(a, normA);
  const [along, across] = [radius * Math.cos(Math.PI * t), radius * Math.sin(Math.PI * t)];
  return a.map((value, i) => along * (value / normA) + across * side[i]);
}

/**
 * The unit vector at right angles to a that is nearest the coordinate axis farthest from a.
 * @type {(a: Float64Array, normA: number) => Float64Array}
 */
export function sideOf(a, normA) {
  let least = 0;
  for (let i = 1; i < a.length; i++) if (Math.abs(a[i]) < Math.abs(a[least])) least = i;
  const share = a[least] / normA;
  const side = a.map((value, i) => (i === least ? 1 : 0) - share * (value / normA));
  const length = norm(side);
  return side.map((value) => value / length);
}

/**
 * The t of `steps` images from −overshoot to 1 + overshoot, both included.
 * @type {(steps: number, overshoot: number) => number[]}
 */
export function timesOf(steps, overshoot) {
  const reach = 1 + 2 * overshoot;
  return Array.from({ length: steps }, (_, i) =>
    (i === steps - 1 ? 1 + overshoot : (i * reach) / (steps - 1) - overshoot));
}

/**
 * Logarithm of the density at z of a prior that is a mixture of normals, nats.
 * @type {(prior: Mixture, z: Numbers) => number}
 */
export function logPrior({ weight, loc, scale }, z) {
  const terms = weight.map((share, k) => {
    let sum = Math.log(share) - 0.5 * z.length * LOG_TWO_PI;
    for (let i = 0; i < z.length; i++) {
      sum -= 0.5 * ((z[i] - loc[k][i]) / scale[k][i]) ** 2 + Math.log(scale[k][i]);
    }
    return sum;
  });
  const top = Math.max(...terms);
  return top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0));
}

/**
 * Mean and standard deviation of a standard normal's log density over its own draws, nats.
 * @type {(zDim: number) => {mean: number, spread: number}}
 */
export function typicalLogPrior(zDim) {
  return { mean: -0.5 * zDim * (LOG_TWO_PI + 1), spread: Math.sqrt(zDim / 2) };
}

/**
 * The same of a normal with a standard deviation for each dimension.
 * @type {(scale: number[]) => {mean: number, spread: number}}
 */
export function typicalOfNormal(scale) {
  const { mean, spread } = typicalLogPrior(scale.length);
  return { mean: mean - scale.reduce((sum, one) => sum + Math.log(one), 0), spread };
}

/**
 * Distance from z to the nearest encoded image; NaN where there is none.
 * @type {(points: Points, z: Numbers) => number}
 */
export function nearestDistance({ loc, count, zDim }, z) {
  let best = Infinity;
  for (let k = 0, at = 0; k < count; k++, at += zDim) {
    let sum = 0;
    for (let i = 0; i < zDim && sum < best; i++) sum += (loc[at + i] - z[i]) ** 2;
    if (sum < best) best = sum;
  }
  return count ? Math.sqrt(best) : NaN;
}
