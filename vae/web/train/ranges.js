// What the curves of a run show: which numbers, over what range, and up to which step.

/** @import { Row, Value } from "./reports.js" */

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {(row: Row) => Value[]} of train and validation
 * @property {string} [unit]
 * @property {number} [decimals]
 */

/** @typedef {"elbo" | "reconstruction" | "kl" | "scale"} CurveName */

/** @typedef {[low: number, high: number]} Range */

const EARLY = 0.2; // share of the steps so far that the range need not hold
const LOOSE = 0.5; // a range of which less than this is used is drawn in
const MEASURED = 0.02; // share of the time from which the speed so far tells how many steps fit
const MOVED = 0.25; // so much farther or nearer than predicted, the axis' end moves
const ROOM = 0.12; // air above and below what a new range must hold

/**
 * What can be shown: its name, and the values of train and validation in a row, in nats unless it
 * has a unit and decimals of its own. One without a train value is a number of the model itself.
 * @type {Record<CurveName, Curve>}
 */
export const TRAIN_CURVES = {
  elbo: { name: "−ELBO", of: (row) => [trainMinus(row[3]), trainMinus(row[6])] },
  reconstruction: { name: "−log p(x|z)", of: (row) => [trainMinus(row[4]), trainMinus(row[7])] },
  kl: { name: "KL", of: (row) => [row[5], row[8]] },
  scale: { name: "σ of a pixel", unit: "in pixel values", decimals: 3, of: (row) => [null, row[9] ?? null] },
};

export const CURVE_NAMES = /** @type {CurveName[]} */ (Object.keys(TRAIN_CURVES));

/** @type {(value: Value) => Value} */
function trainMinus(value) {
  return value === null ? null : -value;
}

/**
 * The least and greatest value of both curves after the first fifth, or null where none is.
 * @type {(rows: Row[], curve: Curve) => Range | null}
 */
export function trainRange(rows, curve) {
  const last = rows.length ? rows[rows.length - 1][0] : 0;
  const counted = rows.length > 4 ? rows.filter((row) => row[0] >= EARLY * last) : rows;
  const values = counted.flatMap((row) => curve.of(row)).filter((value) => value !== null);
  if (!values.length) return null;
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/**
 * The range to show, given the one shown now (or null) and what has to be seen.
 * @type {(now: Range | null, range: Range) => Range}
 */
export function calmTrainRange(now, [low, high]) {
  const used = high - low;
  if (now && low >= now[0] && high <= now[1] && used >= LOOSE * (now[1] - now[0])) return now;
  const span = Math.max(used, 0.02 * Math.abs(high), 1e-3);
  const room = ROOM * span;
  // a value that cannot be negative needs no room below zero
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/**
 * The end of the steps' axis. Where the time decides how many steps there will be it is where the
 * speed so far leads to; it moves only when the curve comes to it, or would end far before it.
 * @type {(now: number, steps: number | null, last: number, share?: number) => number}
 */
export function trainEnd(now, steps, last, share = 0) {
  if (steps) return Math.max(steps, last, 1);
  const end = share > MEASURED ? last / share : 1.5 * last;
  return last > now || (share > MEASURED && Math.abs(end - now) > MOVED * end) ? Math.ceil(end) : now;
}

/**
 * At most about `most` of the rows, evenly spread, the last one always among them.
 * @type {<R>(rows: R[], most: number) => R[]}
 */
export function trainThinned(rows, most) {
  const stride = Math.ceil(rows.length / Math.max(1, most));
  return stride <= 1 ? rows : rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
}
