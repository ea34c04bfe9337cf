// The points of the sheet: those that lie there first, and which of them no step sees.

import { normalFrom, seededUniform } from "../../core/seeded.js";

/** A place on the sheet, from −1 to 1 across and up, and the line that it belongs to. @typedef {{at: [number, number], label: number}} Point */

const FIRST = 200;
const NOISE = 0.03;
const HELD = 5; // every fifth point is held out

/** A spiral, in ten colours from its inside to its outside. @type {() => Point[]} */
export function spiral() {
  const uniform = seededUniform(7);
  return Array.from({ length: FIRST }, (_, i) => {
    const share = i / (FIRST - 1);
    const [angle, radius] = [0.5 + 8 * Math.sqrt(share), 0.12 + 0.72 * share];
    const [dx, dy] = [NOISE * normalFrom(uniform), NOISE * normalFrom(uniform)];
    return { at: [radius * Math.cos(angle) + dx, radius * Math.sin(angle) + dy], label: Math.min(9, Math.floor(10 * share)) };
  });
}

/** Points to train on and points to look at. @type {(points: Point[]) => {data: Float64Array[], heldOut: Float64Array[], labels: number[], all: Float64Array[]}} */
export function parted(points) {
  const all = points.map(({ at }) => Float64Array.from(at));
  /** @type {(i: number) => boolean} */
  const isHeld = (i) => i % HELD === HELD - 1;
  return {
    all,
    labels: points.map(({ label }) => label),
    data: all.filter((_, i) => !isHeld(i)),
    heldOut: all.filter((_, i) => isHeld(i)),
  };
}
