// The axis of a score, which histograms, strip and line share.

/** @import { Scores } from "./scores.js" */

/**
 * From a score to a share of the width and back; what lies outside is collected at the edges.
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {boolean} log whether it is logarithmic
 * @property {number} below how many images lie before the axis begins
 * @property {number} beyond how many after its end
 */

const EDGE = 0.004; // share of the images that may lie beyond either end
const LONG_TAIL = 12; // times the median, from which on a logarithm is shown

/** @type {(sorted: Float64Array, share: number) => number} */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
}

/** @type {(scores: Scores) => Axis} */
export function axisOf({ sorted: { normal, foreign } }) {
  const sets = [normal, foreign].filter((one) => one.length);
  let low = Math.min(...sets.map((one) => quantile(one, EDGE)));
  let high = Math.max(...sets.map((one) => quantile(one, 1 - EDGE)));
  const log = low > 0 && high > LONG_TAIL * quantile(normal, 0.5);
  if (!(high > low)) [low, high] = [low - 0.5, high + 0.5];
  else if (log) [low, high] = [low / (high / low) ** 0.02, high * (high / low) ** 0.02];
  else [low, high] = [low - 0.02 * (high - low), high + 0.02 * (high - low)];
  const count = (/** @type {(value: number) => boolean} */ is) =>
    sets.reduce((sum, one) => sum + one.filter(is).length, 0);
  return { low, high, log, below: count((value) => value < low), beyond: count((value) => value > high) };
}

/** Share of the width, not cut off. @type {(axis: Axis, value: number) => number} */
export function shareAt({ low, high, log }, value) {
  if (!log) return (value - low) / (high - low);
  return value > 0 ? Math.log(value / low) / Math.log(high / low) : -1;
}

/** @type {(axis: Axis, share: number) => number} */
export function valueAt({ low, high, log }, share) {
  return log ? low * (high / low) ** share : low + share * (high - low);
}

/** Which of so many columns a value falls into. @type {(axis: Axis, value: number, columns: number) => number} */
export function columnOf(axis, value, columns) {
  return Math.min(columns - 1, Math.max(0, Math.floor(shareAt(axis, value) * columns)));
}

/** @type {(axis: Axis, values: Float64Array, columns: number) => Uint32Array} */
export function countsOf(axis, values, columns) {
  const counts = new Uint32Array(columns);
  for (const value of values) if (Number.isFinite(value)) counts[columnOf(axis, value, columns)] += 1;
  return counts;
}

/**
 * Round values along the axis, few enough for their numbers to stand beside each other.
 * @type {(axis: Axis, most: number) => number[]}
 */
export function ticksOf(axis, most) {
  const { low, high, log } = axis;
  if (log) {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const digit of [1, 2, 5]) found.push(digit * 10 ** power);
    }
    const inside = found.filter((value) => value >= low && value <= high);
    return inside.filter((_, k) => k % Math.ceil(inside.length / most) === 0);
  }
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5].find((digit) => digit * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
}
