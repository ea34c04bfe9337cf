// What part of the plane is seen: a view is {cx, cy, span}, its centre and the plane units across
// the picture's smaller side; the scale is the same along both axes, and b grows upwards.

/** @import { PriorLevels } from "../core/density.js" */
/** @import { AxisMapping, Projected } from "../core/header.js" */

/**
 * @typedef {{cx: number, cy: number, span: number}} View
 * @typedef {{width: number, height: number, ratio: number}} Size CSS pixels, device pixels per CSS pixel
 */

/** A standard normal's rings, the levels of another prior, or none. @typedef {PriorLevels | boolean | null} Prior */

const RING_REACH = 3.15; // the prior's outer ring with a little air
const VIEW_AIR = 1.06; // a fitted view against what it must show
const [LEAST_SPAN, GREATEST_SPAN] = [1e-5, 1e7];

/**
 * A view with finite numbers and a span within reach of float32; throw on others.
 * @type {(cx: number, cy: number, span: number) => View}
 */
export function checkedView(cx, cy, span) {
  if (![cx, cy, span].every(Number.isFinite) || span <= 0) {
    throw new Error(`a view at ${cx}, ${cy} that spans ${span} shows nothing`);
  }
  return { cx, cy, span: Math.min(GREATEST_SPAN, Math.max(LEAST_SPAN, span)) };
}

/**
 * From plane to pixels, {scale, shift} along x and y; `zoom` and `margin` for device pixels.
 * @type {(view: View, size: {width: number, height: number}, zoom?: number, margin?: number) => {x: AxisMapping, y: AxisMapping}}
 */
export function planeMapping({ cx, cy, span }, { width, height }, zoom = 1, margin = 0) {
  const scale = (zoom * (Math.min(width, height) || 1)) / span;
  return {
    x: { scale, shift: margin + (zoom * width) / 2 - cx * scale },
    y: { scale: -scale, shift: margin + (zoom * height) / 2 + cy * scale },
  };
}

/**
 * The view of all points, {a, b} or null, and, if there is a prior, of its rings or its levels'
 * extent; without those where they lie so far from the points that both would be small.
 * @type {(projected: Projected | null, size: {width: number, height: number}, prior?: Prior) => View}
 */
export function fittedView(projected, { width, height }, prior = true) {
  const rings = (typeof prior === "object" && prior?.extent) || [-RING_REACH, RING_REACH, -RING_REACH, RING_REACH];
  const around = projected && extentOf(projected);
  const both = around ? joinExtents(around, rings) : rings;
  const smaller = Math.min(width, height) || 1;
  /** @param {number[]} extent */
  const spanOf = ([a0, a1, b0, b1]) =>
    smaller * Math.max((a1 - a0) / (width || 1), (b1 - b0) / (height || 1));
  const apart = around && (!prior || spanOf(both) > 2 * Math.max(spanOf(around), spanOf(rings)));
  const [a0, a1, b0, b1] = apart ? around : both;
  const span = Math.max(LEAST_SPAN, VIEW_AIR * spanOf([a0, a1, b0, b1]));
  return checkedView((a0 + a1) / 2, (b0 + b1) / 2, span);
}

// The smallest [a0, a1, b0, b1] around the points, or null where there is none.
/** @type {(projected: Projected) => number[] | null} */
function extentOf({ a, b }) {
  const extent = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < a.length; i++) {
    if (a[i] < extent[0]) extent[0] = a[i];
    if (a[i] > extent[1]) extent[1] = a[i];
    if (b[i] < extent[2]) extent[2] = b[i];
    if (b[i] > extent[3]) extent[3] = b[i];
  }
  return extent.every(Number.isFinite) ? extent : null;
}

/** @type {(one: number[], other: number[]) => number[]} */
function joinExtents(one, other) {
  return one.map((edge, i) => (i % 2 ? Math.max : Math.min)(edge, other[i]));
}
