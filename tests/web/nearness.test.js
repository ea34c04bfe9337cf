// The nearest images and what is far, against numpy.

import assert from "node:assert/strict";
import test from "node:test";

import { howFar, nearestImages } from "../../vae/web/core/nearness.js";
import { assertNear, oracle } from "./oracle.js";

const { near, thinned, far } = oracle();
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

for (const { points, places, ratios } of far) {
  test(`far is judged as in Python in ${points.zDim} dimensions`, () => {
    const { limit } = points.near;
    const beyond = ratios.filter((ratio) => ratio > limit).length;
    assert.ok(beyond > 0 && beyond < places.length);
    places.forEach((z, i) => {
      const found = howFar(packed(points), z);
      // both compute in float64
      assertNear(found.distance / found.around, ratios[i], 0, 1e-9);
      assert.equal(found.far, ratios[i] > limit);
    });
  });
}
