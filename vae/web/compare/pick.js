// Which images of the split stand side by side: ten of them, by their rows.

/** @import { Points } from "../core/header.js" */

/** @typedef {Pick<Points, "index" | "label" | "count">} Listed */

export const COUNT = 10;

/**
 * The first images of a map, every class once before any comes again; of one class where it is named.
 * @type {(points: Listed, label?: number | null) => number[]}
 */
export function firstRows({ index, label: labels, count }, label = null) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  const turns = Array.from({ length: count }, (_, k) => {
    const turn = seen.get(labels[k]) ?? 0;
    seen.set(labels[k], turn + 1);
    return { row: index[k], label: labels[k], turn };
  });
  const of = label === null ? turns : turns.filter((one) => one.label === label);
  return of
    .sort((one, other) => one.turn - other.turn || one.label - other.label)
    .slice(0, COUNT)
    .map(({ row }) => row);
}

/**
 * Other images than these, drawn by `uniform` without repetition: of one class where it is named,
 * else of every class as far as they go. Where there are too few others the same may come again.
 * @type {(points: Listed, label: number | null, rows: number[], uniform: () => number) => number[]}
 */
export function otherRows({ index, label: labels, count }, label, rows, uniform) {
  const shown = new Set(rows);
  const all = Array.from({ length: count }, (_, k) => k).filter((k) => label === null || labels[k] === label);
  const fresh = all.filter((k) => !shown.has(index[k]));
  const pool = fresh.length >= Math.min(COUNT, all.length) ? fresh : all;
  for (let k = pool.length - 1; k > 0; k--) {
    const other = Math.floor(uniform() * (k + 1));
    [pool[k], pool[other]] = [pool[other], pool[k]];
  }
  return firstRows({
    index: Uint32Array.from(pool, (k) => index[k]),
    label: Int16Array.from(pool, (k) => labels[k]),
    count: pool.length,
  });
}

/**
 * The places of the rows in a map: of each image of the split, where it stands among the points.
 * @type {(points: Listed) => Map<number, number>}
 */
export function placesOf({ index, count }) {
  return new Map(Array.from({ length: count }, (_, k) => [index[k], k]));
}
