// What the latent plane shows: its view, its ticks, where classes are named, a posterior's ellipse.

import assert from "node:assert/strict";
import test from "node:test";

import { classSpots } from "../../vae/web/plane/names.js";
import { projectedEllipse } from "../../vae/web/core/posterior.js";
import { tickStep } from "../../vae/web/plane/ticks.js";
import { fittedView } from "../../vae/web/plane/view.js";
import { assertNear, oracle } from "./oracle.js";

const { middles, places, ellipses } = oracle();

test("a class is named where most of its points lie, and one without points is not", () => {
  const spots = classSpots(places, places.label, 4);
  assert.deepEqual(spots.map(({ label }) => label).sort(), [0, 1, 2]);
  for (const { label, spots: [[a, b]] } of spots) {
    assert.ok(Math.hypot(a - middles[label][0], b - middles[label][1]) < 0.5, `${label}: ${a}, ${b}`);
  }
});

test("without a prior a view fits the points alone", () => {
  const projected = { a: [5, 6], b: [5, 6] };
  const size = { width: 300, height: 300 };
  const [withRings, alone] = [true, false].map((prior) => fittedView(projected, size, prior));
  assert.ok(alone.span < 1.2 && withRings.span > 6);
  assert.deepEqual([alone.cx, alone.cy], [5.5, 5.5]);
});

for (const side of [200, 268, 360, 488, 1100]) {
  test(`ticks stand neither crowded nor alone on ${side} pixels whatever the plane spans`, () => {
    for (let i = 0; i <= 40; i++) {
      const span = 0.01 * 10 ** (i / 8);
      const pixels = (tickStep(side / span).step * side) / span;
      // two labels of five characters of 12 pixels fit between; two ticks fit on the smallest
      assert.ok(48 * 0.999 <= pixels && pixels <= 2.5 * 48 * 1.001, `${pixels} at a span of ${span}`);
    }
  });
}

for (const { scale, u, v, half_axes: [smaller, larger], direction } of ellipses) {
  test(`the projected ellipse has the covariance's eigenvalues: ${scale.length} dimensions`, () => {
    const { ra, rb, angle } = projectedEllipse({ scale }, u, v);
    assertNear(ra, larger, 0, 1e-9);
    // differences of squares: the square root of float64's 1e-16 of the larger half axis
    assertNear(rb, smaller, 1e-7 * ra);
    const along = Math.cos(angle) * direction[0] + Math.sin(angle) * direction[1];
    assertNear(Math.abs(along), 1, 1e-9);
  });
}
