// What the curves of a run show: their range, their axis, and which reports of a long run.

import assert from "node:assert/strict";
import test from "node:test";

import { trainTicks } from "../../vae/web/train/chart.js";
import {
  calmTrainRange,
  TRAIN_CURVES,
  trainEnd,
  trainRange,
  trainThinned,
} from "../../vae/web/train/curves.js";

test("the range leaves out the huge first values and then keeps still", () => {
  const row = (step, value) => [step, 0, 1, -value, -value, 0, -value, -value, 0];
  const rows = Array.from({ length: 100 }, (_, i) => row(i + 1, 130 + 5000 / (i + 1) ** 2));
  const range = trainRange(rows, TRAIN_CURVES.elbo);
  const shown = calmTrainRange(null, range);
  const [low, high] = shown;
  assert.ok(100 < low && low < 130, `${low}`);
  assert.ok(142 < high && high < 160, `${high}`);
  assert.equal(calmTrainRange(shown, [range[0], range[1] - 0.1]), shown);
  assert.ok(calmTrainRange(shown, [range[0], high + 1])[1] > high + 1);
  assert.ok(calmTrainRange(shown, [range[0], range[0] + 0.1])[1] < high);
});

test("ticks are round and lie within the range", () => {
  assert.deepEqual(trainTicks(123, 187, 4), [140, 160, 180]);
});

test("the axis of steps is the budget from the start", () => {
  assert.deepEqual([trainEnd(9, 5000, 7), trainEnd(9, null, 7), trainEnd(9, null, 200)], [5000, 9, 300]);
});

test("the axis of a time budget ends where the speed leads to and keeps still", () => {
  const ends = [[100, 50, 0.1], [500, 110, 0.2], [500, 510, 0.85]];
  assert.deepEqual(ends.map(([now, last, share]) => trainEnd(now, null, last, share)), [500, 500, 600]);
});

test("a long run is drawn from some of its reports and the last", () => {
  const thinned = trainThinned(Array.from({ length: 10_001 }, (_, i) => [i]), 500);
  assert.ok(thinned.length <= 502, `${thinned.length}`);
  assert.equal(thinned.at(-1)[0], 10_000);
});
