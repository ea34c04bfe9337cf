// The arithmetic of the Anomaly page: shares, thresholds, the curve, the axis, the strip, the words.

import assert from "node:assert/strict";
import test from "node:test";

import { axisOf, columnOf, countsOf, shareAt, ticksOf, valueAt } from "../../vae/web/anomaly/axis.js";
import { betaShare, shareOf } from "../../vae/web/anomaly/beta.js";
import { csvOf } from "../../vae/web/anomaly/csv.js";
import { paintHeat, ramp, rangeOf } from "../../vae/web/anomaly/heat.js";
import { ranked } from "../../vae/web/anomaly/list.js";
import { above, alarmsOf, rateOf, readScores, rocOf, strangerThan, thresholdAt, thresholdAtAlarms } from "../../vae/web/anomaly/scores.js";
import { chosen } from "../../vae/web/anomaly/strip.js";
import { failureOf, percent, sentenceOf, withInterval } from "../../vae/web/anomaly/words.js";
import { oracle } from "./oracle.js";

const { held, normal, foreign, auc, shares, thresholds, betas } = oracle();
const block = Float64Array.from([...held, ...normal, ...foreign]);
const scores = readScores(block.buffer, held.length, normal.length);

/** @type {(one: number, other: number, off?: number) => void} */
const near = (one, other, off = 1e-9) => assert.ok(Math.abs(one - other) <= off, `${one} is not ${other}`);

test("the beta distribution is SciPy's", () => {
  for (const [x, a, b, share] of betas) near(betaShare(x, a, b), share, 1e-10);
});

test("a share has the exact interval that Python gives it", () => {
  for (const [count, of, value, low, high] of shares) {
    const found = shareOf(count, of);
    near(found.value, value);
    near(found.low, low);
    near(found.high, high);
  }
});

test("a threshold is the order statistic that Python takes, with the same interval of its rate", () => {
  for (const { rate, value, low, high, found } of thresholds) {
    const threshold = thresholdAt(scores, rate);
    assert.equal(threshold, value);
    const [alarms, caught] = [rateOf(scores, threshold), alarmsOf(scores, "foreign", threshold)];
    assert.ok(alarms.value <= rate + 1e-12);
    near(alarms.low, low);
    near(alarms.high, high);
    near(caught.value, found[0]);
    near(caught.low, found[1]);
    near(caught.high, found[2]);
  }
});

test("at a rate that so few images do not allow the line stands at the highest of them", () => {
  assert.equal(thresholdAt(scores, 1e-6), Math.max(...held));
  near(rateOf(scores, Math.max(...held)).value, 1 / (held.length + 1));
});

test("what lies above a threshold is counted, ties do not", () => {
  const sorted = Float64Array.from([1, 2, 2, 3]);
  assert.deepEqual([0, 1, 2, 2.5, 3].map((at) => above(sorted, at)), [4, 3, 1, 1, 0]);
});

test("an image that was left out counts nowhere", () => {
  const some = readScores(Float64Array.from([1, NaN, 2, NaN, 5, 4]).buffer, 2, 2);
  assert.deepEqual([...some.sorted.held], [1]);
  assert.deepEqual([...some.sorted.normal], [2]);
  assert.deepEqual([...some.sorted.foreign], [4, 5]);
  assert.equal(some.normal.length, 2);
});

test("the curve rises from nothing to everything, its area is Python's, and its band holds it", () => {
  const points = rocOf(scores);
  assert.deepEqual([points[0].alarms, points[0].found], [0, 0]);
  assert.deepEqual([points.at(-1).alarms, points.at(-1).found], [1, 1]);
  let area = 0;
  for (let k = 1; k < points.length; k++) {
    assert.ok(points[k].alarms >= points[k - 1].alarms && points[k].found >= points[k - 1].found);
    assert.ok(points[k].low <= points[k].found && points[k].found <= points[k].high);
    area += ((points[k].alarms - points[k - 1].alarms) * (points[k].found + points[k - 1].found)) / 2;
  }
  // the curve is thinned to some 160 points
  near(area, auc, 2e-3);
});

test("a hand on the curve finds the threshold of that many false alarms", () => {
  for (const share of [0, 0.25, 0.5, 0.9]) {
    const threshold = thresholdAtAlarms(scores, share);
    near(alarmsOf(scores, "normal", threshold).value, share, 0.5 / normal.length + 1e-12);
    near(strangerThan(scores, threshold), 1 - share, 0.5 / normal.length + 1e-12);
  }
});

for (const [name, shift, log] of [["linear", 0, false], ["logarithmic", 5, true]]) {
  test(`an axis that is ${name} goes from values to places and back`, () => {
    const moved = log ? block.map((value) => Math.exp(2 * value) + 1e-3) : block.map((value) => value + shift);
    const axis = axisOf(readScores(moved.buffer, held.length, normal.length));
    assert.equal(axis.log, log);
    for (const share of [0, 0.2, 0.77, 1]) near(shareAt(axis, valueAt(axis, share)), share);
    for (const tick of ticksOf(axis, 6)) assert.ok(tick >= axis.low && tick <= axis.high);
    assert.ok(ticksOf(axis, 6).length >= 2 && ticksOf(axis, 6).length <= 7);
  });
}

