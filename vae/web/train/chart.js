// What the small charts of a run share: a canvas as large as its place, ranges, ticks, words.

import { contextOf } from "../parts/dom.js";
import { typeScale } from "../parts/type_scale.js";

/** @import { PlaneTheme } from "../plane/sketch.js" */

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{align?: CanvasTextAlign, colour?: string, strength?: number}} Look */

const TRAIN_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";

/**
 * Prepare a canvas for drawing in CSS pixels: {context, width, height}, or null where unseen.
 * @type {(canvas: HTMLCanvasElement) => {context: Context, width: number, height: number} | null}
 */
export function openTrainCanvas(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    [canvas.width, canvas.height] = [columns, rows];
  }
  const context = contextOf(canvas);
  context.setTransform(columns / width, 0, 0, rows / height, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `${12 * typeScale()}px ${TRAIN_FONT}`;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  return { context, width, height };
}

/**
 * Round numbers within [low, high], at most `most` of them: 1, 2 or 5 times a power of ten apart.
 * @type {(low: number, high: number, most: number) => number[]}
 */
export function trainTicks(low, high, most) {
  const least = (high - low) / Math.max(1, most);
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((times) => times * power >= least * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: Math.min(count, 50) }, (_, i) => (first + i) * step);
}

/**
 * A number on an axis or beside a line: thousands apart, a true minus sign.
 * @type {(value: number, digits?: number | null) => string}
 */
export function trainNumber(value, digits = null) {
  const size = Math.abs(value);
  const decimals = digits ?? (size >= 100 || Number.isInteger(value) ? 0 : size >= 1 ? 1 : 2);
  return value
    .toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace("-", "−");
}

/**
 * Write words with a rim of the background, so that they are read over lines too.
 * @type {(context: Context, theme: PlaneTheme, text: string, x: number, y: number, look?: Look) => void}
 */
export function writeTrain(context, theme, text, x, y, { align = "left", colour = theme.text, strength = 0.75 } = {}) {
  context.save();
  context.textAlign = align;
  context.lineWidth = 3;
  context.strokeStyle = theme.background;
  context.globalAlpha = 0.9;
  context.strokeText(text, x, y);
  context.globalAlpha = strength;
  context.fillStyle = colour;
  context.fillText(text, x, y);
  context.restore();
}

/** @type {(context: Context, colour: string, width: number, strength: number, lines: number[][]) => void} */
export function strokeTrain(context, colour, width, strength, lines) {
  stroked(context, colour, width, strength, () => {
    for (const [x0, y0, x1, y1] of lines) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
  });
}

/**
 * Strike a line through points of an array, lifting the pen where a value is missing.
 * @type {(context: Context, colour: string, width: number, strength: number, places: number[][]) => void}
 */
export function traceTrain(context, colour, width, strength, places) {
  stroked(context, colour, width, strength, () => {
    let down = false;
    for (const [x, y] of places) {
      if (!Number.isFinite(y)) down = false;
      else if (down) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        // a lone report is a dot, not nothing
        context.lineTo(x + 0.01, y);
        down = true;
      }
    }
    context.lineCap = "round";
  });
}

/**
 * Stroke what `draw()` adds to the path.
 * @type {(context: Context, colour: string, width: number, strength: number, draw: () => void) => void}
 */
function stroked(context, colour, width, strength, draw) {
  context.save();
  context.globalAlpha = strength;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  draw();
  context.stroke();
  context.restore();
}
