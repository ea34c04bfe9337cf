// The points of a chart: fetched once, put into drawing order, painted as a pixel raster.

import { contextOf } from "../parts/dom.js";
import { themedColour } from "../parts/colours.js";
import { fetchAnswer, remembered } from "../parts/fetched.js";
import { orderSide } from "../core/points.js";
import { countInView, liftAlphas, makeStamp, paintPoints, pointStyle } from "../plane/raster.js";

/** @import { AxisMapping, Projected } from "../core/header.js" */
/** @import { Plot } from "./plotly.js" */

/** Places as Plotly takes them: float32 in base64. @typedef {{x: {bdata: string}, y: {bdata: string}}} PackedPoints */
/** A byte for each point in base64, an entry of the palette. @typedef {{ink: string, palette: string[]}} PackedCloud */

/**
 * Points in drawing order: `order` is their rows in the data, `ink` their entries of `inks`.
 * @typedef {object} ChartCloud
 * @property {PackedPoints} points
 * @property {number} count
 * @property {Uint32Array} order
 * @property {Projected} projected
 * @property {Int16Array} ink
 * @property {Uint32Array} inks
 */

/**
 * Where the axes lie on the plot, in pixels, and the ways from numbers to pixels there.
 * @typedef {object} Area
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {AxisMapping} toX
 * @property {AxisMapping} toY
 */

const CHART_MARGIN = 16; // device pixels around the raster, so that no point is cut at its edge
const CHART_FAINT = 0.45; // strength of the points outside the selection
const CHART_HIDDEN = 255;
const CHART_FETCHED = 8; // sets of points that a page remembers

const chartFetched = remembered(
  (/** @type {string} */ address) => fetchAnswer(address).then((answer) => answer.json()),
  CHART_FETCHED,
);

/**
 * The many numbers of a chart's points, as they stand behind their address; null for none.
 * @type {(address: string | null) => Promise<PackedPoints | null>}
 */
export async function chartPoints(address) {
  return address ? chartFetched(address) : null;
}

/**
 * Points in drawing order with their colours: a byte each in base64, an entry of a palette.
 * @type {(packed: PackedCloud, points: PackedPoints, before: ChartCloud | null, theme: {dark?: boolean}) => ChartCloud}
 */
export function chartCloud(packed, points, before, theme) {
  const same = before?.points === points ? before : null;
  const count = same?.count ?? chartBytes(points.x.bdata).length / 4;
  const order = same?.order ?? chartOrder(count);
  const projected = same?.projected ?? chartProjected(points, order);
  const bytes = chartBytes(packed.ink);
  const ink = new Int16Array(count).map((_, slot) => bytes[order[slot]]);
  const inks = new Uint32Array(CHART_HIDDEN + 2);
  packed.palette.forEach((colour, i) => (inks[i + 1] = chartInk(themedColour(colour, theme))));
  return { points, count, order, projected, ink, inks };
}

/** @type {(points: PackedPoints, order: Uint32Array) => Projected} */
function chartProjected({ x, y }, order) {
  /** @type {(packed: {bdata: string}) => Float32Array} */
  const sorted = ({ bdata }) => {
    const places = new Float32Array(chartBytes(bdata).buffer);
    return new Float32Array(order.length).map((_, slot) => places[order[slot]]);
  };
  return { a: sorted(x), b: sorted(y) };
}

/**
 * Rows in drawing order, spread over the data set: see `orderSide`.
 * @type {(count: number) => Uint32Array}
 */
function chartOrder(count) {
  const order = new Uint32Array(count);
  const side = orderSide(count);
  for (let column = 0, slot = 0; column < side; column++) {
    for (let row = column; row < count; row += side) order[slot++] = row;
  }
  return order;
}

/**
 * 0xBBGGRR + 1 << 24 of "#rrggbb", as `paintPoints` takes it.
 * @type {(colour: string) => number}
 */
function chartInk(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (1 << 24) | (blue << 16) | (green << 8) | red;
}

/** @type {(text: string) => Uint8Array} */
function chartBytes(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/**
 * One byte per row from one bit per row, the lowest bit first; null for null.
 * @type {(text: string | null, cloud: {count: number}) => Uint8Array | null}
 */
export function chartMask(text, cloud) {
  if (!text) return null;
  const bits = chartBytes(text);
  return new Uint8Array(cloud.count).map((_, row) => (bits[row >> 3] >> (row & 7)) & 1);
}

/**
 * Where the axes lie on the page, and the map from numbers to pixels of that area.
 * @type {(plot: Plot) => Area}
 */
export function chartArea(plot) {
  const shown = plot._fullLayout;
  if (!shown) throw new Error("the chart is not drawn yet");
  const { xaxis, yaxis } = shown;
  const [width, height] = [xaxis._length, yaxis._length];
  const [x0, x1] = xaxis.range;
  const [y0, y1] = yaxis.range;
  const [perX, perY] = [width / (x1 - x0), height / (y1 - y0)];
  const toX = { scale: perX, shift: -x0 * perX };
  const toY = { scale: -perY, shift: y1 * perY };
  return { left: xaxis._offset, top: yaxis._offset, width, height, toX, toY };
}

/**
 * Paint the points of a view; those outside the mask, where there is one, become fainter.
 * @type {(canvas: HTMLCanvasElement, cloud: ChartCloud, mask: Uint8Array | null, area: Area) => void}
 */
export function chartPaint(canvas, cloud, mask, area) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [area.width, area.height].map((side) => Math.round(side * ratio));
  if (!(width > 0 && height > 0)) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  /** @type {(mapping: AxisMapping) => AxisMapping} */
  const toDevice = ({ scale, shift }) => ({
    scale: scale * ratio,
    shift: shift * ratio + CHART_MARGIN,
  });
  const [toX, toY] = [toDevice(area.toX), toDevice(area.toY)];
  const [wide, high] = [width + 2 * CHART_MARGIN, height + 2 * CHART_MARGIN];
  const image = new ImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const style = pointStyle(countInView(cloud.projected, toX, toY, wide, high), wide, high, ratio);
  /** @type {(ink: Int16Array, size: number, alpha: number) => void} */
  const paint = (ink, size, alpha) =>
    paintPoints(pixels, cloud.projected, ink, cloud.inks, toX, toY, makeStamp(size, alpha, wide));
  if (!mask) {
    paint(cloud.ink, style.size, style.alpha);
    liftAlphas(pixels, style.lift);
  } else {
    /** @type {(kept: number) => Int16Array} */
    const only = (kept) =>
      cloud.ink.map((ink, slot) => (mask[cloud.order[slot]] === kept ? ink : CHART_HIDDEN));
    paint(only(0), style.size, style.alpha * CHART_FAINT);
    liftAlphas(pixels, style.lift);
    paint(only(1), style.size + Math.round(ratio), Math.min(1, style.alpha * 1.6));
  }
  contextOf(canvas).putImageData(image, -CHART_MARGIN, -CHART_MARGIN);
}
