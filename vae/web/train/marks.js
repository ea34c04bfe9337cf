// What was changed while a run trained: a line where it was, and a short label beside it.

/** @import { PlacedName } from "./line_names.js" */

/** @typedef {[step: number, label: string]} Mark */

/** @typedef {{x: number, label: string, left: number, y: number}} PlacedMark */

/**
 * Where labels may stand: up to which pixel, and the height of the first row.
 * @typedef {{right: number, top: number}} Room
 */

const GAP = 4;
const ROWS = 4; // of labels, one below the other; what finds no room has its line alone
const ROW = 15;
const TALL = 13; // pixels from the middle of one text to that of another which it does not touch

/**
 * Place the marks: a label stands right of its line, or left of it where the picture ends, in the
 * first row in which it covers no other one and none of the names of the lines.
 * @type {(marks: Mark[], across: (step: number) => number, wide: (label: string) => number, room: Room, names?: PlacedName[]) => PlacedMark[]}
 */
export function placeTrainMarks(marks, across, wide, { right, top }, names = []) {
  const taken = names.map((name) => ({ from: name.left, to: name.left + name.wide, y: name.y }));
  return marks.map(([step, label]) => {
    const x = across(step);
    const width = wide(label);
    const left = x + GAP + width <= right ? x + GAP : x - GAP - width;
    const [from, to] = [left - GAP, left + width + GAP];
    const rows = Array.from({ length: ROWS }, (_, row) => top + ROW * row);
    const near = taken.filter((one) => to > one.from && from < one.to);
    const free = rows.find((row) => near.every((one) => Math.abs(row - one.y) >= TALL));
    if (free === undefined) return { x, label: "", left, y: top };
    taken.push({ from, to, y: free });
    return { x, label, left, y: free };
  });
}

/** Say the changes in words. @type {(marks: Mark[]) => string} */
export function trainMarkWords(marks) {
  return marks.map(([step, label]) => `${label} at step ${step}`).join(", ");
}
