// The names of the classes on the plane, each where most of its points lie.

import { planeFont, writeQuietly } from "./sketch.js";

/** @import { Projected } from "../core/header.js" */
/** @import { Frame, Spot } from "./sketch.js" */

/**
 * Where the points of a class are: how many, and the middles of the cells that hold most of them.
 * @typedef {{label: number, points: number, spots: Spot[]}} ClassSpots
 */

/** The points of a class in a cell, and the sums of their places. @typedef {{points: number, a: number, b: number}} Cell */

const GRID = 28; // cells a side, over all points
const SPOTS = 6; // places for a name, the fullest first
const MOST_NAMES = 40;
const NAME_PIXELS = 14;
const LONGEST_CLASS_NAME = 18;

/**
 * For each label below `count` with points: {label, spots: [[a, b], …]}, the middles of the cells
 * that hold most of its points. Classes with more points come first.
 * @type {(projected: Projected, labels: Int16Array, count: number) => ClassSpots[]}
 */
export function classSpots(projected, labels, count) {
  const { a, b } = projected;
  if (!a.length || count > MOST_NAMES) return [];
  const [[a0, a1], [b0, b1]] = [a, b].map((values) => [
    values.reduce((least, value) => Math.min(least, value), Infinity),
    values.reduce((most, value) => Math.max(most, value), -Infinity),
  ]);
  const side = Math.max(a1 - a0, b1 - b0) / GRID || 1;
  /** @type {Map<number, Cell>[]} */
  const cells = Array.from({ length: count }, () => new Map());
  for (let slot = 0; slot < a.length; slot++) {
    const label = labels[slot];
    if (label < 0 || label >= count) continue;
    const key = Math.floor((b[slot] - b0) / side) * 2 * GRID + Math.floor((a[slot] - a0) / side);
    const cell = cells[label].get(key) ?? { points: 0, a: 0, b: 0 };
    cell.points += 1;
    cell.a += a[slot];
    cell.b += b[slot];
    cells[label].set(key, cell);
  }
  return cells
    .map((found, label) => ({ label, ...fullest([...found.values()]) }))
    .filter(({ points }) => points > 0)
    .sort((one, other) => other.points - one.points);
}

/** @type {(cells: Cell[]) => {points: number, spots: Spot[]}} */
function fullest(cells) {
  const points = cells.reduce((sum, cell) => sum + cell.points, 0);
  const best = cells.sort((one, other) => other.points - one.points).slice(0, SPOTS);
  return { points, spots: best.map((cell) => [cell.a / cell.points, cell.b / cell.points]) };
}

/**
 * Write names in sight, each at its first spot where it covers no other; else it stays out.
 * @type {(context: CanvasRenderingContext2D, frame: Frame, classes: ClassSpots[], names: string[]) => void}
 */
export function sketchNames(context, frame, classes, names) {
  const { width, height, theme, toScreen } = frame;
  context.font = planeFont(theme, NAME_PIXELS, 700);
  /** @type {{x: number, y: number, half: number}[]} */
  const taken = [];
  for (const { label, spots } of classes) {
    const text = names[label].length > LONGEST_CLASS_NAME
      ? `${names[label].slice(0, LONGEST_CLASS_NAME - 1)}…`
      : names[label];
    const half = context.measureText(text).width / 2 + 3;
    const places = spots.map(([a, b]) => toScreen(a, b));
    const free = places.find(([x, y]) =>
      x > half && x < width - half && y > NAME_PIXELS && y < height - NAME_PIXELS &&
      taken.every((other) =>
        Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > NAME_PIXELS + 3));
    if (!free) continue;
    const [x, y] = free;
    taken.push({ x, y, half });
    context.textAlign = "center";
    writeQuietly(context, theme, text, x, y, 1, context.font);
  }
}
