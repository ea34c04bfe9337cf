// A small chart that follows the hand: lines, levels and marks, drawn anew at each move.

import { typeScale } from "../../parts/type_scale.js";
import { contextOf } from "../../parts/dom.js";
import { shareOf, ticksOf, tickWords, valueAt } from "./scales.js";

/** @import { Theme } from "../../parts/theme.js" */
/** @import { Axis } from "./scales.js" */

/** A line, with its name above its right end, or at the foot of its left one. @typedef {{points: [number, number][], colour: string, width?: number, dash?: number[], name?: string, at?: "end" | "foot"}} Line */
/** A level across the chart with its name, at its left or right end. @typedef {{y: number, name: string, colour: string, dash?: number[], at?: "left" | "right"}} Level */
/** @typedef {{x: number, y: number, colour: string, name?: string}} Mark */
/** @typedef {{x: Axis, y: Axis, lines?: Line[], levels?: Level[], marks?: Mark[]}} Chart */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */

const [ROOM_LEFT, ROOM_RIGHT, ROOM_TOP, ROOM_BELOW, ROOM_NAME] = [54, 14, 24, 20, 18];

/** @type {(canvas: HTMLCanvasElement, chart: Chart, theme: Theme) => void} */
export function drawChart(canvas, chart, theme) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const large = typeScale();
  const style = getComputedStyle(canvas);
  context.font = `${12 * large}px ${style.getPropertyValue("--pad-mono").trim() || "monospace"}`;
  const box = {
    left: ROOM_LEFT * large, right: width - ROOM_RIGHT, top: ROOM_TOP * large, bottom: height - (ROOM_BELOW + (chart.x.name ? ROOM_NAME : 0)) * large,
  };
  sketchAxes(context, box, chart, theme);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top - 4, box.right - box.left, box.bottom - box.top + 8);
  context.clip();
  for (const line of chart.lines ?? []) sketchLine(context, box, chart, line);
  context.restore();
  for (const line of chart.lines ?? []) if (line.name) nameLine(context, box, chart, line, theme);
  for (const level of chart.levels ?? []) sketchLevel(context, box, chart, level, theme);
  for (const mark of chart.marks ?? []) sketchMark(context, box, chart, mark, theme);
}

/** The value of x under a place on the canvas. @type {(canvas: HTMLCanvasElement, axis: Axis, x: number) => number} */
export function valueUnder(canvas, axis, x) {
  const left = ROOM_LEFT * typeScale();
  const share = (x - left) / (canvas.clientWidth - ROOM_RIGHT - left);
  return valueAt(axis, Math.min(1, Math.max(0, share)));
}

/** Where a value of x stands on the canvas. @type {(canvas: HTMLCanvasElement, axis: Axis, value: number) => number} */
export function placeOf(canvas, axis, value) {
  const left = ROOM_LEFT * typeScale();
  return left + shareOf(axis, value) * (canvas.clientWidth - ROOM_RIGHT - left);
}

/** @type {(box: Box, chart: Chart, x: number, y: number) => [number, number]} */
function spot(box, chart, x, y) {
  return [
    box.left + shareOf(chart.x, x) * (box.right - box.left),
    box.bottom - shareOf(chart.y, y) * (box.bottom - box.top),
  ];
}

/** @type {(context: CanvasRenderingContext2D, box: Box, chart: Chart, theme: Theme) => void} */
function sketchAxes(context, box, chart, theme) {
  context.strokeStyle = theme.border;
  context.fillStyle = theme.text;
  context.lineWidth = 1;
  context.globalAlpha = 0.8;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of ticksOf(chart.y, Math.max(2, Math.floor((box.bottom - box.top) / 42)))) {
    const [, y] = spot(box, chart, chart.x.low, value);
    rule(context, [box.left, y], [box.right, y]);
    context.fillText(tickWords(value), box.left - 7, y);
  }
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const value of ticksOf(chart.x, Math.max(2, Math.floor((box.right - box.left) / 70)))) {
    const [x] = spot(box, chart, value, chart.y.low);
    rule(context, [x, box.bottom], [x, box.bottom + 4]);
    context.fillText(tickWords(value), x, box.bottom + 6);
  }
  rule(context, [box.left, box.bottom], [box.right, box.bottom]);
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(chart.x.name, box.right, context.canvas.clientHeight - 1);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(chart.y.name, 2, 2);
  context.globalAlpha = 1;
}

/** @type {(context: CanvasRenderingContext2D, from: [number, number], to: [number, number]) => void} */
function rule(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** @type {(context: CanvasRenderingContext2D, box: Box, chart: Chart, line: Line) => void} */
function sketchLine(context, box, chart, { points, colour, width = 2, dash = [] }) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(...spot(box, chart, x, y));
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

/** @type {(context: CanvasRenderingContext2D, box: Box, chart: Chart, line: Line, theme: Theme) => void} */
function nameLine(context, box, chart, { points, name = "", at = "end" }, theme) {
  const [x, y] = at === "end" ? spot(box, chart, ...points[points.length - 1]) : [box.left + 6, box.bottom];
  context.textAlign = at === "end" ? "right" : "left";
  context.textBaseline = "bottom";
  written(context, theme, name, x, y - 5);
}

/** @type {(context: CanvasRenderingContext2D, box: Box, chart: Chart, level: Level, theme: Theme) => void} */
function sketchLevel(context, box, chart, { y: value, name, colour, dash = [5, 4], at = "right" }, theme) {
  const [, y] = spot(box, chart, chart.x.low, value);
  if (y < box.top - 6 || y > box.bottom + 6) return;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash(dash);
  rule(context, [box.left, y], [box.right, y]);
  context.setLineDash([]);
  context.textAlign = at;
  context.textBaseline = "bottom";
  written(context, theme, name, at === "right" ? box.right - 4 : box.left + 6, y - 3);
}

/** @type {(context: CanvasRenderingContext2D, box: Box, chart: Chart, mark: Mark, theme: Theme) => void} */
function sketchMark(context, box, chart, { x: across, y: up, colour, name }, theme) {
  const [x, y] = spot(box, chart, across, up);
  context.beginPath();
  context.arc(x, y, 6, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = theme.background;
  context.lineWidth = 2;
  context.stroke();
  if (!name) return;
  const left = x > box.left + 0.8 * (box.right - box.left);
  context.textAlign = left ? "right" : "left";
  context.textBaseline = "bottom";
  written(context, theme, name, x + (left ? -10 : 10), y - 8);
}

/** Words with a halo, so that lines behind them do not cross them out. @type {(context: CanvasRenderingContext2D, theme: Theme, text: string, x: number, y: number) => void} */
function written(context, theme, text, x, y) {
  context.strokeStyle = theme.background;
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeText(text, x, y);
  context.fillStyle = theme.text;
  context.fillText(text, x, y);
}
