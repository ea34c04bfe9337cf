// How far the small map is seen: a view that holds places of the plane.

/** @import { Spot } from "../plane/sketch.js" */
/** @import { View } from "../plane/view.js" */

/** The sides of a canvas on the page. @typedef {{clientWidth: number, clientHeight: number}} Sides */

const PATH_MARGIN = 44; // CSS pixels around a path that fills the map
const SHORTEST_SPAN = 0.05; // units of z across the map, when it is zoomed to a very short path
const AROUND = 1.12; // of the view against the farthest place

/** Places as large as they fit. @type {(places: Spot[], sides: Sides) => View} */
export function viewOf(places, { clientWidth, clientHeight }) {
  const [as, bs] = [places.map(([a]) => a), places.map(([, b]) => b)];
  const [left, right] = [Math.min(...as), Math.max(...as)];
  const [low, high] = [Math.min(...bs), Math.max(...bs)];
  // beside the path there is room for the handles and the names of the paths
  /** @type {(side: number) => number} */
  const room = (side) => Math.max(1, side - 2 * PATH_MARGIN);
  const pixel = Math.max((right - left) / room(clientWidth), (high - low) / room(clientHeight));
  const span = Math.max(SHORTEST_SPAN, pixel * Math.min(clientWidth, clientHeight));
  return { cx: (left + right) / 2, cy: (low + high) / 2, span };
}

/** A view with the same middle that holds all places. @type {(places: Spot[], view: View, sides: Sides) => View} */
export function widenedTo(places, view, { clientWidth, clientHeight }) {
  const smaller = Math.min(clientWidth, clientHeight) || 1;
  const spare = [clientWidth / smaller || 1, clientHeight / smaller || 1];
  const reach = places.map(([a, b]) =>
    Math.max(Math.abs(a - view.cx) / spare[0], Math.abs(b - view.cy) / spare[1]));
  return { ...view, span: Math.max(view.span, 2 * AROUND * Math.max(0, ...reach)) };
}
