// A learned prior on the map of a run in training: its lines, and how they move between snapshots.

import assert from "node:assert/strict";
import test from "node:test";

import { trainPriorBetween, trainPriorLevels } from "../../vae/web/train/prior.js";
import { assertNear } from "./oracle.js";

const CELLS = 64;

// A normal of standard deviation 1 around (a, b), as a snapshot keeps it: against its peak.
function normal(a, b, draws = 0) {
  const [low, high] = [[a - 4, b - 4], [a + 4, b + 4]];
  const place = (k) => -4 + (8 * k) / (CELLS - 1);
  const log_density = Float32Array.from({ length: CELLS * CELLS }, (_, at) =>
    -0.5 * (place(at % CELLS) ** 2 + place(Math.floor(at / CELLS)) ** 2));
  return { low, high, size: [CELLS, CELLS], draws, log_density };
}

const radii = (lines, a, b) => lines.map(([x, y]) => Math.hypot(x - a, y - b));

test("the lines of a normal are its circles of 1, 2 and 3 standard deviations", () => {
  const { levels, line, extent } = trainPriorLevels(normal(2, -1));
  assert.equal(line, false);
  for (const [i, { lines }] of levels.entries()) {
    const found = radii(lines, 2, -1);
    // what lies on the grid alone counts, and a cell is 0.13 wide
    assertNear([Math.min(...found), Math.max(...found)], [i + 1, i + 1], 0.09);
  }
  assertNear(extent, [-1, 5, -4, 2], 0.1);
});

test("between two snapshots a normal moves: half way it lies in the middle, as wide as before", () => {
  const at = trainPriorBetween(normal(0, 0), normal(1, 0.5));
  const { levels } = trainPriorLevels(at(0.5));
  const found = radii(levels[0].lines, 0.5, 0.25);
  assertNear([Math.min(...found), Math.max(...found)], [1, 1], 0.09);
});

test("at the end of the way the prior is the snapshot's own, and a first one is shown at once", () => {
  const to = normal(1, 1);
  assert.equal(trainPriorBetween(normal(0, 0), to)(1), to);
  assert.equal(trainPriorBetween(null, to)(0), to);
  assert.equal(trainPriorBetween(to, null)(0.5), null);
});

test("along a line the places are those between which the shares lie", () => {
  const log_density = Float32Array.from({ length: 256 }, (_, k) => -0.5 * (-4 + (8 * k) / 255) ** 2);
  const { levels, line } = trainPriorLevels({ low: [-4], high: [4], size: [256], draws: 0, log_density });
  assert.equal(line, true);
  // a cell is 0.03 wide
  levels.forEach(({ lines }, i) => assertNear(lines, [-i - 1, i + 1], 0.04));
});

test("lines of draws say of how many", () => {
  assert.match(trainPriorLevels(normal(0, 0, 1000)).about, /1,000 draws/);
  assert.equal(trainPriorLevels(null), null);
});
