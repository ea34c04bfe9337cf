// Lines around shares of a density's mass, on a plane and along a line, as in
// `vae/latent/shown_prior.py`.

/** @import { Numbers } from "./header.js" */

/** Densities, or their logarithms, at places of x and y, y slower. @typedef {{x: Numbers, y: Numbers, density: Numbers}} Field */
/** The ends of a stretch: [a0, b0, a1, b1]. @typedef {number[]} Segment */
/** @typedef {[x: number, y: number, height: number]} Corner */

const TINY = 1e-300;
/**
 * What lies within 1, 2 and 3 standard deviations of a normal of one and of two dimensions.
 * @type {Record<1 | 2, number[]>}
 */
export const SHARES = { 1: [0.6827, 0.9545, 0.9973], 2: [0.3935, 0.8647, 0.9889] };

/**
 * Densities at which what lies above holds these shares of what lies on the grid.
 * @type {(density: Numbers, shares: number[]) => number[]}
 */
export function levelsHolding(density, shares) {
  const heights = Float64Array.from(density).sort().reverse();
  const whole = heights.reduce((sum, height) => sum + height, 0);
  let [held, at] = [0, -1];
  return shares.map((share) => {
    while (held < share * whole && at < heights.length - 1) {
      at += 1;
      held += heights[at];
    }
    // a hair below, so that no place of the grid is exactly at a level
    return Math.max((1 - 1e-9) * heights[Math.max(at, 0)], TINY);
  });
}

/**
 * Lines along which a field is at a level: each cell's two triangles are crossed once or not.
 * @type {(field: Field, level: number) => Segment[]}
 */
export function contour({ x, y, density }, level) {
  /** @type {Segment[]} */
  const lines = [];
  const width = x.length;
  /** @type {(at: number) => boolean} */
  const above = (at) => density[at] > level;
  /** @type {(row: number, column: number) => Corner} */
  const corner = (row, column) => [x[column], y[row], density[row * width + column] - level];
  for (let row = 0; row < y.length - 1; row++) {
    for (let column = 0; column < width - 1; column++) {
      const at = row * width + column;
      const first = above(at);
      // most cells lie on one side of the level
      if (first === above(at + 1) && first === above(at + width) && first === above(at + width + 1)) continue;
      const a = corner(row, column);
      const c = corner(row + 1, column + 1);
      crossTriangle(lines, a, corner(row, column + 1), c);
      crossTriangle(lines, a, c, corner(row + 1, column));
    }
  }
  return lines;
}

/** @type {(lines: Segment[], ...corners: Corner[]) => void} */
function crossTriangle(lines, ...corners) {
  const above = corners.map(([, , height]) => height > 0);
  const count = above.filter(Boolean).length;
  if (count === 0 || count === 3) return;
  // the corner that is alone on its side: both crossed edges leave from it
  const alone = above.indexOf(count === 1);
  const [one, ...others] = [0, 1, 2].map((turn) => corners[(alone + turn) % 3]);
  lines.push(others.flatMap((other) => {
    const share = one[2] / (one[2] - other[2]);
    return [one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])];
  }));
}

/**
 * The places along a line at which a field crosses a level.
 * @type {(field: Field, level: number) => number[]}
 */
export function lineEnds({ x, density }, level) {
  /** @type {number[]} */
  const ends = [];
  for (let k = 0; k < x.length - 1; k++) {
    const [here, next] = [density[k] - level, density[k + 1] - level];
    if (here > 0 !== next > 0) ends.push(x[k] + (here / (here - next)) * (x[k + 1] - x[k]));
  }
  return ends;
}

/** What lies around all lines, [a0, a1, b0, b1]. @type {(levels: {lines: Segment[]}[]) => number[]} */
export function extentOfLines(levels) {
  const extent = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [a0, b0, a1, b1] of levels.flatMap(({ lines }) => lines)) {
    extent[0] = Math.min(extent[0], a0, a1);
    extent[1] = Math.max(extent[1], a0, a1);
    extent[2] = Math.min(extent[2], b0, b1);
    extent[3] = Math.max(extent[3], b0, b1);
  }
  return extent;
}

/** The same for places along a line. @type {(levels: {lines: number[]}[]) => number[]} */
export function extentOfEnds(levels) {
  const ends = levels.flatMap(({ lines }) => lines);
  return [Math.min(...ends), Math.max(...ends), 0, 0];
}
