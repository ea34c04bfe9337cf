// Which encoded images cover a place, as in vae/latent/cover.py.

import assert from "node:assert/strict";
import test from "node:test";

import { parsePoints } from "../../vae/web/core/points.js";
import { coverAt, drawnAt, weightedMean } from "../../vae/web/microscope/cover.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

// means may be sent as 65,536 steps of their range: some 1e-4 of a σ, squared and summed
const STEPS = 2e-3;

for (const { name, points: payload, z, shares, own, effective } of oracle()) {
  const points = parsePoints(bytesOf(payload));

  test(`images weigh what NumPy says: ${name}`, () => {
    const found = coverAt(points, z);
    assertNear(found.effective, effective, 0, STEPS);
    for (const { row, share } of found.shares) assertNear(share, shares[row], 1e-6, STEPS);
    const ordered = found.shares.map(({ share }) => share);
    assert.deepEqual(ordered, [...ordered].sort((one, other) => other - one));
  });

  test(`each is drawn as often as its share says, to one: ${name}`, () => {
    const rows = drawnAt(points, z, 200);
    assert.equal(rows.length, 200);
    for (const [row, share] of shares.entries()) {
      const times = rows.filter((one) => one === row).length;
      assert.ok(Math.abs(times - 200 * share) < 1 + 200 * STEPS, `${times} times at ${share}`);
    }
  });

  test(`with a class only its own images weigh: ${name}`, () => {
    for (const { row, share } of coverAt(points, z, 1).shares) assertNear(share, own[row], 1e-6, STEPS);
  });
}

test("a mean of images is weighted, and made of those that are here", () => {
  const parts = [{ share: 0.6, pixels: [1, 0] }, { share: 0.2, pixels: [0, 1] }, { share: 0.2, pixels: null }];
  const { mean, held } = weightedMean(parts, 2);
  assertNear(mean, [0.75, 0.25], 1e-6);
  assertNear(held, 0.8, 1e-9);
});
