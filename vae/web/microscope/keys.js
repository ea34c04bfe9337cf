// What a key makes of q: arrows move it, with shift they stretch it, brackets turn it.

import { turned, withSd } from "./shape.js";

/** @import { Normal } from "./lattice.js" */

const PART = 0.1; // of a σ, that an arrow moves
const GROWTH = 1.05;
export const TURN = Math.PI / 36; // that a bracket turns
/** @type {Record<string, [number, number] | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
/** @type {Record<string, number | undefined>} */
const BRACKETS = { "[": TURN, "]": -TURN };

/** q as a key makes it; null for a key that means nothing to it. @type {(q: Normal, key: string, shift: boolean) => Normal | null} */
export function keyed(q, key, shift) {
  const turn = BRACKETS[key];
  if (turn !== undefined) return q.sd.length > 1 ? turned(q, turn) : null;
  const arrow = ARROWS[key];
  if (!arrow) return null;
  const axis = arrow[0] ? 0 : q.sd.length - 1;
  const sign = arrow[0] + arrow[1];
  if (shift) return withSd(q, axis, q.sd[axis] * GROWTH ** sign);
  const step = sign * PART * q.sd[axis];
  return { ...q, a: q.a + (arrow[0] ? step : 0), b: q.b + (arrow[1] && q.sd.length > 1 ? step : 0) };
}
