// Weighted draws on a plane: where they lie, faintly, and which of them count, as discs whose areas are
// their shares.

/** @import { Numbers } from "../../core/header.js" */
/** @import { Context, Frame, Spot } from "../../plane/sketch.js" */

const LARGEST = 13; // CSS pixels, of the heaviest
const LEAST = 0.002; // of the heaviest weight that is worth a disc

/** @type {(context: Context, frame: Frame, spots: Spot[], weights: Numbers, count: number) => void} */
export function sketchDots(context, { theme, toScreen }, spots, weights, count) {
  context.save();
  context.fillStyle = theme.text;
  context.globalAlpha = 0.4;
  for (let i = 0; i < count; i++) {
    const [x, y] = toScreen(...spots[i]);
    context.fillRect(x - 0.8, y - 0.8, 1.6, 1.6);
  }
  context.globalAlpha = 0.8;
  context.fillStyle = context.strokeStyle = theme.accent;
  for (let i = 0; i < count; i++) {
    if (!(weights[i] > LEAST)) continue;
    context.beginPath();
    context.arc(...toScreen(...spots[i]), 1.2 + LARGEST * Math.sqrt(weights[i]), 0, 2 * Math.PI);
    context.globalAlpha = 0.3;
    context.fill();
    context.globalAlpha = 0.9;
    context.stroke();
  }
  context.restore();
}
