// The encoded images: reading them, projecting them on a plane, finding one.
//
// Everything is in drawing order: spread evenly over the data set, so that no class covers another
// only because its images come last.

import { floatsFromHalves, readPayload } from "./payload.js";

/** @import { AxisMapping, Numbers, Points, Projected } from "./header.js" */

const POINTS_FORMAT = "vae-points";
const POINTS_VERSION = 1;
const POINTS_TYPES = {
  float32: Float32Array,
  float16: Uint16Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
};

/** @typedef {keyof typeof POINTS_TYPES} Kind */

/**
 * Where an array lies in a payload; `range` is the lowest and highest value of each dimension.
 * @typedef {{dtype: Kind, offset: number, range?: number[][], shape?: number[]}} Entry
 */

/**
 * @typedef {object} PointsHeader
 * @property {number} count
 * @property {number} z_dim
 * @property {Record<string, Entry>} arrays
 */

/** @typedef {{buffer: ArrayBuffer, start: number, arrays: PointsHeader["arrays"]}} Block */

/**
 * Read a payload: {count, zDim, loc, scale, label, index}; throw on damage.
 * loc and scale are Float32Array(count * zDim), scale null where there is none; tril is the lower
 * triangle of each posterior's Cholesky factor and outline {values, shape: [2, corners, 2]}, both
 * null where ellipses follow from scale; label is Int16Array(count), −1 for none; index is
 * Uint32Array(count), the image's row in its split; near, which comes by itself, is null.
 * @type {(buffer: ArrayBuffer) => Points}
 */
export function parsePoints(buffer) {
  const payload = readPayload(buffer, POINTS_FORMAT, POINTS_VERSION);
  const { header, start } = /** @type {{header: PointsHeader, start: number}} */ (payload);
  const { count, z_dim: zDim, arrays } = header;
  const block = { buffer, start, arrays: arrays ?? {} };
  const loc = pointsArray(block, "loc", count * zDim, ["float32", "uint16"]);
  /** @type {(name: string, width: number) => Float32Array | null} */
  const halves = (name, width) =>
    arrays[name] ? floatsFromHalves(pointsArray(block, name, count * width, ["float16"])) : null;
  return {
    count,
    zDim,
    loc: loc instanceof Uint16Array ? pointsFromSteps(loc, arrays.loc.range, zDim) : loc,
    scale: halves("scale", zDim),
    tril: halves("tril", (zDim * (zDim + 1)) / 2),
    outline: outlineOf(arrays.outline?.shape, halves),
    label: pointsArray(block, "label", count, ["int16"]),
    index: pointsArray(block, "index", count, ["uint32"]),
    near: null,
  };
}

/**
 * The outlines, of which an array's shape is [count, rings, corners, 2].
 * @type {(shape: number[] | undefined, halves: (name: string, width: number) => Float32Array | null) =>
 *   Points["outline"]}
 */
function outlineOf(shape, halves) {
  if (!shape) return null;
  const each = shape.slice(1);
  const values = halves("outline", each.reduce((product, side) => product * side, 1));
  return values && { values, shape: each };
}

/**
 * @type {<K extends Kind>(block: Block, name: string, length: number, kinds: K[]) =>
 *   InstanceType<typeof POINTS_TYPES[K]>}
 */
function pointsArray({ buffer, start, arrays }, name, length, kinds) {
  const entry = arrays[name];
  if (!entry) throw new Error(`${POINTS_FORMAT}: there is no ${name}`);
  const kind = kinds.find((one) => one === entry.dtype);
  if (!kind) {
    throw new Error(`${POINTS_FORMAT}: ${name} is ${entry.dtype}, not ${kinds.join(" or ")}`);
  }
  const type = POINTS_TYPES[kind];
  const from = start + entry.offset;
  if (!(from >= start && from + length * type.BYTES_PER_ELEMENT <= buffer.byteLength)) {
    throw new Error(`${POINTS_FORMAT}: cut short inside ${name}`);
  }
  const found = new type(buffer, from, length);
  return /** @type {InstanceType<typeof POINTS_TYPES[typeof kind]>} */ (found);
}

