// p(z|x) on the plane: a picture of its density and the lines that hold 39 and 86 % of it, as an
// ellipse of 1σ and of 2σ holds of a normal.

import { contour, levelsHolding } from "../core/contours.js";
import { strokeWithHalo } from "../plane/sketch.js";
import { contextOf, element } from "../parts/dom.js";

/** @import { Evidence } from "./evidence.js" */
/** @import { Lattice } from "./lattice.js" */
/** @import { Context, Frame, Spot } from "../plane/sketch.js" */

/** @typedef {{i0: number, j0: number, width: number, height: number, log: Float64Array}} Grid */

/**
 * A picture of the density in units of a lattice, its upper left corner and how large a pixel is;
 * and the lines of each share.
 * @typedef {object} Field
 * @property {HTMLCanvasElement} picture
 * @property {[number, number, number]} corner s, t and the side of a pixel, in units
 * @property {{share: number, lines: number[][]}[]} levels segments on the plane
 * @property {number[]} extent of the outer lines on the plane: a0, a1, b0, b1
 */

const SHARES = [0.3935, 0.8647];
const FINE = 4; // pixels per step of the lattice
const EMPTY = 40; // nats below the highest place
const STRONGEST = 215; // of 255, where the density is highest

/**
 * Draw the density that `evidence` found, in a CSS colour.
 * @type {(lattice: Lattice, evidence: Evidence, ink: string) => Field}
 */
export function fieldOf(lattice, evidence, ink) {
  const step = 2 ** -evidence.level;
  const grid = finer(gridOf(evidence));
  const density = grid.log.map((value) => Math.exp(value - evidence.highest));
  const side = step / FINE;
  const x = Float64Array.from({ length: grid.width }, (_, k) => grid.i0 * step + k * side);
  const y = Float64Array.from({ length: grid.height }, (_, k) => grid.j0 * step + k * side);
  const heights = levelsHolding(density, SHARES);
  const levels = heights.map((height, k) => ({
    share: SHARES[k],
    lines: contour({ x, y, density }, height).map(([s0, t0, s1, t1]) =>
      [...spotOf(lattice, s0, t0), ...spotOf(lattice, s1, t1)]),
  }));
  const picture = paint(density, grid, ink);
  /** @type {[number, number, number]} */
  const corner = [x[0] - side / 2, y[0] - side / 2, side];
  return { picture, corner, levels, extent: extentOf(levels.at(-1)?.lines ?? []) };
}

/** @type {(lattice: Lattice, s: number, t: number) => Spot} */
function spotOf({ frame: { a, b, axes, sd } }, s, t) {
  const [x, y] = [s * sd[0], t * sd[1]];
  return [a + x * axes[0][0] + y * axes[1][0], b + x * axes[0][1] + y * axes[1][1]];
}

/** The nodes as a rectangle with a margin. @type {(evidence: Evidence) => Grid} */
function gridOf({ nodes, highest }) {
  let [i0, i1, j0, j1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [i, j] of nodes) {
    [i0, i1] = [Math.min(i0, i), Math.max(i1, i)];
    [j0, j1] = [Math.min(j0, j), Math.max(j1, j)];
  }
  [i0, j0] = [i0 - 1, j0 - 1];
  const [width, height] = [i1 - i0 + 2, j1 - j0 + 2];
  const log = new Float64Array(width * height).fill(highest - EMPTY);
  for (const [i, j, value] of nodes) log[(j - j0) * width + i - i0] = value;
  return { i0, j0, width, height, log };
}

/** Between the places: linear in the logarithm along each side. @type {(grid: Grid) => Grid} */
function finer({ i0, j0, width, height, log }) {
  const [wide, high] = [(width - 1) * FINE + 1, (height - 1) * FINE + 1];
  const fine = new Float64Array(wide * high);
  for (let row = 0; row < high; row++) {
    const j = Math.min(height - 2, Math.floor(row / FINE));
    const y = row / FINE - j;
    for (let column = 0; column < wide; column++) {
      const i = Math.min(width - 2, Math.floor(column / FINE));
      const x = column / FINE - i;
      const at = j * width + i;
      fine[row * wide + column] = (1 - y) * ((1 - x) * log[at] + x * log[at + 1]) +
        y * ((1 - x) * log[at + width] + x * log[at + width + 1]);
    }
  }
  return { i0, j0, width: wide, height: high, log: fine };
}

/** @type {(density: Float64Array, grid: Grid, ink: string) => HTMLCanvasElement} */
function paint(density, { width, height }, ink) {
  const canvas = element("canvas", { width, height });
  const context = contextOf(canvas);
  context.fillStyle = ink;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  const image = context.createImageData(width, height);
  for (let k = 0; k < density.length; k++) {
    image.data.set([red, green, blue, STRONGEST * density[k]], 4 * k);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @type {(lines: number[][]) => number[]} */
function extentOf(lines) {
  const extent = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [a0, b0, a1, b1] of lines) {
    extent[0] = Math.min(extent[0], a0, a1);
    extent[1] = Math.max(extent[1], a0, a1);
    extent[2] = Math.min(extent[2], b0, b1);
    extent[3] = Math.max(extent[3], b0, b1);
  }
  return extent;
}

/** @type {(context: Context, frame: Frame, lattice: Lattice, field: Field) => void} */
export function sketchField(context, frame, lattice, { picture, corner: [s0, t0, side], levels }) {
  const { axes, sd } = lattice.frame;
  const [x, y] = frame.toScreen(...spotOf(lattice, s0, t0));
  // screens grow downwards
  const along = [0, 1].map((k) => [axes[k][0] * sd[k] * side * frame.scale, -axes[k][1] * sd[k] * side * frame.scale]);
  context.save();
  context.imageSmoothingEnabled = true;
  context.transform(along[0][0], along[0][1], along[1][0], along[1][1], x, y);
  context.drawImage(picture, 0, 0);
  context.restore();
  for (const [k, { lines }] of levels.entries()) {
    context.beginPath();
    for (const [a0, b0, a1, b1] of lines) {
      context.moveTo(...frame.toScreen(a0, b0));
      context.lineTo(...frame.toScreen(a1, b1));
    }
    strokeWithHalo(context, frame.theme, frame.theme.text, k === 0 ? 1.5 : 1, 0.75, 0.4);
  }
}
