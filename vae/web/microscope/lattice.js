// A lattice of places over a plane, and what a function is at them, each computed once.
//
// It lies along the axes of a frame, an ellipse {a, b, axes, sd}, whose half axes are its unit. Of
// level k its steps are 2^−k units, so that every level holds the places of those before it. A place
// is (i, j) in steps of its level.

/** @import { Spot } from "../plane/sketch.js" */

/**
 * A normal on a plane, or on a line: its mean, unit vectors along its axes and the σ along each.
 * On a line b is 0 and there is one axis.
 * @typedef {{a: number, b: number, axes: Spot[], sd: number[]}} Normal
 */

/** What a function is at places of the plane. @typedef {(spots: Spot[]) => Float64Array} Joint */

export const FINEST = 10; // level
const ROW = 2 ** 26; // of a place's name, which holds i and j in steps of the finest level

export class Lattice {
  /** @type {Map<number, number>} */
  #known = new Map();

  /** @param {Joint} of @param {Normal} frame */
  constructor(of, frame) {
    this.of = of;
    this.frame = frame;
    this.flat = frame.sd.length === 1;
  }

  /** How many values are known. */
  get size() {
    return this.#known.size;
  }

  /** @type {(level: number, i: number, j: number) => number} */
  #name(level, i, j) {
    const finer = 2 ** (FINEST - level);
    return i * finer * ROW + j * finer;
  }

  /** @type {(level: number, i: number, j: number) => boolean} */
  has(level, i, j) {
    return this.#known.has(this.#name(level, i, j));
  }

  /** The value at a place that is known. @type {(level: number, i: number, j: number) => number} */
  at(level, i, j) {
    return this.#known.get(this.#name(level, i, j)) ?? NaN;
  }

  /** Compute the values at places of a level. @type {(level: number, places: [number, number][]) => void} */
  ask(level, places) {
    if (!places.length) return;
    const values = this.of(places.map(([i, j]) => this.place(level, i, j)));
    for (const [k, [i, j]] of places.entries()) this.#known.set(this.#name(level, i, j), values[k]);
  }

  /** Where a place lies on the plane. @type {(level: number, i: number, j: number) => Spot} */
  place(level, i, j) {
    const { a, b, axes, sd } = this.frame;
    const step = 2 ** -level;
    const s = i * step * sd[0];
    if (this.flat) return [a + s * axes[0][0], b + s * axes[0][1]];
    const t = j * step * sd[1];
    return [a + s * axes[0][0] + t * axes[1][0], b + s * axes[0][1] + t * axes[1][1]];
  }

  /** Coordinates of (a, b) in units of the frame. @type {(a: number, b: number) => Spot} */
  units(a, b) {
    const { frame } = this;
    const [x, y] = [a - frame.a, b - frame.b];
    /** @type {(k: number) => number} */
    const along = (k) => (x * frame.axes[k][0] + y * frame.axes[k][1]) / frame.sd[k];
    return [along(0), this.flat ? 0 : along(1)];
  }

  /** log of what one place of a level stands for: an area, or a length. @type {(level: number) => number} */
  logCell(level) {
    return this.frame.sd.reduce((sum, sd) => sum + Math.log(sd * 2 ** -level), 0);
  }
}
