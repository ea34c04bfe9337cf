// The marks on the map of the paths: routes, dots, handles and their names.
//
// A frame is the one of sketch.js; places are CSS pixels.

import { typeScale } from "../parts/type_scale.js";

/** @import { Frame, PlaneTheme, Spot } from "../plane/sketch.js" */

/** @typedef {CanvasRenderingContext2D} Context */

const HANDLE_RADIUS = 11; // CSS pixels
const HANDLES_APART = 2 * HANDLE_RADIUS + 4; // CSS pixels between the middles of A and B

/**
 * Where the handles of two ends are drawn, [[x, y], [x, y]]: never one above the other.
 * @type {(a: Spot, b: Spot) => [Spot, Spot]}
 */
export function handlePlaces(a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const distance = Math.hypot(dx, dy);
  const push = Math.max(0, HANDLES_APART - distance) / 2;
  // two ends at one place stand side by side
  const [ux, uy] = distance > 0.5 ? [dx / distance, dy / distance] : [1, 0];
  return [
    [a[0] - push * ux, a[1] - push * uy],
    [b[0] + push * ux, b[1] + push * uy],
  ];
}

/** @type {(context: Context, frame: {theme: PlaneTheme}, places: Spot[], style: {colour: string, dash: number[]}) => void} */
export function drawRoute(context, { theme }, places, { colour, dash }) {
  context.save();
  context.beginPath();
  for (const place of places) context.lineTo(...place);
  Object.assign(context, { lineJoin: "round", strokeStyle: theme.background });
  Object.assign(context, { lineWidth: 6, globalAlpha: 0.7 });
  context.stroke();
  Object.assign(context, { strokeStyle: colour, lineWidth: 2.5, globalAlpha: 1 });
  context.setLineDash(dash);
  context.stroke();
  context.restore();
}

/** @type {(context: Context, frame: {theme: PlaneTheme}, place: Spot, colour: string) => void} */
export function drawDot(context, { theme }, [x, y], colour) {
  for (const [radius, fill] of /** @type {[number, string][]} */ ([[6.5, theme.background], [5, colour]])) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
  }
}

// From a handle that had to make room to the place that it stands for.
/** @type {(context: Context, frame: {theme: PlaneTheme}, place: Spot, handle: Spot) => void} */
export function drawLead(context, { theme }, place, handle) {
  if (Math.hypot(place[0] - handle[0], place[1] - handle[1]) < 1) return;
  context.save();
  context.beginPath();
  context.moveTo(...handle);
  context.lineTo(...place);
  Object.assign(context, { strokeStyle: theme.text, lineWidth: 1.5 });
  context.stroke();
  context.restore();
}

/**
 * Draw the handle of an end with its letter.
 * @type {(context: Context, frame: {theme: PlaneTheme}, place: Spot, letter: string, active: boolean) => void}
 */
export function drawHandle(context, { theme }, [x, y], letter, active) {
  context.save();
  context.beginPath();
  context.arc(x, y, HANDLE_RADIUS, 0, 2 * Math.PI);
  context.fillStyle = active ? theme.text : theme.background;
  context.fill();
  Object.assign(context, { strokeStyle: active ? theme.background : theme.text, lineWidth: 1.5 });
  context.stroke();
  Object.assign(context, { font: `600 ${12 * typeScale()}px sans-serif`, textAlign: "center", textBaseline: "middle" });
  context.fillStyle = active ? theme.background : theme.text;
  context.fillText(letter, x, y + 0.5);
  context.restore();
}

/** @type {(context: Context, frame: Frame, radius: number) => void} */
export function drawTypicalRing(context, frame, radius) {
  const { theme, scale, toScreen } = frame;
  const [x, y] = toScreen(0, 0);
  context.save();
  context.beginPath();
  context.arc(x, y, radius * scale, 0, 2 * Math.PI);
  Object.assign(context, { strokeStyle: theme.text, lineWidth: 1, globalAlpha: 0.55 });
  context.stroke();
  context.restore();
  const words = `typical |z| ${radius.toFixed(1)}`;
  writeName(context, frame, words, x, y + radius * scale - 9, 0, theme.text, 0.7);
}

/** @type {(context: Context, frame: Frame, text: string, x: number, y: number, side: number, colour: string, alpha?: number) => void} */
export function writeName(context, { theme, width, height }, text, x, y, side, colour, alpha = 1) {
  context.save();
  Object.assign(context, { font: `600 ${12 * typeScale()}px sans-serif`, textBaseline: "middle", lineJoin: "round" });
  context.textAlign = side > 0.5 ? "left" : side < -0.5 ? "right" : "center";
  const half = context.measureText(text).width;
  const low = { left: 4, right: half + 4, center: half / 2 + 4 }[context.textAlign];
  const high = width - { left: half + 4, right: 4, center: half / 2 + 4 }[context.textAlign];
  /** @type {Spot} */
  const place = [Math.min(high, Math.max(low, x)), Math.min(height - 10, Math.max(10, y))];
  Object.assign(context, { lineWidth: 4, strokeStyle: theme.background, globalAlpha: 0.9 * alpha });
  context.strokeText(text, ...place);
  Object.assign(context, { fillStyle: colour, globalAlpha: alpha });
  context.fillText(text, ...place);
  context.restore();
}

/**
 * Write the name of a path beside a place of it, on the side away from the `other` path; above, −1,
 * or below, 1, where both are one.
 * @type {(context: Context, frame: Frame, words: string, place: Spot, other: Spot, side: number, colour: string) => void}
 */
export function drawPathName(context, frame, words, [x, y], [ox, oy], side, colour) {
  const apart = Math.hypot(x - ox, y - oy);
  const [dx, dy] = apart > 1 ? [(x - ox) / apart, (y - oy) / apart] : [0, side];
  writeName(context, frame, words, x + 14 * dx, y + 14 * dy, dx, colour);
}
