// What a chart shows in the page's address: its choices, which Python names, and the zoom.

import { shortNumber } from "./outline.js";

/** @import { View } from "./plotly.js" */

const SAME_VIEW = 0.005; // share of a view's width by which two may differ and be the same

/**
 * A view {x: [low, high], y: [low, high]} as text; null where it is the whole map.
 * @type {(view: View, home: View) => string | null}
 */
export function zoomText(view, home) {
  if (isWhole(view, home)) return null;
  return [view.x, view.y].flatMap(([low, high]) =>
    [low, high].map((value) => shortNumber(value, Math.abs(high - low)))).join(",");
}

/**
 * The view that a text names, or null where it names none.
 * @type {(text: string | null) => View | null}
 */
export function zoomOf(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  const [x0, x1, y0, y1] = numbers;
  return x0 < x1 && y0 < y1 ? { x: [x0, x1], y: [y0, y1] } : null;
}

/**
 * Axes of one scale make a view larger along one of them than was asked for, about its middle.
 * @type {(view: View, home: View) => boolean}
 */
function isWhole(view, home) {
  const off = [[view.x, home.x], [view.y, home.y]].map(([seen, whole]) => {
    const slack = SAME_VIEW * (whole[1] - whole[0]);
    return [(whole[0] - seen[0]) / slack, (seen[1] - whole[1]) / slack];
  });
  const evenly = off.every(([low, high]) => low > -1 && Math.abs(low - high) < 1);
  return evenly && off.some(([low]) => Math.abs(low) < 1);
}
