// The two strips under the curves: β while the KL warms up, and the KL of every dimension.

import { openTrainCanvas, strokeTrain, traceTrain, trainNumber, writeTrain } from "./chart.js";
import { trainThinned } from "./ranges.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Row } from "./reports.js" */

const SIDE = { left: 50, right: 10 };
const MANY = 24; // dimensions from which single ones are no longer named

/**
 * Draw β over the steps, on the same axis as the curves above.
 * @type {(canvas: HTMLCanvasElement, theme: Theme, rows: Row[], end: number, beta: number | null | undefined) => void}
 */
export function drawTrainBeta(canvas, theme, rows, end, beta) {
  const opened = openTrainCanvas(canvas);
  if (!opened) return;
  const { context, width, height } = opened;
  const [top, bottom, right] = [8, height - 6, width - SIDE.right];
  const most = Math.max(beta ?? 0, ...rows.map((row) => row[2] ?? 0)) || 1;
  /** @type {(step: number) => number} */
  const across = (step) => SIDE.left + ((right - SIDE.left) * step) / end;
  const places = trainThinned(rows, 2 * Math.ceil(right)).map((row) => {
    return [across(row[0]), row[2] === null ? NaN : bottom - ((bottom - top) * row[2]) / most];
  });
  strokeTrain(context, theme.text, 1, 0.3, [[SIDE.left, bottom, right, bottom]]);
  traceTrain(context, theme.accent, 1.75, 1, places);
  writeTrain(context, theme, trainNumber(most), SIDE.left - 6, top + 2, { align: "right", strength: 0.6 });
  writeTrain(context, theme, "0", SIDE.left - 6, bottom - 2, { align: "right", strength: 0.6 });
  const last = rows[rows.length - 1];
  const words = last ? `β ${trainNumber(last[2] ?? 0, 2)}` : "β";
  const far = last && across(last[0]) > right - 70;
  const x = last ? across(last[0]) + (far ? -8 : 8) : SIDE.left + 8;
  const y = last ? Math.max(top + 5, Math.min(bottom - 8, places[places.length - 1][1] + (far ? 12 : 0))) : top + 8;
  writeTrain(context, theme, words, x, y, { align: far ? "right" : "left", strength: 0.85 });
}

/**
 * The top of the bars' axis: it grows at once, and falls only when the bars would look small.
 * @type {(now: number, values: number[]) => number}
 */
export function calmTrainTop(now, values) {
  const most = Math.max(0.1, ...values);
  if (now && most <= now && most > 0.4 * now) return now;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 1.5, 2, 3, 5, 7, 10].map((times) => times * power).find((top) => top >= most * 1.02) ?? 20 * power;
}

/**
 * Draw the mean KL of every dimension, in the model's order, in nats.
 * @type {(canvas: HTMLCanvasElement, theme: Theme, values: number[], top: number) => void}
 */
export function drawTrainBars(canvas, theme, values, top) {
  const opened = openTrainCanvas(canvas);
  if (!opened) return;
  const { context, width, height } = opened;
  const right = width - SIDE.right;
  const named = values.length <= MANY;
  const bottom = height - 16;
  const slot = (right - SIDE.left) / Math.max(1, values.length);
  const bar = Math.min(34, Math.max(1, slot * 0.7));
  strokeTrain(context, theme.text, 1, 0.3, [[SIDE.left, bottom, right, bottom]]);
  writeTrain(context, theme, trainNumber(top), SIDE.left - 6, 14, { align: "right", strength: 0.6 });
  writeTrain(context, theme, "0", SIDE.left - 6, bottom, { align: "right", strength: 0.6 });
  values.forEach((value, k) => {
    const middle = SIDE.left + (k + 0.5) * slot;
    const tall = ((bottom - 14) * Math.min(value, top)) / top;
    context.fillStyle = theme.accent;
    context.globalAlpha = value > 0.01 ? 0.85 : 0.35;
    context.fillRect(middle - bar / 2, bottom - Math.max(1, tall), bar, Math.max(1, tall));
    context.globalAlpha = 1;
    const every = named ? 1 : Math.ceil(values.length / 8);
    const words = slot < 26 && named ? String(k + 1) : `z${k + 1}`;
    if (k % every === 0 && (slot >= 14 || !named || k % 2 === 0)) {
      writeTrain(context, theme, words, middle, bottom + 9, { align: "center", strength: 0.6 });
    }
    if (slot >= 34) {
      writeTrain(context, theme, trainNumber(value, 2), middle, bottom - tall - 8, { align: "center", strength: 0.85 });
    }
  });
}
