// The nearest images and what is far, against numpy.

import assert from "node:assert/strict";
import test from "node:test";

import { howFar, nearestImages, parseNear } from "../../vae/web/core/nearness.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

const { near, thinned, far, alone } = oracle();
const packed = (points) => ({ ...points, loc: Float32Array.from(points.loc) });

for (const one of [...near, thinned]) {
  const { count, zDim } = one.points;
  test(`the nearest of ${count} images in ${zDim} dimensions, each ${one.stride}th, are numpy's`, () => {
    const found = nearestImages(packed(one.points), one.z, one.count, one.stride);
    assert.deepEqual([...found.rows], one.rows);
    assertNear([...found.distances], one.distances, 0, 1e-12);
  });
}

test("of points that tell nothing about nearness nothing is said", () => {
  assert.equal(howFar(packed(near[2].points), near[2].z), null);
});

test("of a single image nothing is told, and a payload about other images is refused", () => {
  assert.equal(parseNear(bytesOf(alone), 1), null);
  const { near: payload, points } = far[0];
  assert.throws(() => parseNear(bytesOf(payload), points.count + 1), /not about 601 images/);
});

for (const { points: bare, near: payload, places, ratios } of far) {
  test(`far is judged as in Python in ${bare.zDim} dimensions`, () => {
    const points = { ...bare, near: parseNear(bytesOf(payload), bare.count) };
    const { limit } = points.near;
    const beyond = ratios.filter((ratio) => ratio > limit).length;
    assert.ok(beyond > 0 && beyond < places.length);
    places.forEach((z, i) => {
      const found = howFar(packed(points), z);
      // both compute in float64, to 1e-9 here, but a reach comes as a float32, right to 2⁻²⁴
      assertNear(found.distance / found.around, ratios[i], 0, 2 ** -24 + 1e-9);
      assert.equal(found.far, ratios[i] > limit);
    });
  });
}
