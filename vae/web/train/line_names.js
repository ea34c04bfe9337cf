// The names of the two lines of a chart, at their ends: neither covers the other.

/** @typedef {{text: string, y: number, wide: number}} Line */

/**
 * Where a name stands: its left edge and the middle of its height.
 * @typedef {{text: string, left: number, wide: number, y: number}} PlacedName
 */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Frame */

const GAP = 13; // pixels from one line of text to the next

/**
 * Place the names of two lines that end at `x`: the upper one above, the lower one below if there
 * is room.
 * @type {(lines: Line[], x: number, frame: Frame) => PlacedName[]}
 */
export function placeLineNames(lines, x, { left, right, top, bottom }) {
  const [upper, lower] = [...lines].sort((one, other) => one.y - other.y);
  const above = Math.max(top + 10, Math.min(upper.y - 12, bottom - 22));
  const under = lower.y + GAP;
  const heights = under <= bottom - 7 ? [above, under] : [above - GAP, above];
  return [upper, lower].map(({ text, wide }, which) => ({
    text,
    wide,
    left: Math.min(Math.max(left + 4, x - wide + 4), right - wide),
    y: heights[which],
  }));
}
