// Which images stand on the strip: for each column those whose score lies nearest to its middle.

import { columnOf, shareAt } from "./axis.js";

/** @import { Axis } from "./axis.js" */

/** A place on the strip, and which image stands there. @typedef {{column: number, row: number, image: number}} Place */

/**
 * Choose images for a strip of so many columns and rows; columns without images stay empty.
 * @type {(axis: Axis, values: Float64Array, columns: number, rows: number) => Place[]}
 */
export function chosen(axis, values, columns, rows) {
  /** @type {number[][]} */
  const found = Array.from({ length: columns }, () => []);
  for (let image = 0; image < values.length; image++) {
    if (Number.isFinite(values[image])) found[columnOf(axis, values[image], columns)].push(image);
  }
  return found.flatMap((images, column) => {
    const middle = (column + 0.5) / columns;
    /** @type {(image: number) => number} */
    const off = (image) => Math.abs(shareAt(axis, values[image]) - middle);
    // what was collected at an edge is shown by its end: the strangest come last
    images.sort((one, other) => off(one) - off(other) || one - other);
    return images.slice(0, rows).map((image, row) => ({ column, row, image }));
  });
}
