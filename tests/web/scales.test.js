// Scales of the small charts of the lessons.

import assert from "node:assert/strict";
import test from "node:test";

import { shareOf, ticksOf, tickWords, valueAt } from "../../vae/web/learn/parts/scales.js";

const AXES = [
  { low: -142.3, high: -120.9, name: "nats" },
  { low: 0.01, high: 10, log: true, name: "β" },
  { low: 1, high: 512, log: true, name: "k" },
];

for (const axis of AXES) {
  test(`value and share are inverse, and ticks lie within: ${axis.name}`, () => {
    for (const share of [0, 0.3, 1]) assert.ok(Math.abs(shareOf(axis, valueAt(axis, share)) - share) < 1e-12);
    const ticks = ticksOf(axis, 5);
    assert.ok(ticks.length >= 2 && ticks.length <= 6, String(ticks));
    for (const value of ticks) assert.ok(shareOf(axis, value) > -1e-9 && shareOf(axis, value) < 1 + 1e-9);
  });
}

test("ticks are written without noise and with a true minus sign", () => {
  assert.equal(tickWords(-0.30000000000000004), "−0.3");
  assert.equal(tickWords(0), "0");
});
