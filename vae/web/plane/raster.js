// Points as pixels. A million canvas calls take over half a second; writing a million pixels takes
// milliseconds. So points are stamped into a Uint32Array that becomes one ImageData, and overlap
// as translucent ink does.

/** @import { AxisMapping, Projected } from "../core/header.js" */

/**
 * @typedef {object} Stamp
 * @property {number} size
 * @property {number} width
 * @property {Int32Array} offsets
 * @property {Int32Array} tables
 * @property {Uint8Array} alphaAfter
 * @property {Uint16Array} share
 */

const LARGEST_STAMP_WORK = 1_500_000; // pixels written per redraw, so that it stays within a frame
const FAINTEST = 0.4; // opacity of a point that is alone
const COVERAGE_LEVELS = 4; // steps of a disc's soft edge

/**
 * How many points lie in a raster of this size, judged by at most 20,000 of them.
 * @type {(projected: Projected, toX: AxisMapping, toY: AxisMapping, width: number, height: number) => number}
 */
export function countInView(projected, toX, toY, width, height) {
  const { a, b } = projected;
  const looked = Math.min(a.length, 20_000);
  let inside = 0;
  for (let slot = 0; slot < looked; slot++) {
    const x = a[slot] * toX.scale + toX.shift;
    const y = b[slot] * toY.scale + toY.shift;
    if (x >= 0 && x < width && y >= 0 && y < height) inside++;
  }
  return looked ? Math.round((inside / looked) * a.length) : 0;
}

/**
 * How points are drawn when `count` of them share width x height device pixels.
 * From discs of 6 CSS px for a few hundred down to single pixels for a million, and the more they
 * overlap the more translucent, so that density shows. Where one alone would hardly be seen, the
 * finished alphas are raised to the power of `lift`, which takes one point to `FAINTEST`.
 * @type {(count: number, width: number, height: number, ratio: number) => {size: number, alpha: number, lift: number}}
 */
export function pointStyle(count, width, height, ratio) {
  const spacing = Math.sqrt((width * height) / Math.max(1, count)) / ratio;
  const wanted = Math.min(6, 0.85 + 0.33 * spacing) * ratio;
  const affordable = Math.floor(Math.sqrt(LARGEST_STAMP_WORK / Math.max(1, count)));
  const size = Math.max(1, Math.min(Math.round(wanted), affordable));
  // clusters fill about a quarter of the plane
  const layers = (4 * count * size * size) / (width * height);
  const alpha = Math.min(1, Math.max(0.08, 0.9 / layers ** 0.75));
  return { size, alpha, lift: alpha < FAINTEST ? Math.log(FAINTEST) / Math.log(alpha) : 1 };
}

/**
 * A point's footprint on a raster `width` pixels wide: where it covers pixels and, for each level
 * of coverage and each alpha already there, the new alpha and the new colour's share in 1/256.
 * @type {(size: number, alpha: number, width: number) => Stamp}
 */
export function makeStamp(size, alpha, width) {
  /** @type {{offset: number, table: number}[]} */
  const cells = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const radius = Math.hypot(x + 0.5 - size / 2, y + 0.5 - size / 2);
      const coverage = size < 3 ? 1 : Math.min(1, Math.max(0, size / 2 + 0.5 - radius));
      const level = Math.round(coverage * COVERAGE_LEVELS);
      if (level > 0) cells.push({ offset: y * width + x, table: 256 * (level - 1) });
    }
  }
  const alphaAfter = new Uint8Array(256 * COVERAGE_LEVELS);
  const share = new Uint16Array(256 * COVERAGE_LEVELS);
  for (let i = 0; i < share.length; i++) {
    const added = (alpha * (1 + (i >> 8))) / COVERAGE_LEVELS;
    alphaAfter[i] = Math.round((i & 255) + (255 - (i & 255)) * added);
    share[i] = Math.min(256, Math.round((256 * 255 * added) / alphaAfter[i]));
  }
  const offsets = Int32Array.from(cells, (cell) => cell.offset);
  const tables = Int32Array.from(cells, (cell) => cell.table);
  return { size, width, offsets, tables, alphaAfter, share };
}

/**
 * Stamp every point whose footprint lies inside the raster, Uint32Array of ABGR pixels with
 * straight alpha. `colours` holds 0xBBGGRR + 1 << 24 by label + 1, and 0 for a hidden label.
 * @type {(pixels: Uint32Array, projected: Projected, labels: Int16Array, colours: Uint32Array, toX: AxisMapping, toY: AxisMapping, stamp: Stamp) => void}
 */
export function paintPoints(pixels, projected, labels, colours, toX, toY, stamp) {
  const { a, b } = projected;
  const { size, width } = stamp;
  const [endX, endY] = [width - size + 1, Math.floor(pixels.length / width) - size + 1];
  const [shiftX, shiftY] = [toX.shift - (size - 1) / 2, toY.shift - (size - 1) / 2];
  for (let slot = 0; slot < a.length; slot++) {
    const colour = colours[labels[slot] + 1];
    const x = a[slot] * toX.scale + shiftX;
    const y = b[slot] * toY.scale + shiftY;
    // false for NaN as well
    if (colour !== 0 && x >= 0 && x < endX && y >= 0 && y < endY) {
      stampPoint(pixels, (y | 0) * width + (x | 0), colour, stamp);
    }
  }
}

// Red with blue, and green, are each mixed in one multiplication; imul keeps them in 32 bits.
/** @type {(pixels: Uint32Array, corner: number, colour: number, stamp: Stamp) => void} */
function stampPoint(pixels, corner, colour, stamp) {
  const { offsets, tables, alphaAfter, share } = stamp;
  const redBlue = colour & 0xff00ff;
  const green = colour & 0xff00;
  for (let j = 0; j < offsets.length; j++) {
    const at = corner + offsets[j];
    const under = pixels[at];
    const entry = tables[j] + (under >>> 24);
    const over = share[entry];
    const rest = 256 - over;
    const mixed = (Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, over)) >>> 8;
    const middle = (Math.imul(under & 0xff00, rest) + Math.imul(green, over)) >>> 8;
    pixels[at] = (alphaAfter[entry] << 24) | (mixed & 0xff00ff) | (middle & 0xff00);
  }
}

/**
 * Raise every pixel's alpha, as a share of 255, to the power of `lift`.
 * @type {(pixels: Uint32Array, lift: number) => void}
 */
export function liftAlphas(pixels, lift) {
  const lifted = Uint8Array.from({ length: 256 }, (_, a) => Math.round(255 * (a / 255) ** lift));
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel !== 0) pixels[i] = (lifted[pixel >>> 24] << 24) | (pixel & 0xffffff);
  }
}
