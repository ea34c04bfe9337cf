// Which pictures of an endless map are seen: squares of pictures, at levels that halve their steps.

/** @import { View } from "../plane/view.js" */

/** A square of SIDE × SIDE pictures of a level; i and j count squares from (0, 0) up. */
/** @typedef {{level: number, i: number, j: number, key: string}} Tile */

/** @typedef {{width: number, height: number}} Room CSS pixels */

export const SIDE = 4; // pictures along a square: a batch of the decoder fills it
const FIRST = 20; // pictures across a unit at level 0, as in Kingma and Welling's figure 4
const [LEAST_LEVEL, LARGEST_LEVEL] = [-24, 40];

/** Length of a picture of a level. @type {(level: number) => number} */
export function stepOf(level) {
  return 1 / (FIRST * 2 ** level);
}

/**
 * The level whose pictures are at least so many pixels wide, and less than twice as many.
 * @type {(view: View, room: Room, least: number) => number}
 */
export function levelOf({ span }, { width, height }, least) {
  const unit = Math.min(width, height) / span;
  const level = Math.floor(Math.log2(unit / (FIRST * least)) + 1e-9);
  return Math.min(LARGEST_LEVEL, Math.max(LEAST_LEVEL, level));
}

/** What is seen: [s0, s1, t0, t1]. @type {(view: View, room: Room) => number[]} */
export function seen({ cx, cy, span }, { width, height }) {
  const unit = Math.min(width, height) / span;
  const [a, b] = [width / unit / 2, height / unit / 2];
  return [cx - a, cx + a, cy - b, cy + b];
}

/**
 * The squares of a level that are seen, the nearest to the middle first; on a bounded map those that
 * hold some of the unit square, on a line those of its one row.
 * @type {(view: View, room: Room, level: number, kind: {bounded: boolean, line: boolean}) => Tile[]}
 */
export function tilesInView(view, room, level, { bounded, line }) {
  const size = SIDE * stepOf(level);
  const [s0, s1, t0, t1] = seen(view, room);
  /** @type {(low: number, high: number) => number[]} */
  const range = (low, high) => {
    const [from, to] = bounded ? [Math.max(0, low), Math.min(1, high)] : [low, high];
    const first = Math.floor(from / size + 1e-9);
    return Array.from({ length: Math.max(0, Math.ceil(to / size - 1e-9) - first) }, (_, k) => first + k);
  };
  const rows = line ? [0] : range(t0, t1);
  const tiles = range(s0, s1).flatMap((i) => rows.map((j) => ({ level, i, j, key: `${level}/${i}/${j}` })));
  /** @type {(tile: Tile) => number} */
  const far = ({ i, j }) => ((i + 0.5) * size - view.cx) ** 2 + (line ? 0 : ((j + 0.5) * size - view.cy) ** 2);
  return tiles.sort((x, y) => far(x) - far(y));
}

/**
 * Middles of a square's pictures, in the order in which they lie: rows from above, columns from left.
 * @type {(tile: Tile, line: boolean) => {s: number, t: number}[]}
 */
export function middlesOf({ level, i, j }, line) {
  const step = stepOf(level);
  return Array.from({ length: SIDE * SIDE }, (_, k) => {
    const row = SIDE - 1 - Math.floor(k / SIDE);
    // a line has but one row of pictures
    const t = line && row > 0 ? NaN : (j * SIDE + row + 0.5) * step;
    return { s: (i * SIDE + (k % SIDE) + 0.5) * step, t };
  });
}
