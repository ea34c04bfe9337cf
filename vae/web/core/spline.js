// A monotone spline in pieces of a rational quadratic, Durkan et al. 2019, "Neural spline flows",
// in the form that zuko gives it: bins within ±bound, and the identity beyond.

/** @import { Numbers } from "./header.js" */

const LEAST_SLOPE = Math.log(1e-3); // as zuko has it: slopes stay between a thousandth and a thousand

/** Knots of the spline at hand, kept so that a step allocates nothing. */
let [xs, ys] = [new Float64Array(0), new Float64Array(0)];

/**
 * Where a spline takes x (eq. 4), and the logarithm of its slope there (eq. 5). Its 3 · bins − 1
 * numbers begin at `start`.
 * @type {(numbers: Numbers, start: number, bins: number, bound: number, x: number) => {value: number, logSlope: number}}
 */
export function splineAt(numbers, start, bins, bound, x) {
  fillBoth(numbers, start, bins, bound);
  if (!(x > xs[0] && x <= xs[bins])) return { value: x, logSlope: 0 };
  const k = pieceOf(xs, x);
  const [width, height] = [xs[k + 1] - xs[k], ys[k + 1] - ys[k]];
  const [steep, share] = [height / width, (x - xs[k]) / width];
  const [d0, d1] = [slopeAt(numbers, start, bins, k), slopeAt(numbers, start, bins, k + 1)];
  const between = share * (1 - share);
  const under = steep + (d0 + d1 - 2 * steep) * between;
  const value = ys[k] + (height * (steep * share * share + d0 * between)) / under;
  const rise = 2 * steep * between + d0 * (1 - share) ** 2 + d1 * share * share;
  return { value, logSlope: Math.log((steep * steep * rise) / (under * under)) };
}

/**
 * The x that the spline takes to y: the root of a quadratic (eq. 6 to 8).
 * @type {(numbers: Numbers, start: number, bins: number, bound: number, y: number) => number}
 */
export function splineInverse(numbers, start, bins, bound, y) {
  fillBoth(numbers, start, bins, bound);
  if (!(y > ys[0] && y <= ys[bins])) return y;
  const k = pieceOf(ys, y);
  const [width, height, above] = [xs[k + 1] - xs[k], ys[k + 1] - ys[k], y - ys[k]];
  const [d0, d1] = [slopeAt(numbers, start, bins, k), slopeAt(numbers, start, bins, k + 1)];
  const steep = height / width;
  const bend = above * (d0 + d1 - 2 * steep);
  const [a, b, c] = [height * (steep - d0) + bend, height * d0 - bend, -steep * above];
  return xs[k] + (width * 2 * c) / (-b - Math.sqrt(b * b - 4 * a * c));
}

/** Keeps `times` · value within ±LEAST_SLOPE. @type {(value: number, times: number) => number} */
export function soft(value, times) {
  return value / (1 + Math.abs((times * value) / LEAST_SLOPE));
}

/** The piece of the knots that a number lies in. @type {(knots: Float64Array, value: number) => number} */
function pieceOf(knots, value) {
  let k = 0;
  while (k < knots.length - 2 && value > knots[k + 1]) k += 1;
  return k;
}

/** @type {(numbers: Numbers, start: number, bins: number, knot: number) => number} */
function slopeAt(numbers, start, bins, knot) {
  if (knot === 0 || knot === bins) return 1;
  return Math.exp(soft(numbers[start + 2 * bins + knot - 1], 1));
}

/** @type {(numbers: Numbers, start: number, bins: number, bound: number) => void} */
function fillBoth(numbers, start, bins, bound) {
  if (xs.length !== bins + 1) [xs, ys] = [new Float64Array(bins + 1), new Float64Array(bins + 1)];
  fillKnots(xs, numbers, start, bins, bound);
  fillKnots(ys, numbers, start + bins, bins, bound);
}

// from −bound to bound, in shares that a softmax gives
/** @type {(knots: Float64Array, numbers: Numbers, start: number, bins: number, bound: number) => void} */
function fillKnots(knots, numbers, start, bins, bound) {
  let total = 0;
  // each is at most −log 0.001 / 2 = 3.5 in size, so that no power leaves its type
  for (let k = 0; k < bins; k++) {
    knots[k] = total;
    total += Math.exp(soft(numbers[start + k], 2));
  }
  knots[bins] = total;
  for (let k = 0; k <= bins; k++) knots[k] = bound * ((2 * knots[k]) / total - 1);
}