/** @type {(steps: Uint16Array, range: number[][] | undefined, zDim: number) => Float32Array} */
function pointsFromSteps(steps, range, zDim) {
  if (!range) throw new Error(`${POINTS_FORMAT}: there is no range of loc`);
  const [low, high] = range;
  const values = new Float32Array(steps.length);
  for (let k = 0; k < zDim; k++) {
    const step = (high[k] - low[k]) / 65535;
    for (let i = k; i < steps.length; i += zDim) values[i] = low[k] + steps[i] * step;
  }
  return values;
}

/**
 * The side of the square behind the drawing order: the points stand in it row by row and are drawn
 * column by column, so that any first part of them is spread over the whole. Unlike a shuffle it
 * reads memory in even steps, which a million points notice.
 * @type {(count: number) => number}
 */
export function orderSide(count) {
  return Math.ceil(Math.sqrt(count)) | 1; // odd, or columns would crowd into a few cache lines
}

/**
 * The row in the data of the point that is drawn at `slot`.
 * @type {(slot: number, count: number) => number}
 */
export function pointAtSlot(slot, count) {
  const side = orderSide(count);
  let column = 0;
  for (let rest = slot; ; column++) {
    const rows = Math.ceil((count - column) / side);
    if (rest < rows) return column + rest * side;
    rest -= rows;
  }
}

/**
 * The points' labels in drawing order.
 * @type {(points: {count: number, label: Int16Array}) => Int16Array}
 */
export function labelsInOrder({ count, label }) {
  const labels = new Int16Array(count);
  const side = orderSide(count);
  for (let column = 0, slot = 0; column < side; column++) {
    for (let i = column; i < count; i += side) labels[slot++] = label[i];
  }
  return labels;
}

/**
 * Project on the plane of u and v, in drawing order: {a, b}, each Float32Array(count).
 * @type {(points: Points, u: Numbers, v: Numbers) => Projected}
 */
export function projectPoints(points, u, v) {
  const { count, zDim, loc } = points;
  if (u.length !== zDim || v.length !== zDim) {
    throw new Error(`the axes have ${u.length} and ${v.length} numbers, the points ${zDim}`);
  }
  const [a, b] = [new Float32Array(count), new Float32Array(count)];
  const used = Uint16Array.from({ length: zDim }, (_, k) => k).filter((k) => u[k] !== 0 || v[k] !== 0);
  const shareU = Float64Array.from(used, (k) => u[k]);
  const shareV = Float64Array.from(used, (k) => v[k]);
  const side = orderSide(count);
  for (let column = 0, slot = 0; column < side; column++) {
    for (let i = column; i < count; i += side, slot++) {
      let [alongU, alongV] = [0, 0];
      for (let j = 0; j < used.length; j++) {
        const z = loc[i * zDim + used[j]];
        alongU += z * shareU[j];
        alongV += z * shareV[j];
      }
      a[slot] = alongU;
      b[slot] = alongV;
    }
  }
  return { a, b };
}

/**
 * The slot of the point nearest to (x, y) within `reach`, or −1. Slots whose entry in `shown`
 * (by label + 1) is 0 are passed over. `toX` and `toY` are {scale, shift} from plane to pixels.
 * @type {(projected: Projected, labels: Int16Array, shown: Uint32Array, toX: AxisMapping, toY: AxisMapping, x: number, y: number, reach: number) => number}
 */
export function nearestSlot(projected, labels, shown, toX, toY, x, y, reach) {
  const { a, b } = projected;
  let best = reach * reach;
  let found = -1;
  for (let slot = 0; slot < a.length; slot++) {
    const dx = a[slot] * toX.scale + toX.shift - x;
    const dy = b[slot] * toY.scale + toY.shift - y;
    const distance = dx * dx + dy * dy;
    if (distance < best && shown[labels[slot] + 1] !== 0) {
      best = distance;
      found = slot;
    }
  }
  return found;
}
