// How a weight matrix becomes a picture: a unit's weights to and from pixels as a tile that is itself
// such an image, all other matrices as they are, lying down where they are taller than wide.

/** @import { Numbers, Shape } from "../../core/header.js" */
/** @import { Matrix } from "./network.js" */

/** Which parameter each pixel of a picture shows, −1 for the gap between tiles. @typedef {{columns: number, from: Int32Array}} Arrangement */

const GAP = 1; // pixels between tiles

/** @type {(matrix: Matrix, shape: Shape) => Arrangement} */
export function arrangementOf(matrix, shape) {
  const [, height = 0, width = 0] = shape;
  const { rows, columns } = matrix;
  if (shape.length === 3 && columns === height * width) return tiled(rows, width, height, (unit, pixel) => unit * columns + pixel);
  if (shape.length === 3 && rows === height * width) return tiled(columns, width, height, (unit, pixel) => pixel * columns + unit);
  const lying = rows > columns;
  const [across, down] = lying ? [rows, columns] : [columns, rows];
  const from = Int32Array.from({ length: across * down }, (_, i) => {
    const [y, x] = [Math.floor(i / across), i % across];
    return lying ? x * columns + y : y * columns + x;
  });
  return { columns: across, from };
}

/** @type {(units: number, width: number, height: number, at: (unit: number, pixel: number) => number) => Arrangement} */
function tiled(units, width, height, at) {
  const across = Math.ceil(Math.sqrt(1.5 * units));
  const down = Math.ceil(units / across);
  const columns = across * (width + GAP) - GAP;
  const from = new Int32Array(columns * (down * (height + GAP) - GAP)).fill(-1);
  for (let unit = 0; unit < units; unit++) {
    const [left, top] = [(unit % across) * (width + GAP), Math.floor(unit / across) * (height + GAP)];
    for (let pixel = 0; pixel < width * height; pixel++) {
      from[(top + Math.floor(pixel / width)) * columns + left + (pixel % width)] = at(unit, pixel);
    }
  }
  return { columns, from };
}

/** The numbers of a matrix in their arrangement, and the largest of them. @type {(numbers: Numbers, offset: number, arrangement: Arrangement) => {values: Float64Array, most: number}} */
export function arranged(numbers, offset, { from }) {
  const values = Float64Array.from(from, (at) => (at < 0 ? 0 : numbers[offset + at]));
  return { values, most: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}
