// What was changed while a run trained: a line where it was, and a short label beside it.

/** @typedef {[step: number, label: string]} Mark */

/** @typedef {{x: number, label: string, left: number, row: number}} PlacedMark */

const GAP = 4;
const ROWS = 3; // of labels, one below the other; what finds no room has its line alone

/**
 * Place the marks: a label stands right of its line, or left of it where the picture ends, in the
 * first row in which it covers no other one.
 * @type {(marks: Mark[], across: (step: number) => number, wide: (label: string) => number, right: number) => PlacedMark[]}
 */
export function placeTrainMarks(marks, across, wide, right) {
  /** @type {[from: number, to: number][][]} */
  const taken = Array.from({ length: ROWS }, () => []);
  return marks.map(([step, label]) => {
    const x = across(step);
    const width = wide(label);
    const left = x + GAP + width <= right ? x + GAP : x - GAP - width;
    const [from, to] = [left - GAP, left + width + GAP];
    const row = taken.findIndex((others) => others.every(([a, b]) => to <= a || from >= b));
    if (row < 0) return { x, label: "", left, row: 0 };
    taken[row].push([from, to]);
    return { x, label, left, row };
  });
}

/** Say the changes in words. @type {(marks: Mark[]) => string} */
export function trainMarkWords(marks) {
  return marks.map(([step, label]) => `${label} at step ${step}`).join(", ");
}
