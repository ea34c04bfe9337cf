// The two parts of log p(x) that a normal q gives: the ELBO and KL(q ‖ p(z|x)), each by a rule of
// its own, so that their sum is a check of both.

import { Lattice } from "./lattice.js";

/** @import { Joint, Normal } from "./lattice.js" */
/** @import { Spot } from "../plane/sketch.js" */

/** Places and weights of a rule for the standard normal. @typedef {{at: number[], weight: number[]}} Rule */

const LIGHTEST = 1e-9; // of a place's weight below which it is left out
const REACH = 5.2; // σ of q that its KL is summed over: 1.3e-6 of it lies beyond
const ASIDE = [0.2764, 0.1382]; // σ: no fraction of a step of the lattice
const LOG_TWO_PI_E = Math.log(2 * Math.PI) + 1;
const LOG_TWO_PI = Math.log(2 * Math.PI);

/** @type {Map<number, Rule>} */
const rules = new Map();

/**
 * Gauss and Hermite's rule of `count` places for the mean over a standard normal: exact for
 * polynomials up to degree 2 · count − 1. The places are the roots of the Hermite polynomial; between
 * each two of the rule before lies one.
 * @type {(count: number) => Rule}
 */
export function hermiteRule(count) {
  const known = rules.get(count);
  if (known) return known;
  const beyond = 2 * Math.sqrt(count) + 1;
  const ends = [-beyond, ...(count > 1 ? hermiteRule(count - 1).at : []), beyond];
  const at = Array.from({ length: count }, (_, k) => rootBetween(count, ends[k], ends[k + 1]));
  const weight = at.map((root) => 1 / (count * hermite(count, root)[1] ** 2));
  rules.set(count, { at, weight });
  return { at, weight };
}

