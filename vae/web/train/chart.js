// What the small charts of a run share: a canvas as large as its place, ranges, ticks, words.

import { typeScale } from "../parts/type_scale.js";

const TRAIN_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";

/** Prepare a canvas for drawing in CSS pixels: {context, width, height}, or null where unseen. */
export function openTrainCanvas(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    [canvas.width, canvas.height] = [columns, rows];
  }
  const context = canvas.getContext("2d");
  context.setTransform(columns / width, 0, 0, rows / height, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `${12 * typeScale()}px ${TRAIN_FONT}`;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  return { context, width, height };
}

/** Round numbers within [low, high], at most `most` of them: 1, 2 or 5 times a power of ten apart. */
export function trainTicks(low, high, most) {
  const least = (high - low) / Math.max(1, most);
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((times) => times * power >= least * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: Math.min(count, 50) }, (_, i) => (first + i) * step);
}

/** A number on an axis or beside a line: thousands apart, a true minus sign. */
export function trainNumber(value, digits = null) {
  const size = Math.abs(value);
  const decimals = digits ?? (size >= 100 || Number.isInteger(value) ? 0 : size >= 1 ? 1 : 2);
  return value
    .toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace("-", "−");
}

/** Write words with a rim of the background, so that they are read over lines too. */
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

export function strokeTrain(context, colour, width, strength, lines) {
  stroked(context, colour, width, strength, () => {
    for (const [x0, y0, x1, y1] of lines) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
  });
}

/** Strike a line through points of an array, lifting the pen where a value is missing. */
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

/** Stroke what `draw()` adds to the path. */
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
