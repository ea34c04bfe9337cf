// The axes of a latent plane: lines through the origin, ticks with their numbers, names.

import { typeScale } from "../parts/type_scale.js";
import { strokeHairline, textWidth, writeQuietly } from "./sketch.js";

/** @import { Context, Frame } from "./sketch.js" */

const TICK_PIXELS = 48; // at least so many between tick labels of usual size

/**
 * The step between ticks, 1, 2 or 5 times a power of ten, and the decimals it is written with.
 * @type {(scale: number, pixels?: number) => {step: number, decimals: number}}
 */
export function tickStep(scale, pixels = TICK_PIXELS) {
  const least = pixels / scale;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((times) => times * power >= least * 0.999) ?? 10);
  return { step, decimals: Math.max(0, -Math.floor(Math.log10(step * 1.001))) };
}

// Numbers of the ticks, `distance` pixels apart, that lie between two places.
/** @type {(from: number, to: number, distance: number) => number[]} */
function ticksBetween(from, to, distance) {
  const first = Math.ceil(from / distance);
  const count = Math.max(0, Math.floor(to / distance) - first + 1);
  return Array.from({ length: Math.min(count, 100) }, (_, i) => first + i);
}

/** Draw the lines a = 0 and b = 0. @type {(context: Context, frame: Frame) => void} */
export function sketchOrigin(context, frame) {
  const { width, height, theme, toScreen } = frame;
  const [x0, y0] = toScreen(0, 0);
  const lines = [
    [x0, 0, x0, height],
    [0, y0, width, y0],
  ];
  strokeHairline(context, frame, theme.text, 0.18, lines);
}

/**
 * Draw sparse ticks along the lower and the left edge, and the names of the axes.
 * @type {(context: Context, frame: Frame, names: string[]) => void}
 */
export function sketchTicks(context, frame, names) {
  const { width, height, scale, theme, toScreen } = frame;
  const [x0, y0] = toScreen(0, 0);
  const { step, decimals } = tickStep(scale, TICK_PIXELS * typeScale());
  /** @type {(value: number) => string} */
  const text = (value) => value.toFixed(decimals).replace("-", "−");
  const nameWidth = textWidth(context, theme, names[0]);
  context.textAlign = "center";
  for (const i of ticksBetween(44 - x0, width - 36 - nameWidth - x0, step * scale)) {
    const x = x0 + i * step * scale;
    strokeHairline(context, frame, theme.text, 0.5, [[x, height, x, height - 5]]);
    writeQuietly(context, theme, text(i * step), x, height - 13);
  }
  context.textAlign = "left";
  for (const i of ticksBetween(y0 - height + 36, y0 - 32, step * scale)) {
    const y = y0 - i * step * scale;
    strokeHairline(context, frame, theme.text, 0.5, [[0, y, 5, y]]);
    writeQuietly(context, theme, text(i * step), 9, y);
  }
  writeQuietly(context, theme, names[1], 9, 14, 0.9);
  context.textAlign = "right";
  writeQuietly(context, theme, names[0], width - 9, height - 13, 0.9);
}
