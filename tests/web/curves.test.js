// What the curves of a run show: their range, their axis, and which reports of a long run.

import assert from "node:assert/strict";
import test from "node:test";

import { trainTicks } from "../../vae/web/train/chart.js";
import { placeLineNames } from "../../vae/web/train/line_names.js";
import { placeTrainMarks, trainMarkWords } from "../../vae/web/train/marks.js";
import { Reports } from "../../vae/web/train/reports.js";
import { trainReportWords } from "../../vae/web/train/words.js";
import {
  calmTrainRange,
  TRAIN_CURVES,
  trainEnd,
  trainRange,
  trainThinned,
} from "../../vae/web/train/ranges.js";

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

test("the curve of a learned σ is the model's own number, without a value in training", () => {
  // step, seconds, β, three numbers of each split, σ as ui/routes/runs.py sends it
  const rows = [0.5, 0.25, null].map((scale, i) => [i + 1, 1, 1, -90, -80, 10, -95, -85, 10, scale]);
  const { of, unit, decimals } = TRAIN_CURVES.scale;
  assert.deepEqual(rows.map(of), [[null, 0.5], [null, 0.25], [null, null]]);
  assert.deepEqual(trainRange(rows, TRAIN_CURVES.scale), [0.25, 0.5]);
  assert.deepEqual([unit, decimals], ["in pixel values", 3]);
});

test("the readout says σ of the model, without a number of training", () => {
  const row = [20, 1, 1, -90, -80, 10, -95, -85, 10, 0.3127];
  const words = trainReportWords(TRAIN_CURVES.scale, row, true);
  assert.equal(words, "step 20 · σ of a pixel 0.313 in pixel values");
});

test("the curve of σ is empty for a run whose reports know none", () => {
  assert.equal(trainRange([[1, 1, 1, -90, -80, 10, -95, -85, 10]], TRAIN_CURVES.scale), null);
});

test("what a resumed run tells again takes the place of what it had told", () => {
  const reports = new Reports();
  assert.ok(reports.take({ rows: [[10, "old"], [20, "old"], [30, "old"]], kl_rows: [[1], [2], [3]] }));
  assert.ok(reports.take({ rows: [[20, "new"]], kl_rows: [[4]] }));
  assert.deepEqual(reports.rows, [[10, "old"], [20, "new"]]);
  assert.deepEqual(reports.klOf(reports.at(11)), [4]);
  assert.ok(!reports.take({ rows: [] }));
});

test("labels of changes cover no other one and stay within the picture", () => {
  const wide = () => 60;
  const across = (step) => step;
  const placed = placeTrainMarks([[100, "a"], [110, "b"], [120, "c"], [130, "d"], [380, "e"]], across, wide, { right: 400, top: 12 });
  assert.deepEqual(placed.map(({ y }) => y), [12, 27, 42, 57, 12]);
  assert.ok(placed.every(({ left, label }) => !label || left + 60 <= 400));
  assert.ok(placed[4].left + 60 < 380);
  const crowded = Array.from({ length: 5 }, (_, at) => [100 + at, "x"]);
  assert.deepEqual(
    placeTrainMarks(crowded, across, wide, { right: 400, top: 12 }).map(({ label }) => label),
    ["x", "x", "x", "x", ""],
  );
  assert.equal(trainMarkWords([[100, "β 1 → 4"]]), "β 1 → 4 at step 100");
});

test("labels of changes keep clear of the names of the lines", () => {
  const frame = { left: 50, right: 400, top: 14, bottom: 180 };
  // validation rises to the top of the chart, where labels begin
  const names = placeLineNames(
    [{ text: "train", y: 150, wide: 40 }, { text: "validation", y: 20, wide: 80 }],
    380,
    frame,
  );
  const [validation, train] = names;
  assert.deepEqual([validation.text, train.text], ["validation", "train"]);
  const [placed] = placeTrainMarks([[300, "β 4"]], (step) => step, () => 60, { right: 400, top: 26 }, names);
  assert.ok(Math.abs(placed.y - validation.y) >= 13, `${placed.y} and ${validation.y}`);
  assert.equal(placed.label, "β 4");
  const [far] = placeTrainMarks([[100, "β 4"]], (step) => step, () => 60, { right: 400, top: 26 }, names);
  assert.equal(far.y, 26);
});
