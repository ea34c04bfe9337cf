// Two estimates of how E_q f(z) changes with μ, from one draw z = μ + σ ε, and tallies of them.

/** @import { Numbers } from "../../core/header.js" */

/** One for each dimension of z. @typedef {{loc: number[], scale: number[]}} Gradients */

/** By the path through the draw: the slope of f at z, and the same times ε. @type {(slope: Numbers, noise: Numbers) => Gradients} */
export function reparameterized(slope, noise) {
  const loc = Array.from(slope);
  return { loc, scale: loc.map((value, d) => value * noise[d]) };
}

/** By the draw's probability: f(z) ε / σ, and f(z) (ε² − 1) / σ. @type {(value: number, noise: Numbers, scale: Numbers) => Gradients} */
export function scoreFunction(value, noise, scale) {
  return {
    loc: Array.from(noise, (eps, d) => (value * eps) / scale[d]),
    scale: Array.from(noise, (eps, d) => (value * (eps * eps - 1)) / scale[d]),
  };
}

/** Mean and variance of vectors that come one by one (Welford 1962). */
export class Tally {
  count = 0;
  /** @type {number[]} */
  mean = [];
  /** @type {number[]} */
  #squares = [];

  /** @type {(vector: number[]) => void} */
  add(vector) {
    this.count += 1;
    vector.forEach((value, d) => {
      const away = value - (this.mean[d] ?? 0);
      this.mean[d] = (this.mean[d] ?? 0) + away / this.count;
      this.#squares[d] = (this.#squares[d] ?? 0) + away * (value - this.mean[d]);
    });
  }

  /** Of one draw, summed over dimensions; not a number before the second draw. @returns {number} */
  get variance() {
    if (this.count < 2) return NaN;
    return this.#squares.reduce((sum, square) => sum + square, 0) / (this.count - 1);
  }
}
