// The decoded manifold behind the points: a grid of images over the visible plane, computed in
// slices between frames so that nothing waits for it.

import { contextOf } from "../parts/dom.js";
import { decode, drawPixels } from "../core/decoder.js";
import { moveOnPlane } from "../core/latent.js";

/** @import { Axes, Network, Numbers } from "../core/header.js" */

/**
 * What is seen of the plane: its lower left and upper right corner, and its size in CSS pixels.
 * @typedef {{low: number[], high: number[], width: number, height: number}} Area
 */

/** @typedef {(sheet: HTMLCanvasElement, bounds: number[], done: boolean) => void} Show */

const TILE_SIZE = 34; // CSS pixels
const SLICE_MS = 7; // of the 16.7 between two frames

/**
 * Compute the manifold over `area` = {low: [a, b], high: [a, b], width, height in CSS pixels} and
 * hand it to `show(canvas, [a0, a1, b0, b1])` as it grows. Returns a function that stops it.
 * @type {(net: Network, z: Numbers, plane: Axes, area: Area, show: Show) => () => void}
 */
export function paintManifold(net, z, plane, area, show) {
  const [, height, width] = net.shape;
  const tile = document.createElement("canvas");
  const context = contextOf(tile);
  const columns = Math.max(2, Math.round(area.width / TILE_SIZE));
  const side = (area.high[0] - area.low[0]) / columns;
  const rows = Math.max(2, Math.ceil((area.high[1] - area.low[1]) / side));
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [columns * width, rows * height];
  const paper = contextOf(sheet);
  const bounds = [area.low[0], area.high[0], area.high[1] - rows * side, area.high[1]];
  let [next, frame] = [0, 0];
  /** @type {(k: number) => void} */
  const paint = (k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    const [a, b] = [area.low[0] + (column + 0.5) * side, area.high[1] - (row + 0.5) * side];
    drawPixels(context, decode(net, moveOnPlane(z, plane, a, b)), net.shape);
    paper.drawImage(tile, column * width, row * height);
  };
  const slice = () => {
    const end = performance.now() + SLICE_MS;
    while (next < rows * columns && performance.now() < end) paint(next++);
    const done = next === rows * columns;
    show(sheet, bounds, done);
    frame = done ? 0 : requestAnimationFrame(slice);
  };
  frame = requestAnimationFrame(slice);
  return () => cancelAnimationFrame(frame);
}
