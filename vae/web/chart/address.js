// What a chart shows in the page's address: its choices, which Python names, and the zoom.

import { shortNumber } from "./outline.js";

const SAME_VIEW = 0.005; // share of a view's width by which two may differ and be the same

/** A view {x: [low, high], y: [low, high]} as text; null where it is the whole map. */
export function zoomText(view, home) {
  if (isWhole(view, home)) return null;
  return [view.x, view.y].flatMap(([low, high]) =>
    [low, high].map((value) => shortNumber(value, Math.abs(high - low)))).join(",");
}

/** The view that a text names, or null where it names none. */
export function zoomOf(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  const [x0, x1, y0, y1] = numbers;
  return x0 < x1 && y0 < y1 ? { x: [x0, x1], y: [y0, y1] } : null;
}

/** Axes of one scale make a view larger along one of them than was asked for, about its middle. */
function isWhole(view, home) {
  const slack = ["x", "y"].map((axis) => SAME_VIEW * (home[axis][1] - home[axis][0]));
  const off = ["x", "y"].map((axis, i) => [
    (home[axis][0] - view[axis][0]) / slack[i],
    (view[axis][1] - home[axis][1]) / slack[i],
  ]);
  const evenly = off.every(([low, high]) => low > -1 && Math.abs(low - high) < 1);
  return evenly && off.some(([low]) => Math.abs(low) < 1);
}
