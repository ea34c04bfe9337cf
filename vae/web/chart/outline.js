// What the hand drew around points: closed outlines in the map's own coordinates, short enough for
// an address. The points inside follow from the text alone, here as in `ui/map/outline.py`.

import { insideOf } from "../core/inside.js";
import { chartArea } from "./points.js";

/** @import { ChartCloud } from "./points.js" */
/** @import { Plot, Selection } from "./plotly.js" */

/**
 * How the view is scaled: the ways from numbers to pixels, and its size in pixels.
 * @typedef {Pick<import("./points.js").Area, "toX" | "toY" | "width" | "height">} Scaled
 */

const OUTLINE_CORNERS = 48; // most corners of one outline
const ALL_CORNERS = 220; // most corners together, so that `LONGEST` of ui/map/outline.py is enough
const OUTLINE_PIXELS = 1; // how far a corner may lie from the drawn line before it counts
const OUTLINE_STEPS = 10_000; // steps into which the width of the view is cut

/**
 * The outline under the hand as a closed path of Plotly's; null while none is being drawn.
 * @type {(plot: Plot) => Selection | null}
 */
export function drawnOutline(plot) {
  const path = plot.querySelector(".select-outline")?.getAttribute("d") ?? "";
  // one outline alone: several were joined with others
  if (!/^M[^MZ]*L[^MZ]*Z$/.test(path)) return null;
  const { toX, toY } = chartArea(plot);
  const corners = cornersOfPath(path).map(([x, y]) =>
    [(x - toX.shift) / toX.scale, (y - toY.shift) / toY.scale]);
  return { type: "path", path: `M${corners.map((corner) => corner.join(",")).join("L")}Z` };
}

/**
 * Plotly's outlines, boxes and closed paths, as text: "x,y,x,y,…", one after another with "_".
 * @type {(selections: Selection[], area: Scaled) => string}
 */
export function outlinesText(selections, area) {
  const most = Math.min(OUTLINE_CORNERS, Math.max(4, Math.floor(ALL_CORNERS / selections.length)));
  return selections.map((one) => outlineText(shortened(cornersOf(one), area, most), area)).join("_");
}

/** The corners [[x, y], …] of every outline in a text. @type {(text: string) => number[][][]} */
export function outlinesOf(text) {
  return text.split("_").filter(Boolean).map((part) => {
    const numbers = part.split(",").map(Number);
    return Array.from({ length: numbers.length >> 1 }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
  });
}

/**
 * Outlines as Plotly draws a selection, in a colour.
 * @type {(text: string, color: string) => Selection[]}
 */
export function outlineShapes(text, color) {
  return outlinesOf(text).map((corners) => ({
    type: "path",
    path: `M${corners.map((corner) => corner.join(",")).join("L")}Z`,
    xref: "x",
    yref: "y",
    line: { color, width: 1.5, dash: "solid" },
  }));
}

/**
 * One byte a point in its data's order: whether it lies in any of the outlines of a text.
 * @type {(text: string, cloud: Pick<ChartCloud, "count" | "order" | "projected">) => Uint8Array}
 */
export function insideOutlines(text, { count, order, projected }) {
  const mask = new Uint8Array(count);
  for (const corners of outlinesOf(text)) {
    const inside = insideOf(corners);
    for (let slot = 0; slot < count; slot++) {
      if (inside(projected.a[slot], projected.b[slot])) mask[order[slot]] = 1;
    }
  }
  return mask;
}

/**
 * A number as an address has it, where a view is `span` wide.
 * @type {(value: number, span: number) => string}
 */
export function shortNumber(value, span) {
  const digits = Math.ceil(Math.log10(OUTLINE_STEPS / span));
  return String(Number(value.toFixed(Math.min(12, Math.max(0, digits)))));
}

/** @type {(selection: Selection) => number[][]} */
function cornersOf({ type, path = "", x0 = 0, x1 = 0, y0 = 0, y1 = 0 }) {
  if (type === "rect") return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
  return cornersOfPath(path);
}

/** @type {(path: string) => number[][]} */
function cornersOfPath(path) {
  return path.replace(/[MZ]/g, "").split("L").map((corner) => corner.split(",").map(Number));
}

/** @type {(corners: number[][], area: Scaled) => string} */
function outlineText(corners, { toX, toY, width, height }) {
  const spans = [width / Math.abs(toX.scale), height / Math.abs(toY.scale)];
  return corners.map((corner) => corner.map((value, i) => shortNumber(value, spans[i])).join(",")).join(",");
}

/**
 * Leave out corners that hardly bend the line, more of them until few enough are left.
 * @type {(corners: number[][], area: Scaled, most: number) => number[][]}
 */
function shortened(corners, { toX, toY }, most) {
  const pixels = corners.map(([x, y]) => [x * toX.scale, y * toY.scale]);
  let kept = corners.map((_, i) => i);
  for (let reach = OUTLINE_PIXELS; kept.length > 4; reach *= 1.5) {
    kept = bends(pixels, 0, pixels.length - 1, reach);
    if (kept.length <= most) break;
  }
  return kept.map((i) => corners[i]);
}

/**
 * Corners that a line within `reach` of all has to pass (Ramer 1972, Douglas and Peucker 1973).
 * @type {(pixels: number[][], first: number, last: number, reach: number) => number[]}
 */
function bends(pixels, first, last, reach) {
  let [most, farthest] = [0, -1];
  for (let i = first + 1; i < last; i++) {
    const away = fromLine(pixels[i], pixels[first], pixels[last]);
    if (away > most) [most, farthest] = [away, i];
  }
  if (most <= reach) return first === last ? [first] : [first, last];
  return [...bends(pixels, first, farthest, reach).slice(0, -1), ...bends(pixels, farthest, last, reach)];
}

/**
 * Distance of a point to the stretch between two others.
 * @type {(place: number[], from: number[], to: number[]) => number}
 */
function fromLine([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
