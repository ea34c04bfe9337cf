// Weighted draws of the lesson on the ELBO.

import assert from "node:assert/strict";
import test from "node:test";

import { boundsOf, carriedBy, logSumExp, runningMeans } from "../../vae/web/learn/elbo/weights.js";

const logs = Float64Array.from({ length: 240 }, (_, i) => 3 * Math.sin(7 * i) - 500);

test("equal weights all carry the mean", () => {
  const { logMean, effective, needed } = carriedBy(new Float64Array(100).fill(-900));
  assert.ok(Math.abs(logMean + 900) < 1e-9);
  assert.ok(Math.abs(effective - 100) < 1e-6);
  assert.equal(needed, 99);
});

test("one heavy draw among light ones carries it alone", () => {
  const { effective, needed } = carriedBy(Float64Array.from([-100, 0, -100, -100]));
  assert.ok(Math.abs(effective - 1) < 1e-9);
  assert.equal(needed, 1);
});

test("the bound of one draw is the mean of the logs, that of all draws the log of the mean", () => {
  const [one, all] = boundsOf(logs, [1, 240]);
  assert.ok(Math.abs(one.bound - logs.reduce((a, b) => a + b, 0) / 240) < 1e-9);
  assert.ok(Math.abs(all.bound - (logSumExp(logs) - Math.log(240))) < 1e-9);
});

// Jensen's inequality holds for any draws where each group is made of whole smaller ones
test("the bound never falls as groups are joined", () => {
  const bounds = boundsOf(logs, [1, 2, 4, 8, 40, 240]).map(({ bound }) => bound);
  for (let i = 1; i < bounds.length; i++) assert.ok(bounds[i] >= bounds[i - 1] - 1e-12);
});

test("no bound is told of more draws than there are", () => {
  assert.deepEqual(boundsOf(logs, [241]), []);
});

test("a running mean ends in the mean of all", () => {
  const means = runningMeans(logs);
  assert.equal(means.at(-1)?.[0], 240);
  assert.ok(Math.abs(means.at(-1)[1] - (logSumExp(logs) - Math.log(240))) < 1e-9);
  assert.ok(Math.abs(means[0][1] - (logSumExp(logs.subarray(0, 10)) - Math.log(10))) < 1e-9);
});
