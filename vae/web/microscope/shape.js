// q on the plane: what of a posterior lies there, and what the hand makes of it.

import { isKnown, projectedEllipse, triangle } from "../core/posterior.js";

/** @import { NetworkHeader, Numbers, Posterior } from "../core/header.js" */
/** @import { Spot } from "../plane/sketch.js" */
/** @import { Pair } from "./joint.js" */
/** @import { Normal } from "./lattice.js" */

/**
 * What the hand took: the centre, an axis of the rim, or the knob on it that turns.
 * @typedef {{part: "centre", from: Spot} | {part: "rim", axis: number} | {part: "knob"}} Grip
 */

export const REACH = { mouse: 10, touch: 22 }; // CSS pixels around what is taken; a finger needs more
export const CURSORS = { centre: "grab", rim: "nwse-resize", knob: "alias" };

const LEAST_SD = 1e-3; // units of z
const MOST_SD = 8;
const NARROWEST = 1 / 30; // of an ellipse against its length: a thinner one asks for too many places

/**
 * The normal that stands for a posterior on the plane of two dimensions. Through its mean it is
 * q(z_i, z_j | the other dimensions at their means): where they are independent that is the marginal.
 * @type {(posterior: Posterior, header: NetworkHeader, pair: Pair) => Normal | null}
 */
export function normalOf({ loc, scale, tril }, header, pair) {
  if (!scale || !isKnown({ scale, tril }, header)) return null;
  const [i, j] = pair;
  if (j === undefined) return { a: loc[i], b: 0, axes: [[1, 0]], sd: [scale[i]] };
  if (!tril) return { a: loc[i], b: loc[j], axes: [[1, 0], [0, 1]], sd: [scale[i], scale[j]] };
  const { scale: sd, angle } = conditional(tril, loc.length, pair);
  const axes = /** @type {Spot[]} */ ([[Math.cos(angle), Math.sin(angle)], [-Math.sin(angle), Math.cos(angle)]]);
  return { a: loc[i], b: loc[j], axes, sd };
}

/**
 * The ellipse of two dimensions given all others: from the block of the inverse covariance.
 * @type {(tril: Numbers, size: number, pair: Pair) => {scale: number[], angle: number}}
 */
function conditional(tril, size, pair) {
  const columns = pair.map((i) => solved(tril, size, i));
  /** @type {(k: number, l: number) => number} */
  const precision = (k, l) => columns[k].reduce((sum, value, i) => sum + value * columns[l][i], 0);
  const [aa, ab, bb] = [precision(0, 0), precision(0, 1), precision(1, 1)];
  const determinant = aa * bb - ab * ab;
  const below = Math.sqrt(bb / determinant);
  const factor = [below, -ab / determinant / below, Math.sqrt(1 / bb)];
  const { ra, rb, angle } = projectedEllipse({ scale: [1, 1], tril: factor }, [1, 0], [0, 1]);
  return { scale: [ra, rb], angle };
}

/** L⁻¹ times a unit vector. @type {(tril: Numbers, size: number, at: number) => Float64Array} */
function solved(tril, size, at) {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let rest = i === at ? 1 : 0;
    for (let k = 0; k < i; k++) rest -= tril[triangle(i) + k] * x[k];
    x[i] = rest / tril[triangle(i) + i];
  }
  return x;
}

/** Coordinates of (a, b) along the axes of q, in its σ. @type {(q: Normal, a: number, b: number) => number[]} */
export function unitsOf(q, a, b) {
  return q.axes.map(([x, y], k) => ((a - q.a) * x + (b - q.b) * y) / q.sd[k]);
}

/** How far the first axis of q lies above the plane's own, radians. @type {(q: Normal) => number} */
export function angleOf({ axes: [[x, y]] }) {
  return Math.atan2(y, x);
}

/** Where the hand turns q: on the rim, halfway between its axes. @type {(q: Normal) => Spot} */
export function knobOf({ a, b, axes: [first, second], sd }) {
  const [s, t] = sd.map((one) => one * Math.SQRT1_2);
  return [a + s * first[0] + t * second[0], b + s * first[1] + t * second[1]];
}

