// Canvases: as fine as the screen, and pictures of numbers.

import { contextOf, element } from "../parts/dom.js";

/** @import { Numbers } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */

/** @typedef {{context: CanvasRenderingContext2D, width: number, height: number}} Paper */

/**
 * An empty canvas as large as it is shown, in the page's pixels; null while it is not shown.
 * @type {(canvas: HTMLCanvasElement) => Paper | null}
 */
export function paperOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `${getComputedStyle(canvas).getPropertyValue("--learn-small") || "11px"} ` +
    `${getComputedStyle(canvas).getPropertyValue("--pad-mono") || "monospace"}`;
  return { context, width, height };
}

/** Red, green and blue of a CSS colour. @type {(colour: string) => number[]} */
export function channelsOf(colour) {
  const context = contextOf(element("canvas", { width: 1, height: 1 }));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return Array.from(context.getImageData(0, 0, 1, 1).data.subarray(0, 3));
}

/** Colours of numbers below, at and above zero. @typedef {{below: number[], none: number[], above: number[]}} Signed */

/** @type {(theme: Theme) => Signed} */
export function signedColours({ accent, background, dark }) {
  return { below: channelsOf(dark ? "#6aa9e9" : "#2b6cb0"), none: channelsOf(background), above: channelsOf(accent) };
}

/**
 * Numbers as pixels, rows of `columns`, in colours that are full at ±`most`.
 * @type {(canvas: HTMLCanvasElement, values: Numbers, columns: number, most: number, signed: Signed) => void}
 */
export function paintSigned(canvas, values, columns, most, { below, none, above }) {
  const rows = values.length / columns;
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = contextOf(canvas);
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < values.length; i++) {
    const share = most > 0 ? Math.min(1, Math.abs(values[i]) / most) : 0;
    const ink = values[i] < 0 ? below : above;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = none[c] + share * (ink[c] - none[c]);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
