// The first numbers of a code, and how far an image drawn from them is off.

/** @import { Numbers } from "../../core/header.js" */

/** A code whose numbers after a width are zero. @type {(code: Numbers, width: number) => number[]} */
export function firstOf(code, width) {
  return Array.from(code, (value, k) => (k < width ? value : 0));
}

/** Over pixels in [0, 1]. @type {(one: Numbers, other: Numbers) => number} */
export function squaredError(one, other) {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] - other[i]) ** 2;
  return sum;
}
