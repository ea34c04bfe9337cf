// What the Compare page computes: which images it shows, its address, what was drawn around.

import assert from "node:assert/strict";
import test from "node:test";

import { seededUniform } from "../../vae/web/core/seeded.js";
import { firstRows, otherRows, placesOf } from "../../vae/web/compare/pick.js";
import { readState, writeState } from "../../vae/web/compare/state.js";

const COUNT = 60;
// rows that are not places, in three classes of unequal size
const points = {
  count: COUNT,
  index: Uint32Array.from({ length: COUNT }, (_, k) => 500 + 3 * k),
  label: Int16Array.from({ length: COUNT }, (_, k) => (k % 4 === 3 ? 0 : k % 4)),
};
const labelOf = (row) => points.label[placesOf(points).get(row)];

test("the first ten images are of every class in turn", () => {
  assert.deepEqual(firstRows(points).map(labelOf), [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  assert.deepEqual(firstRows(points).slice(0, 3), [500, 503, 506]);
  assert.deepEqual(firstRows(points, 2).map(labelOf), Array(10).fill(2));
});

test("ten others are ten images that were not there, of the class that is asked for", () => {
  const first = firstRows(points);
  const others = otherRows(points, null, first, seededUniform(1));
  assert.equal(new Set([...first, ...others]).size, 20);
  assert.deepEqual(others.map(labelOf), first.map(labelOf));
  assert.deepEqual(otherRows(points, 1, first, seededUniform(2)).map(labelOf), Array(10).fill(1));
});

test("where hardly any others are left the same images may come again", () => {
  const few = { count: 12, index: points.index.subarray(0, 12), label: points.label.subarray(0, 12) };
  assert.equal(new Set(otherRows(few, null, firstRows(few), seededUniform(3))).size, 10);
});

test("what the address says is read back, and the rest of it stays", () => {
  const state = { images: [3, 12, 7], path: [3, 7], time: 0.25, seed: 9, large: 12 };
  const query = writeState("?model=a&large=true", ["a", "b"], state);
  assert.equal(query, "?model=a&large=true&models=a,b&images=3,12,7&path=3,7&at=0.25&seed=9&image=12");
  assert.deepEqual(readState(query), { ...state, wrong: null });
});

test("what the address says badly is named and left out", () => {
  for (const [query, name] of [["images=1,x", "images"], ["path=1", "path"], ["seed=-1", "seed"], ["at=2", "at"]]) {
    const { wrong, ...state } = readState(`?${query}`);
    assert.match(wrong ?? "", new RegExp(`asks for ${name} = `));
    assert.deepEqual(state, { images: null, path: null, time: 0.5, seed: 0, large: null });
  }
});
