// The squared error against the width, of a network and of principal components; below it the code
// itself, number for number at the same places.

import { contextOf } from "../../parts/dom.js";
import { drawChart, placeOf } from "../parts/chart.js";

/** @import { Theme } from "../../parts/theme.js" */
/** @import { Line } from "../parts/chart.js" */

/** @typedef {{network: string, pca: string, axis: string, matched: string}} Names */
/** @typedef {{network: number[], pca: number[], width: number, match: number, strong: boolean, names: Names}} Curves */

/** Widths from left to right. @type {(most: number) => import("../parts/scales.js").Axis} */
export const AXIS = (most) => ({ low: 1, high: most, name: "" });

/** @type {(canvas: HTMLCanvasElement, theme: Theme, curves: Curves) => void} */
export function drawCurves(canvas, theme, { network, pca, width, match, strong, names }) {
  const most = network.length;
  const top = Math.max(...network, ...pca);
  const [mine, theirs] = [network[width - 1], pca[width - 1]];
  /** @type {Line[]} */
  const lines = [
    { points: [[width, 0], [width, theirs]], colour: theme.text, width: 1 },
    { points: [[width, mine], [Math.min(match, most), mine]], colour: theme.accent, width: 1.5, dash: [4, 4] },
    { points: pca.map((error, k) => [k + 1, error]), colour: theme.text, width: strong ? 3 : 2, name: names.pca },
    { points: network.map((error, k) => [k + 1, error]), colour: theme.accent, width: strong ? 4 : 3, name: names.network, at: "foot" },
  ];
  drawChart(canvas, {
    x: AXIS(most), y: { low: 0, high: 1.02 * top, name: names.axis }, lines,
    marks: [
      { x: width, y: mine, colour: theme.accent },
      { x: width, y: theirs, colour: theme.text },
      ...(match > most ? [] : [{ x: match, y: pca[match - 1], colour: theme.text, name: names.matched }]),
    ],
  }, theme);
}

/** A code as bars, of which the first so many pass. @type {(canvas: HTMLCanvasElement, theme: Theme, code: number[], width: number, strong: boolean) => void} */
export function drawCode(canvas, theme, code, width, strong) {
  const { clientWidth: across, clientHeight: high } = canvas;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(across * ratio), Math.round(high * ratio)];
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const axis = AXIS(code.length);
  const wide = Math.max(2, 0.6 * (placeOf(canvas, axis, 2) - placeOf(canvas, axis, 1)));
  const scale = (high / 2 - 1) / Math.max(...code.map(Math.abs));
  code.forEach((value, k) => {
    const passes = k < width;
    context.fillStyle = passes ? theme.accent : theme.text;
    context.globalAlpha = passes ? 1 : 0.25;
    const tall = Math.max(2, Math.abs(value) * scale);
    context.fillRect(placeOf(canvas, axis, k + 1) - wide / 2, value > 0 ? high / 2 - tall : high / 2, wide, tall);
  });
  context.globalAlpha = strong ? 1 : 0.5;
  context.fillStyle = theme.text;
  context.fillRect(placeOf(canvas, axis, 1) - wide / 2, high / 2 - 0.5, placeOf(canvas, axis, code.length) - placeOf(canvas, axis, 1) + wide, strong ? 2 : 1);
  context.globalAlpha = 1;
}
