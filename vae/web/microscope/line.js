// p(z|x) and q over the one dimension of z, as curves.

import { strokeWithHalo, writeQuietly } from "../plane/sketch.js";

/** @import { Evidence } from "./evidence.js" */
/** @import { Lattice, Normal } from "./lattice.js" */
/** @import { Context, Frame } from "../plane/sketch.js" */

const HEIGHT = 0.72; // of the picture, to the highest density
const PARTS = 240;

/** Where the curves stand, CSS pixels from above. @type {(frame: Frame) => number} */
function floorOf({ height }) {
  return height * 0.86;
}

/**
 * Draw the density that `evidence` found as an area and that of q as a line, on one scale.
 * @type {(context: Context, frame: Frame, lattice: Lattice, evidence: Evidence, q: Normal) => void}
 */
export function sketchCurves(context, frame, lattice, evidence, q) {
  const nodes = [...evidence.nodes].sort(([i], [j]) => i - j);
  const places = nodes.map(([i, j, value]) => ({
    a: lattice.place(evidence.level, i, j)[0],
    density: Math.exp(value - evidence.log),
  }));
  const top = Math.max(...places.map(({ density }) => density), densityOf(q, q.a));
  const floor = floorOf(frame);
  /** @type {(a: number, density: number) => [number, number]} */
  const spot = (a, density) => [frame.toScreen(a, 0)[0], floor - (density / top) * HEIGHT * frame.height];
  context.beginPath();
  context.moveTo(spot(places[0].a, 0)[0], floor);
  for (const { a, density } of places) context.lineTo(...spot(a, density));
  context.lineTo(spot(places[places.length - 1].a, 0)[0], floor);
  context.save();
  context.globalAlpha = 0.3;
  context.fillStyle = frame.theme.text;
  context.fill();
  context.restore();
  context.beginPath();
  for (let k = 0; k <= PARTS; k++) {
    const a = q.a + (8 * k / PARTS - 4) * q.sd[0];
    context.lineTo(...spot(a, densityOf(q, a)));
  }
  strokeWithHalo(context, frame.theme, frame.theme.accent, 2, 1, 0.75);
  for (const a of [q.a - q.sd[0], q.a, q.a + q.sd[0]]) sketchHandle(context, frame, spot(a, 0));
  context.textAlign = "left";
  writeQuietly(context, frame.theme, "p(z|x) as an area, q as a line", 12, 18, 0.8);
}

/** Where the hand takes q. @type {(context: Context, frame: Frame, spot: [number, number]) => void} */
export function sketchHandle(context, { theme }, [x, y]) {
  context.beginPath();
  context.rect(x - 4, y - 4, 8, 8);
  context.fillStyle = theme.background;
  context.fill();
  strokeWithHalo(context, theme, theme.accent, 2, 1, 0);
}

/** @type {(q: Normal, a: number) => number} */
function densityOf({ a: mean, sd: [sd] }, a) {
  return Math.exp(-0.5 * ((a - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
}
