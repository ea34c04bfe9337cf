// A figure as Python describes it, made ready for Plotly: the page's colours, type and first view.

import { themedColour } from "../parts/colours.js";
import { typeScale } from "../parts/type_scale.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Figure, Layout, View } from "./plotly.js" */

/** A figure, and the view that it asks for. @typedef {Figure & {home: View}} HomeFigure */

/**
 * Give a figure the page's colours where it names a role: TEXT, BACK, … of ui/figures/colours.py.
 * @type {(figure: Figure, theme: Theme & {family: string}) => HomeFigure}
 */
export function themedFigure(figure, theme) {
  const { text, background, border, accent } = theme;
  const roles = new Map([
    ["#010203", text], ["#010204", background], ["#010205", border], ["#010206", accent],
  ]);
  /** @type {(value: unknown) => unknown} */
  const replaced = (value) => {
    if (typeof value === "string") return roles.get(value) ?? themedColour(value, theme);
    if (Array.isArray(value)) return value.map(replaced);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one)]));
  };
  const themed = /** @type {Figure} */ (replaced(figure));
  const scale = typeScale();
  const size = (themed.layout.font?.size ?? 12) * scale;
  themed.layout.font = { ...themed.layout.font, family: theme.family, size };
  const margins = Object.entries(themed.layout.margin ?? {});
  themed.layout.margin = Object.fromEntries(margins.map(([side, wide]) => [side, wide * scale]));
  /** @type {(axis: "xaxis" | "yaxis") => number[]} */
  const range = (axis) => [...(themed.layout[axis]?.range ?? [0, 1])];
  return { ...themed, home: { x: range("xaxis"), y: range("yaxis") } };
}

/**
 * A view {x, y}, each [low, high], as Plotly takes a change of it.
 * @type {(view: View) => Record<string, number[]>}
 */
export function rangesOf({ x, y }) {
  return { "xaxis.range": [...x], "yaxis.range": [...y] };
}

/**
 * The axes of a figure's layout with another view.
 * @type {(figure: Figure, view: View) => Layout}
 */
export function axesSeen({ layout: { xaxis, yaxis } }, { x, y }) {
  return { xaxis: { ...xaxis, range: [...x] }, yaxis: { ...yaxis, range: [...y] } };
}
