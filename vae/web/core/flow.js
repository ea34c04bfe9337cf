// A posterior that a flow bends, as `vae.models.posteriors.flow` does: the noise passes through steps
// of monotone splines, each spline's shape given by a network of the noise and of the image's context.

/** @import { Numbers } from "./header.js" */

/**
 * A step of a flow: its network, and how many bins its splines have within ±bound.
 * @typedef {{run: (input: Float64Array) => Float64Array, bins: number, bound: number}} FlowStep
 */

const OUTLINES = [1, 2]; // σ
const CORNERS = 24;
const LEAST_SLOPE = Math.log(1e-3); // as zuko has it: slopes stay between a thousandth and a thousand

/**
 * Draws z, one for each row of the noise. `steps` are {run, bins, bound}.
 * @type {(steps: FlowStep[], base: Numbers, width: Numbers, context: Float64Array, noise: Numbers[]) => Float64Array[]}
 */
export function bentDraws(steps, base, width, context, noise) {
  return noise.map((row) => {
    /** @type {Float64Array} */
    const bent = bendAll(steps, row, context);
    return Float64Array.from(base, (mean, i) => mean + width[i] * bent[i]);
  });
}

/**
 * What becomes of the circles of noise of radius 1 and 2: [[a, b], …] each, from `loc` on.
 * @type {(steps: FlowStep[], base: Numbers, width: Numbers, context: Float64Array, loc: Numbers) => number[][][]}
 */
export function bentOutlines(steps, base, width, context, loc) {
  return OUTLINES.map((radius) => {
    const circle = Array.from({ length: CORNERS }, (_, k) => {
      const turn = (2 * Math.PI * k) / CORNERS;
      return [radius * Math.cos(turn), radius * Math.sin(turn)];
    });
    return bentDraws(steps, base, width, context, circle).map(([a, b]) => [a - loc[0], b - loc[1]]);
  });
}

/** @type {(steps: FlowStep[], noise: Numbers, context: Float64Array) => Float64Array} */
function bendAll(steps, noise, context) {
  let bent = Float64Array.from(noise);
  for (const { run, bins, bound } of steps) {
    const numbers = run(Float64Array.of(...bent, ...context));
    const each = 3 * bins - 1;
    bent = bent.map((value, i) => spline(numbers.subarray(i * each, (i + 1) * each), bins, bound, value));
  }
  return bent;
}

/**
 * Knots and slopes of a rational-quadratic spline within ±bound, as zuko has them.
 * @type {(numbers: Float64Array, bins: number, bound: number) => {xs: Float64Array, ys: Float64Array, slope: (k: number) => number}}
 */
function splineOf(numbers, bins, bound) {
  const xs = knots(numbers.subarray(0, bins).map((value) => soft(value, 2)), bound);
  const ys = knots(numbers.subarray(bins, 2 * bins).map((value) => soft(value, 2)), bound);
  /** @type {(k: number) => number} */
  const slope = (k) => (k === 0 || k === bins ? 1 : Math.exp(soft(numbers[2 * bins + k - 1], 1)));
  return { xs, ys, slope };
}

/** Keeps `times` · value within ±LEAST_SLOPE. @type {(value: number, times: number) => number} */
export function soft(value, times) {
  return value / (1 + Math.abs((times * value) / LEAST_SLOPE));
}

/** The piece of the knots that a number lies in. @type {(found: Float64Array, value: number) => number} */
function pieceOf(found, value) {
  let k = 0;
  while (k < found.length - 2 && value > found[k + 1]) k += 1;
  return k;
}

/**
 * The rational-quadratic spline of Durkan et al. 2019, eq. 4; beyond ±bound it is the identity.
 * @type {(numbers: Float64Array, bins: number, bound: number, x: number) => number}
 */
export function spline(numbers, bins, bound, x) {
  const { xs, ys, slope } = splineOf(numbers, bins, bound);
  if (!(x > xs[0] && x <= xs[bins])) return x;
  const k = pieceOf(xs, x);
  const [width, height] = [xs[k + 1] - xs[k], ys[k + 1] - ys[k]];
  const [steep, share] = [height / width, (x - xs[k]) / width];
  const between = share * (1 - share);
  const rise = height * (steep * share * share + slope(k) * between);
  return ys[k] + rise / (steep + (slope(k) + slope(k + 1) - 2 * steep) * between);
}

/**
 * The x that the spline takes to y: the root of a quadratic (Durkan et al. 2019, eq. 6 to 8).
 * @type {(numbers: Float64Array, bins: number, bound: number, y: number) => number}
 */
export function splineInverse(numbers, bins, bound, y) {
  const { xs, ys, slope } = splineOf(numbers, bins, bound);
  if (!(y > ys[0] && y <= ys[bins])) return y;
  const k = pieceOf(ys, y);
  const [width, height, above] = [xs[k + 1] - xs[k], ys[k + 1] - ys[k], y - ys[k]];
  const steep = height / width;
  const bend = above * (slope(k) + slope(k + 1) - 2 * steep);
  const [a, b, c] = [height * (steep - slope(k)) + bend, height * slope(k) - bend, -steep * above];
  return xs[k] + (width * 2 * c) / (-b - Math.sqrt(b * b - 4 * a * c));
}

// from −bound to bound, in shares that a softmax gives
/** @type {(values: Float64Array, bound: number) => Float64Array} */
function knots(values, bound) {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const found = new Float64Array(values.length + 1);
  let sum = 0;
  for (let k = 0; k < found.length; k++) {
    found[k] = bound * ((2 * sum) / total - 1);
    sum += powers[k] ?? 0;
  }
  return found;
}