/** q turned by an angle, counter-clockwise. @type {(q: Normal, angle: number) => Normal} */
export function turned(q, angle) {
  return q.axes.length > 1 ? withAngle(q, angleOf(q) + angle) : q;
}

/** @type {(q: Normal, angle: number) => Normal} */
function withAngle(q, angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { ...q, axes: [[cos, sin], [-sin, cos]] };
}

/** Whether the knob is what a press takes, and no square of the rim is nearer. @type {(q: Normal, a: number, b: number, reach: number) => boolean} */
function takesKnob(q, a, b, reach) {
  if (q.sd.length < 2) return false;
  const [x, y] = knobOf(q);
  const away = Math.hypot(a - x, b - y);
  /** @type {(axis: Spot, k: number) => number[]} */
  const square = ([dx, dy], k) => [-1, 1].map((side) => Math.hypot(a - q.a - side * q.sd[k] * dx, b - q.b - side * q.sd[k] * dy));
  return away <= reach && away < Math.min(...q.axes.flatMap(square));
}

/**
 * What a press at (a, b) takes, `reach` being the plane units of a finger: the knob, the rim where it
 * is near the ellipse of 1σ, else the centre.
 * @type {(q: Normal, a: number, b: number, reach: number) => Grip | null}
 */
export function gripAt(q, a, b, reach) {
  const units = unitsOf(q, a, b);
  const far = Math.hypot(...units);
  const from = /** @type {Spot} */ ([a - q.a, b - q.b]);
  const away = Math.hypot(...from);
  // to the rim along the ray from the centre
  const toRim = far > 0 ? Math.abs(away - away / far) : Infinity;
  if (toRim <= reach && (far > 0.5 || away > reach)) {
    if (takesKnob(q, a, b, reach)) return { part: "knob" };
    return { part: "rim", axis: units.length > 1 && Math.abs(units[1]) > Math.abs(units[0]) ? 1 : 0 };
  }
  return far < 1 || away <= reach ? { part: "centre", from } : null;
}

/**
 * q as the hand at (a, b) makes it. Where its axes may turn, a rim that is taken turns them too.
 * @type {(q: Normal, grip: Grip, a: number, b: number, turns: boolean) => Normal}
 */
export function pulled(q, grip, a, b, turns) {
  if (grip.part === "centre") return { ...q, a: a - grip.from[0], b: q.axes.length > 1 ? b - grip.from[1] : 0 };
  const [x, y] = [a - q.a, b - q.b];
  const away = Math.hypot(x, y);
  // the knob follows the hand around the centre
  if (grip.part === "knob") return away > 0 ? withAngle(q, Math.atan2(y, x) - Math.atan2(q.sd[1], q.sd[0])) : q;
  const { axis } = grip;
  if (!turns || q.sd.length < 2 || away === 0) {
    return withSd(q, axis, Math.abs(x * q.axes[axis][0] + y * q.axes[axis][1]));
  }
  const sign = Math.sign(x * q.axes[axis][0] + y * q.axes[axis][1]) || 1;
  const along = /** @type {Spot} */ ([(sign * x) / away, (sign * y) / away]);
  const across = /** @type {Spot} */ (axis === 0 ? [-along[1], along[0]] : [along[1], -along[0]]);
  return withSd({ ...q, axes: axis === 0 ? [along, across] : [across, along] }, axis, away);
}

/** @type {(q: Normal, axis: number, sd: number) => Normal} */
export function withSd(q, axis, sd) {
  const other = q.sd[1 - axis] ?? sd;
  const [least, most] = [Math.max(LEAST_SD, other * NARROWEST), Math.min(MOST_SD, other / NARROWEST)];
  return { ...q, sd: q.sd.map((own, k) => (k === axis ? Math.min(most, Math.max(least, sd)) : own)) };
}
