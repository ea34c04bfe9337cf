// The encoded images: reading them, projecting them on a plane, finding one.
//
// Everything is in drawing order: spread evenly over the data set, so that no class covers another
// only because its images come last.

import { floatsFromHalves, readPayload } from "./payload.js";

const POINTS_FORMAT = "vae-points";
const POINTS_VERSION = 1;
const POINTS_TYPES = {
  float32: Float32Array,
  float16: Uint16Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
};

/**
 * Read a payload: {count, zDim, loc, scale, label, index}; throw on damage.
 * loc and scale are Float32Array(count * zDim), scale null where there is none; tril is the lower
 * triangle of each posterior's Cholesky factor and outline {values, shape: [2, corners, 2]}, both
 * null where ellipses follow from scale; label is
 * Int16Array(count), −1 for none; index is Uint32Array(count), the image's row in its split; near
 * is what `howFar` needs, {neighbours, stride, limit, reach}, null where the payload has none.
 */
export function parsePoints(buffer) {
  const { header, start } = readPayload(buffer, POINTS_FORMAT, POINTS_VERSION);
  const { count, z_dim: zDim, arrays } = header;
  const raw = (name, width, dtypes) =>
    pointsArray(buffer, start, arrays?.[name], name, count * width, dtypes);
  const loc = raw("loc", zDim, ["float32", "uint16"]);
  return {
    count,
    zDim,
    loc: arrays.loc.dtype === "uint16" ? pointsFromSteps(loc, arrays.loc.range, zDim) : loc,
    scale: arrays.scale ? floatsFromHalves(raw("scale", zDim, ["float16"])) : null,
    tril: arrays.tril ? floatsFromHalves(raw("tril", (zDim * (zDim + 1)) / 2, ["float16"])) : null,
    outline: arrays.outline ? readOutline(raw, arrays.outline.shape.slice(1)) : null,
    label: raw("label", 1, ["int16"]),
    index: raw("index", 1, ["uint32"]),
    near: header.near ? { ...header.near, reach: readReach(buffer, start, header) } : null,
  };
}

function readOutline(raw, shape) {
  const width = shape.reduce((product, side) => product * side, 1);
  return { values: floatsFromHalves(raw("outline", width, ["float16"])), shape };
}

function readReach(buffer, start, { count, near, arrays }) {
  const length = Math.ceil(count / near.stride);
  return pointsArray(buffer, start, arrays.reach, "reach", length, ["float32"]);
}

function pointsArray(buffer, start, entry, name, length, dtypes) {
  if (!entry) throw new Error(`${POINTS_FORMAT}: there is no ${name}`);
  if (!dtypes.includes(entry.dtype)) {
    throw new Error(`${POINTS_FORMAT}: ${name} is ${entry.dtype}, not ${dtypes.join(" or ")}`);
  }
  const type = POINTS_TYPES[entry.dtype];
  const from = start + entry.offset;
  if (!(from >= start && from + length * type.BYTES_PER_ELEMENT <= buffer.byteLength)) {
    throw new Error(`${POINTS_FORMAT}: cut short inside ${name}`);
  }
  return new type(buffer, from, length);
}

function pointsFromSteps(steps, [low, high], zDim) {
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
 */
export function orderSide(count) {
  return Math.ceil(Math.sqrt(count)) | 1; // odd, or columns would crowd into a few cache lines
}

/** The row in the data of the point that is drawn at `slot`. */
export function pointAtSlot(slot, count) {
  const side = orderSide(count);
  let column = 0;
  for (let rest = slot; ; column++) {
    const rows = Math.ceil((count - column) / side);
    if (rest < rows) return column + rest * side;
    rest -= rows;
  }
}

/** The points' labels in drawing order. */
export function labelsInOrder({ count, label }) {
  const labels = new Int16Array(count);
  const side = orderSide(count);
  for (let column = 0, slot = 0; column < side; column++) {
    for (let i = column; i < count; i += side) labels[slot++] = label[i];
  }
  return labels;
}

/** Project on the plane of u and v, in drawing order: {a, b}, each Float32Array(count). */
export function projectPoints(points, u, v) {
  const { count, zDim, loc } = points;
  if (u.length !== zDim || v.length !== zDim) {
    throw new Error(`the axes have ${u.length} and ${v.length} numbers, the points ${zDim}`);
  }
  const [a, b] = [new Float32Array(count), new Float32Array(count)];
  const used = Uint16Array.from(u.keys()).filter((k) => u[k] !== 0 || v[k] !== 0);
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