/** @type {(count: number, low: number, high: number) => number} */
function rootBetween(count, low, high) {
  const sign = Math.sign(hermite(count, low)[0]);
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (Math.sign(hermite(count, middle)[0]) === sign) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The orthonormal Hermite polynomials of degree n and n − 1 at x. @type {(n: number, x: number) => Spot} */
function hermite(n, x) {
  let [value, below] = [1, 0];
  for (let k = 0; k < n; k++) {
    [value, below] = [(x * value - Math.sqrt(k) * below) / Math.sqrt(k + 1), value];
  }
  return [value, below];
}

/**
 * The ELBO in nats, E_q[joint] + the entropy of q, by a rule of `count` places along each axis: for
 * a hand that moves.
 * @type {(joint: Joint, q: Normal, count: number) => number}
 */
export function elbo(joint, q, count) {
  const places = placesOf(q, count);
  const values = joint(places.map(({ spot }) => spot));
  let [sum, whole] = [0, 0];
  for (const [k, { share }] of places.entries()) {
    sum += share * values[k];
    whole += share;
  }
  return sum / whole + entropy(q);
}

/**
 * Where `elbo` asks, and the weight of each place.
 * @type {(q: Normal, count: number) => {spot: Spot, share: number}[]}
 */
export function placesOf(q, count) {
  const { at, weight } = hermiteRule(count);
  const rows = q.sd.length === 1 ? [{ units: /** @type {number[]} */ ([]), share: 1 }]
    : at.map((unit, k) => ({ units: [unit], share: weight[k] }));
  return rows.flatMap(({ units, share }) => at.map((unit, k) =>
    ({ spot: placeOf(q, [unit, ...units]), share: share * weight[k] })))
    .filter(({ share }) => share >= LIGHTEST);
}

/**
 * A lattice of q's own on which its ELBO is summed, for a q that rests: −KL(q ‖ p(x, ·)), as
 * `divergence` has it without the evidence. Networks have kinks, at which a rule of few places ends
 * some hundredths of a nat away, while steps can be halved.
 * @type {(joint: Joint, q: Normal) => Lattice}
 */
export function ownLattice(joint, q) {
  // aside of q's middle: where q is the frame of the evidence too, no place is one of its places
  const aside = placeOf(q, q.sd.map((_, k) => ASIDE[k]));
  return new Lattice(joint, { ...q, a: aside[0], b: aside[1] });
}

/** @type {(q: Normal, units: number[]) => Spot} */
function placeOf({ a, b, axes, sd }, units) {
  let [x, y] = [a, b];
  for (const [k, unit] of units.entries()) {
    x += unit * sd[k] * axes[k][0];
    y += unit * sd[k] * axes[k][1];
  }
  return [x, y];
}

/** In nats. @type {(q: Normal) => number} */
export function entropy({ sd }) {
  return sd.reduce((sum, one) => sum + Math.log(one) + LOG_TWO_PI_E / 2, 0);
}

/**
 * KL(q ‖ p(z|x)) in nats as a sum over the places of a lattice of log p(x, z), of which `log` is
 * the evidence. At most `most` values that are not known yet are computed; null where more are missing.
 * @type {(lattice: Lattice, log: number, q: Normal, most: number, finer?: number) => number | null}
 */
export function divergence(lattice, log, q, most, finer = 0) {
  const shape = shapeIn(lattice, q);
  const level = shape.level + finer;
  const step = 2 ** -level;
  const places = placesUnder(shape, step);
  const missing = places.filter(([i, j]) => !lattice.has(level, i, j));
  lattice.ask(level, missing.slice(0, most));
  if (missing.length > most) return null;
  let [sum, whole] = [0, 0];
  for (const [i, j] of places) {
    const logQ = shape.logDensity(i * step, j * step);
    const mass = Math.exp(logQ);
    sum += mass * (logQ - lattice.at(level, i, j));
    whole += mass;
  }
  return sum / whole + log;
}

/** Places of a lattice on which q has mass. @type {(shape: ReturnType<typeof shapeIn>, step: number) => [number, number][]} */
function placesUnder({ s, reach, column }, step) {
  /** @type {[number, number][]} */
  const places = [];
  for (let i = Math.ceil((s - reach) / step); i * step <= s + reach; i++) {
    const [low, high] = column(i * step);
    for (let j = Math.ceil(low / step); j * step <= high; j++) places.push([i, j]);
  }
  return places;
}

/**
 * q in units of a lattice: its middle, how far it reaches, the ends of a column through it, its log
 * density per area of the plane, and the level whose steps are no wider than its narrowest σ.
 * @type {(lattice: Lattice, q: Normal) => {s: number, reach: number, level: number,
 *   column: (s: number) => Spot, logDensity: (s: number, t: number) => number}}
 */
function shapeIn(lattice, q) {
  const [s, t] = lattice.units(q.a, q.b);
  // the precision of q in units of the lattice, from that along its own axes
  const toUnits = q.sd.map((sd, k) => lattice.units(q.a + sd * q.axes[k][0], q.b + sd * q.axes[k][1]));
  const [u, v] = [...toUnits.map(([x, y]) => [x - s, y - t]), [0, 1]];
  const [ss, st, tt] = lattice.flat
    ? [u[0] ** 2, 0, 1]
    : [u[0] ** 2 + v[0] ** 2, u[0] * u[1] + v[0] * v[1], u[1] ** 2 + v[1] ** 2];
  const determinant = ss * tt - st * st;
  const middle = (ss + tt) / 2;
  const narrow = lattice.flat ? ss : middle - Math.sqrt(Math.max(0, middle ** 2 - determinant));
  const level = Math.min(9, Math.ceil(-Math.log2(Math.sqrt(Math.max(narrow, 1e-12)) * 1.001)));
  const logArea = lattice.flat ? Math.log(q.sd[0]) : Math.log(q.sd[0] * q.sd[1]);
  const constant = (-lattice.frame.sd.length / 2) * LOG_TWO_PI - logArea;
  /** @type {(x: number, y: number) => number} */
  const logDensity = (x, y) => {
    const [dx, dy] = [x - s, y - t];
    if (lattice.flat) return constant - (0.5 * dx * dx) / ss;
    return constant - (0.5 * (tt * dx * dx - 2 * st * dx * dy + ss * dy * dy)) / determinant;
  };
  /** @type {(x: number) => Spot} */
  const column = (x) => {
    if (lattice.flat) return [0, 0];
    const middleT = t + (st / ss) * (x - s);
    const left = Math.max(0, REACH ** 2 - (x - s) ** 2 / ss);
    const half = Math.sqrt((left * determinant) / ss);
    return [middleT - half, middleT + half];
  };
  return { s, reach: REACH * Math.sqrt(ss), level, column, logDensity };
}

/** What a generator returns, run to its end. @type {<T>(steps: Generator<void, T>) => T} */
export function finished(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
