// One score of all images: of the held-out ones that set the threshold, of the normal ones that it
// is tried on, of the foreign ones. An alarm is a score above the threshold.

import { betaInterval, shareOf } from "./beta.js";

/** @import { Share } from "./beta.js" */

/**
 * Values as they came, and each set in rising order.
 * @typedef {{normal: Float64Array, foreign: Float64Array, sorted: Record<SetName, Float64Array>}} Scores
 */
/** @typedef {"held" | "normal" | "foreign"} SetName */
/** A place on the curve, with the interval of what is found there. @typedef {{alarms: number, found: number, low: number, high: number}} RocPoint */

/** Points of a curve: more cannot be told apart on the screen. */
const POINTS = 160;

/**
 * Cut a block of numbers into its three sets; an image that was left out has NaN.
 * @type {(bytes: ArrayBuffer, held: number, normal: number) => Scores}
 */
export function readScores(bytes, held, normal) {
  const all = new Float64Array(bytes);
  const parts = { held: all.slice(0, held), normal: all.slice(held, held + normal), foreign: all.slice(held + normal) };
  /** @type {(values: Float64Array) => Float64Array} */
  const rising = (values) => values.filter(Number.isFinite).sort();
  const sorted = { held: rising(parts.held), normal: rising(parts.normal), foreign: rising(parts.foreign) };
  return { normal: parts.normal, foreign: parts.foreign, sorted };
}

/** How many of the sorted values lie above a threshold. @type {(sorted: Float64Array, threshold: number) => number} */
export function above(sorted, threshold) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > threshold) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/** Which share of a set raises an alarm. @type {(scores: Scores, set: SetName, threshold: number) => Share} */
export function alarmsOf({ sorted }, set, threshold) {
  return shareOf(above(sorted[set], threshold), sorted[set].length);
}

/**
 * How often a new normal image raises an alarm: m of n held-out ones do, and so would the next with
 * probability (m + 1) / (n + 1), whatever the scores are like (Wilks 1941).
 * @type {(scores: Scores, threshold: number) => Share}
 */
export function rateOf({ sorted: { held } }, threshold) {
  const [count, of] = [above(held, threshold), held.length];
  const { low, high } = betaInterval(count + 1, of - count);
  return { value: (count + 1) / (of + 1), low, high, count, of };
}

/** The lowest rate of false alarms that so many held-out images can tell of. @type {(scores: Scores) => number} */
export function leastRate({ sorted: { held } }) {
  return 1 / (held.length + 1);
}

/**
 * The lowest threshold whose rate of false alarms is no more than this; the highest score where so
 * few images allow none.
 * @type {(scores: Scores, rate: number) => number}
 */
export function thresholdAt({ sorted: { held } }, rate) {
  const place = Math.ceil((1 - rate) * (held.length + 1) - 1e-9);
  return held[Math.min(held.length, Math.max(1, place)) - 1];
}

/**
 * The ROC curve over all thresholds, from no alarm to nothing but alarms.
 * @type {(scores: Scores) => RocPoint[]}
 */
export function rocOf({ sorted: { normal, foreign } }) {
  const every = Float64Array.from([...normal, ...foreign]).sort();
  const step = Math.max(1, Math.floor(every.length / POINTS));
  const at = [every[0] - 1];
  for (let k = 0; k < every.length; k += step) at.push(every[k]);
  at.push(every[every.length - 1]);
  return at.reverse().map((threshold) => {
    const { value, low, high } = shareOf(above(foreign, threshold), foreign.length);
    return { alarms: above(normal, threshold) / normal.length, found: value, low, high };
  });
}

/**
 * The threshold at which this share of the normal images raises an alarm, for a hand on the curve.
 * @type {(scores: Scores, share: number) => number}
 */
export function thresholdAtAlarms({ sorted: { normal } }, share) {
  const place = Math.round((1 - share) * normal.length) - 1;
  return normal[Math.min(normal.length - 1, Math.max(0, place))];
}

/** Which share of the normal images is less strange than this. @type {(scores: Scores, value: number) => number} */
export function strangerThan({ sorted: { normal } }, value) {
  return 1 - above(normal, value) / normal.length;
}