test("every image falls into a column, and the edges collect what lies outside", () => {
  const axis = axisOf(scores);
  const counts = countsOf(axis, scores.foreign, 20);
  assert.equal(counts.reduce((sum, count) => sum + count, 0), foreign.length);
  assert.equal(columnOf(axis, axis.high + 99, 20), 19);
  assert.equal(columnOf(axis, axis.low - 99, 20), 0);
  assert.ok(axis.below + axis.beyond > 0);
});

test("scores that are all the same still have an axis", () => {
  const axis = axisOf(readScores(Float64Array.from([2, 2, 2, 2]).buffer, 1, 2));
  assert.ok(axis.low < 2 && axis.high > 2);
  assert.ok(ticksOf(axis, 5).every(Number.isFinite));
});

test("the strip shows in each column images of that column alone, and each once", () => {
  const axis = axisOf(scores);
  const places = chosen(axis, scores.foreign, 15, 2);
  for (const { column, image } of places) assert.equal(columnOf(axis, scores.foreign[image], 15), column);
  assert.equal(new Set(places.map(({ image }) => image)).size, places.length);
  const counts = countsOf(axis, scores.foreign, 15);
  for (const [column, count] of counts.entries()) {
    assert.equal(places.filter((place) => place.column === column).length, Math.min(2, count));
  }
});

test("per cent has as many digits as tell something", () => {
  assert.deepEqual([0, 0.0012, 0.01, 0.05, 0.123, 0.63, 0.988, 0.9995, 1].map(percent),
    ["0", "0.12", "1", "5", "12", "63", "98.8", "99.95", "100"]);
});

test("the sentence says what the threshold lets through", () => {
  const alarms = { value: 0.01, low: 0, high: 0, count: 0, of: 1 };
  const found = { value: 0.63, low: 0.58, high: 0.67, count: 0, of: 1 };
  assert.equal(sentenceOf(alarms, found, "sevens"), "At 1 % false alarms it finds 63 % [58, 67] of sevens.");
  assert.equal(withInterval(shareOf(0, 1000)), "0 % [0.00, 0.37]");
});

/** @type {(title: string, value: number, low: number, looks?: string) => object} */
const scored = (title, value, low, looks = "decoded") => ({ title, looks, auc: { value, low, high: 2 * value - low } });

test("a score that ranks foreign images as more normal says so, with the one that does better", () => {
  const [bad, good] = [scored("−ELBO", 0.3, 0.28), scored("Nearest codes", 0.9, 0.88)];
  const said = failureOf(bad, [bad, good], "sevens");
  assert.match(said, /^−ELBO fails here: in 70 % of all pairs/);
  assert.match(said, /Nearest codes does better here: AUC 0\.900 \[0\.880, 0\.920\]/);
  assert.equal(failureOf(good, [bad, good], "sevens"), "");
  assert.match(failureOf(bad, [bad], "sevens"), /No score here does better/);
  assert.match(failureOf(scored("x", 0.51, 0.49), [], "sevens"), /no better than a coin/);
});

test("a table quotes what a spreadsheet would take for something else", () => {
  const table = csvOf(["elbo"], [
    { set: "normal", row: 3, label: 'a "b", c', scores: [1.5] },
    { set: "foreign", row: 4, label: "=1+1", scores: [null] },
  ]);
  assert.equal(table, 'set,row,label,elbo\nnormal,3,"a ""b"", c",1.5\nforeign,4,\'=1+1,\n');
});

test("the colours of nats grow lighter, and a plain pixel stays as grey as it was", () => {
  /** @type {(heat: number) => number} */
  const light = (heat) => ramp(heat).reduce((sum, value) => sum + value, 0);
  for (let k = 0; k < 20; k++) assert.ok(light((k + 1) / 20) > light(k / 20));
  const data = new Uint8ClampedArray(8);
  const range = rangeOf([[0, 0, 0, 4]]);
  paintHeat(data, [1, 0], [0, 4], range, [1, 1, 2]);
  assert.deepEqual([data[0], data[1], data[2]], [140, 140, 140]);
  assert.ok(data[4] > 200);
});

test("the best score stands first, then what is on its way, then what is refused by its reason", () => {
  const listed = [
    { name: "a", state: "refused", why: "told classes", auc: null },
    { name: "b", state: "done", why: "", auc: { value: 0.4 } },
    { name: "c", state: "refused", why: "no density", auc: null },
    { name: "d", state: "running", why: "", auc: null },
    { name: "e", state: "done", why: "", auc: { value: 0.9 } },
    { name: "f", state: "refused", why: "told classes", auc: null },
    { name: "g", state: "offered", why: "", auc: null },
  ];
  assert.equal(ranked(listed).map(({ name }) => name).join(""), "ebdgcaf");
});
