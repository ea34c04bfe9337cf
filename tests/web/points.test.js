// Reading the encoded images, and the order in which they are drawn.

import assert from "node:assert/strict";
import test from "node:test";

import { parsePoints, pointAtSlot } from "../../vae/web/core/points.js";
import { bytesOf, oracle } from "./oracle.js";

const { exact, quantised, damaged } = oracle();

for (const { payload, z_dim: zDim, loc, scale, label, index } of exact) {
  test(`points of ${zDim} dimensions are read exactly`, () => {
    const found = parsePoints(bytesOf(payload));
    assert.deepEqual([found.count, found.zDim], [label.length, zDim]);
    assert.deepEqual([...found.loc], loc);
    assert.deepEqual([...found.scale], scale);
    assert.deepEqual([...found.label], label);
    assert.deepEqual([...found.index], index);
  });
}

test("quantised points are read within half a step", () => {
  const { loc } = parsePoints(bytesOf(quantised.payload));
  const { z_dim: zDim, extent } = quantised;
  loc.forEach((value, i) => {
    // the second term is float32's, 2⁻²⁴ of numbers below 8, twice
    const most = extent[i % zDim] / 65_535 / 2 + 2 * 8 * 2 ** -24;
    assert.ok(Math.abs(value - quantised.loc[i]) <= most, `${value} is not ${quantised.loc[i]}`);
  });
});

for (const [words, payload] of Object.entries(damaged)) {
  test(`a damaged payload is named: ${words}`, () => {
    assert.throws(() => parsePoints(bytesOf(payload)), ({ message }) => message.includes(words));
  });
}

const order = (count) => Array.from({ length: count }, (_, slot) => pointAtSlot(slot, count));

for (const count of [0, 1, 2, 9, 10, 1000, 1001]) {
  test(`each of ${count} points is drawn once`, () => {
    assert.deepEqual(order(count).sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
  });
}

test("the drawing order spreads classes that come one after another", () => {
  const drawn = order(10_000);
  for (let start = 0; start < 10_000; start += 500) {
    const classes = Array.from({ length: 10 }, () => 0);
    for (const row of drawn.slice(start, start + 500)) classes[Math.floor(row / 1000)] += 1;
    assert.ok(Math.min(...classes) >= 40, `${classes}`);
  }
});
