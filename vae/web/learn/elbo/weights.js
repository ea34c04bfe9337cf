// What many weighted draws say of log p(x): their mean, how many of them carry it, and how bounds of
// several draws tighten (Burda et al. 2016, "Importance weighted autoencoders").

/** @import { Numbers } from "../../core/header.js" */

/**
 * @typedef {object} Carried
 * @property {number} logMean log of the mean weight, nats
 * @property {number} effective how many equal weights would spread as much: (Σw)² / Σw²
 * @property {number} needed so many of the heaviest hold 99 % of the sum
 */

const HELD = 0.99;
const GROWTH = 1.03;

/** log Σ exp, without overflow. @type {(values: Numbers) => number} */
export function logSumExp(values) {
  let top = -Infinity;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i]);
  if (top === -Infinity) return top;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - top);
  return top + Math.log(sum);
}

/** @type {(logWeights: Float64Array) => Carried} */
export function carriedBy(logWeights) {
  const whole = logSumExp(logWeights);
  const shares = Array.from(logWeights, (value) => Math.exp(value - whole)).sort((a, b) => b - a);
  const squares = shares.reduce((sum, share) => sum + share * share, 0);
  let [held, needed] = [0, 0];
  while (held < HELD && needed < shares.length) held += shares[needed++];
  return { logMean: whole - Math.log(logWeights.length), effective: 1 / squares, needed };
}

/**
 * The bound of k draws, for each k: the mean over all groups of k that the draws fall into.
 * The draws of a group are log p(x, z) − log q(z|x) with z from q.
 * @type {(logWeights: Float64Array, ks: number[]) => {k: number, bound: number, groups: number}[]}
 */
export function boundsOf(logWeights, ks) {
  return ks.filter((k) => k <= logWeights.length).map((k) => {
    const groups = Math.floor(logWeights.length / k);
    let sum = 0;
    for (let g = 0; g < groups; g++) sum += logSumExp(logWeights.subarray(g * k, (g + 1) * k)) - Math.log(k);
    return { k, bound: sum / groups, groups };
  });
}

/**
 * The log of the mean of the first n weights, for n that grow by a factor.
 * @type {(logWeights: Float64Array) => [n: number, logMean: number][]}
 */
export function runningMeans(logWeights) {
  /** @type {[number, number][]} */
  const found = [];
  let [top, sum, next] = [-Infinity, 0, 10];
  for (let i = 0; i < logWeights.length; i++) {
    if (logWeights[i] > top) {
      sum *= Math.exp(top - logWeights[i]);
      top = logWeights[i];
    }
    sum += Math.exp(logWeights[i] - top);
    if (i + 1 < next && i + 1 < logWeights.length) continue;
    found.push([i + 1, top + Math.log(sum / (i + 1))]);
    next = Math.ceil(next * GROWTH);
  }
  return found;
}
