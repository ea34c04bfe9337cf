// The points of a chart: fetched once, put into drawing order, painted as a pixel raster.

import { themedColour } from "../parts/colours.js";
import { fetchAnswer, remembered } from "../parts/fetched.js";
import { orderSide } from "../core/points.js";
import { countInView, liftAlphas, makeStamp, paintPoints, pointStyle } from "../plane/raster.js";

const CHART_MARGIN = 16; // device pixels around the raster, so that no point is cut at its edge
const CHART_FAINT = 0.45; // strength of the points outside the selection
const CHART_HIDDEN = 255;
const CHART_FETCHED = 8; // sets of points that a page remembers

const chartFetched = remembered(
  (address) => fetchAnswer(address).then((answer) => answer.json()),
  CHART_FETCHED,
);

/** The many numbers of a chart's points, as they stand behind their address; null for none. */
export async function chartPoints(address) {
  return address ? chartFetched(address) : null;
}

/** Points in drawing order with their colours: a byte each in base64, an entry of a palette. */
export function chartCloud(packed, points, before, theme) {
  const same = before && before.points === points;
  const count = same ? before.count : chartBytes(points.x.bdata).length / 4;
  const order = same ? before.order : chartOrder(count);
  const projected = same ? before.projected : chartProjected(points, order);
  const bytes = chartBytes(packed.ink);
  const ink = new Int16Array(count).map((_, slot) => bytes[order[slot]]);
  const inks = new Uint32Array(CHART_HIDDEN + 2);
  packed.palette.forEach((colour, i) => (inks[i + 1] = chartInk(themedColour(colour, theme))));
  return { points, count, order, projected, ink, inks };
}

function chartProjected({ x, y }, order) {
  const sorted = ({ bdata }) => {
    const places = new Float32Array(chartBytes(bdata).buffer);
    return new Float32Array(order.length).map((_, slot) => places[order[slot]]);
  };
  return { a: sorted(x), b: sorted(y) };
}

/** Rows in drawing order, spread over the data set: see `orderSide`. */
function chartOrder(count) {
  const order = new Uint32Array(count);
  const side = orderSide(count);
  for (let column = 0, slot = 0; column < side; column++) {
    for (let row = column; row < count; row += side) order[slot++] = row;
  }
  return order;
}

/** 0xBBGGRR + 1 << 24 of "#rrggbb", as `paintPoints` takes it. */
function chartInk(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (1 << 24) | (blue << 16) | (green << 8) | red;
}

function chartBytes(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** One byte a row from a bit a row, the lowest bit first; null for null. */
export function chartMask(text, cloud) {
  if (!text) return null;
  const bits = chartBytes(text);
  return new Uint8Array(cloud.count).map((_, row) => (bits[row >> 3] >> (row & 7)) & 1);
}

/** Where the axes lie on the page, and the map from numbers to pixels of that area. */
export function chartArea(plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  const [width, height] = [xaxis._length, yaxis._length];
  const [x0, x1] = xaxis.range;
  const [y0, y1] = yaxis.range;
  const [perX, perY] = [width / (x1 - x0), height / (y1 - y0)];
  const toX = { scale: perX, shift: -x0 * perX };
  const toY = { scale: -perY, shift: y1 * perY };
  return { left: xaxis._offset, top: yaxis._offset, width, height, toX, toY };
}

/** Paint the points of a view; those outside the mask, where there is one, become fainter. */
export function chartPaint(canvas, cloud, mask, cssWidth, cssHeight, cssX, cssY) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(cssWidth * ratio), Math.round(cssHeight * ratio)];
  if (!(width > 0 && height > 0)) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const toDevice = ({ scale, shift }) => ({
    scale: scale * ratio,
    shift: shift * ratio + CHART_MARGIN,
  });
  const [toX, toY] = [toDevice(cssX), toDevice(cssY)];
  const [wide, high] = [width + 2 * CHART_MARGIN, height + 2 * CHART_MARGIN];
  const image = new ImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const style = pointStyle(countInView(cloud.projected, toX, toY, wide, high), wide, high, ratio);
  const paint = (ink, size, alpha) =>
    paintPoints(pixels, cloud.projected, ink, cloud.inks, toX, toY, makeStamp(size, alpha, wide));
  if (!mask) {
    paint(cloud.ink, style.size, style.alpha);
    liftAlphas(pixels, style.lift);
  } else {
    const only = (kept) =>
      cloud.ink.map((ink, slot) => (mask[cloud.order[slot]] === kept ? ink : CHART_HIDDEN));
    paint(only(0), style.size, style.alpha * CHART_FAINT);
    liftAlphas(pixels, style.lift);
    paint(only(1), style.size + Math.round(ratio), Math.min(1, style.alpha * 1.6));
  }
  canvas.getContext("2d").putImageData(image, -CHART_MARGIN, -CHART_MARGIN);
}
