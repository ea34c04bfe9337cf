// The density of a flow prior in the browser is PyTorch's, in any number of dimensions.

import assert from "node:assert/strict";
import test from "node:test";

import { parseFlowDensity } from "../../vae/web/core/prior_flow.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

for (const { name, payload, places, log_density: expected } of oracle()) {
  test(`log p(z) is that of PyTorch on the same weights: ${name}`, () => {
    const density = parseFlowDensity(bytesOf(payload));
    // both in float64; a spline's slope of a thousandth loses three of sixteen digits
    assertNear(places.map(density), expected, 1e-9, 1e-9);
  });
}

test("a payload that is cut short is refused", () => {
  const [{ payload }] = oracle();
  const whole = bytesOf(payload);
  assert.throws(() => parseFlowDensity(whole.slice(0, whole.byteLength - 8)), /cut short/);
  assert.throws(() => parseFlowDensity(whole.slice(0, 3)), /vae-flow/);
});
