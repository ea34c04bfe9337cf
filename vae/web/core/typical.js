// Typical members of a class: encoded images near a mode of it, among others of their own class.
//
// The image nearest a class's mean may lie between two of its modes, where another class lives,
// and then decodes as that one. A typical member lies where its own class is dense and alone.

/** @import { Points } from "./header.js" */

/**
 * A member of a class: the share of its own class around it, and how far that class reaches there.
 * @typedef {{row: number, share: number, reach: number}} Member
 */

const CANDIDATES = 120; // members of a class that are looked at, evenly taken
const REFERENCES = 5000; // encoded images among which neighbours are sought, evenly taken
const NEIGHBOURS = 30; // fewer in a small class, of which they would be most

/**
 * Rows of at most `most` typical members of the class `wanted`, the most typical first. Members
 * with more of their nearest neighbours in the class come first; among equals the one whose class
 * is densest around it. No two are closer to each other than the class's neighbours are to one of
 * them. The same points always give the same rows.
 * @type {(points: Points, wanted: number, most?: number) => number[]}
 */
export function typicalRows(points, wanted, most = 12) {
  /** @type {number[]} */
  const members = [];
  for (let k = 0; k < points.count; k++) if (points.label[k] === wanted) members.push(k);
  const size = Math.max(3, Math.min(NEIGHBOURS, members.length >> 3));
  const references = evenly(Array.from({ length: points.count }, (_, k) => k), REFERENCES);
  const own = evenly(members, REFERENCES);
  const found = evenly(members, CANDIDATES).map((row) => {
    const near = nearestRows(points, row, references, size);
    const alike = near.filter(([, k]) => points.label[k] === wanted).length;
    const reach = nearestRows(points, row, own, size).at(-1)?.[0] ?? 0;
    return { row, share: near.length ? alike / near.length : 0, reach: Math.sqrt(reach) };
  });
  found.sort((x, y) => y.share - x.share || x.reach - y.reach || x.row - y.row);
  return apart(points, found, most);
}

/** At most `most` items, evenly taken. @type {(items: number[], most: number) => number[]} */
function evenly(items, most) {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
}

/**
 * The `most` of `rows` nearest to a row, itself left out: [[squared distance, row], …].
 * @type {(points: Points, row: number, rows: number[], most: number) => [number, number][]}
 */
function nearestRows({ loc, zDim }, row, rows, most) {
  /** @type {[number, number][]} */
  const near = [];
  for (const k of rows) {
    if (k === row) continue;
    const bound = near.length < most ? Infinity : near[near.length - 1][0];
    let sum = 0;
    for (let i = 0; i < zDim && sum < bound; i++) sum += (loc[k * zDim + i] - loc[row * zDim + i]) ** 2;
    if (sum >= bound) continue;
    let place = near.length;
    while (place > 0 && near[place - 1][0] > sum) place -= 1;
    near.splice(place, 0, [sum, k]);
    if (near.length > most) near.pop();
  }
  return near;
}

/** @type {(points: Points, found: Member[], most: number) => number[]} */
function apart({ loc, zDim }, found, most) {
  /** @type {Member[]} */
  const chosen = [];
  for (const one of found) {
    if (chosen.length === most) break;
    const close = chosen.some((other) => {
      let sum = 0;
      for (let i = 0; i < zDim; i++) sum += (loc[one.row * zDim + i] - loc[other.row * zDim + i]) ** 2;
      return Math.sqrt(sum) < Math.min(one.reach, other.reach);
    });
    if (!close) chosen.push(one);
  }
  return chosen.map(({ row }) => row);
}
