// The gradient estimators of the lesson on the reparameterization trick, against torch.

import assert from "node:assert/strict";
import test from "node:test";

import { reversibleDecoder } from "../../vae/web/backward/decoder.js";
import { Draws } from "../../vae/web/learn/reparameterization/draws.js";
import { reparameterized, scoreFunction, Tally } from "../../vae/web/learn/reparameterization/estimators.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

// float64 on both sides, of the same stored weights, but for a σ that torch keeps in float32
const NEAR = 1e-6;

for (const { name, payload, x, loc, scale, noise, f, path, score } of oracle()) {
  test(`loss, slope and both estimates are those of torch: ${name}`, () => {
    const draws = new Draws(reversibleDecoder(bytesOf(payload)), x, loc, scale);
    noise.forEach((eps, i) => {
      const { value, slope } = draws.look(eps);
      assertNear(value, f[i], NEAR, NEAR);
      const found = [reparameterized(slope, eps), scoreFunction(value, eps, scale)];
      [path, score].forEach((expected, k) => {
        assertNear(found[k].loc, expected.loc[i], NEAR, NEAR);
        assertNear(found[k].scale, expected.scale[i], NEAR, NEAR);
      });
    });
    assert.equal(draws.count, 0);
  });
}

/** f(z) = a z² / 2 + b z + c of one dimension, in the place of a decoder. */
const quadratic = (a, b, c) => ({
  at: ([z]) => ({ value: 0.5 * a * z * z + b * z + c, slope: Float64Array.of(a * z + b) }),
});
const COUNT = 40_000;
const measured = (decoder) => {
  const draws = new Draws(decoder, [], [0.7], [0.4]);
  for (let i = 0; i < COUNT; i++) draws.draw();
  return draws;
};

test("of a quadratic all three estimates have the mean of the closed form", () => {
  const [a, b, c] = [1.5, -2, 30];
  const { tally } = measured(quadratic(a, b, c));
  for (const { mean, variance, count } of Object.values(tally)) {
    // five standard errors
    assertNear(mean[0], a * 0.7 + b, 5 * Math.sqrt(variance / count));
  }
});

test("of a straight line the path's estimate does not scatter at all, the score function's does", () => {
  const { tally } = measured(quadratic(0, 2, 0));
  assert.ok(tally.path.variance < 1e-20);
  // f ε / σ with f = 1.4 + 0.8 ε: E f²ε² / σ² − 4
  const expected = (1.4 ** 2 + 3 * 0.8 ** 2) / 0.4 ** 2 - 4;
  assertNear(tally.score.variance, expected, 0, 0.05);
});

test("a baseline takes away what the height of f adds", () => {
  const [low, high] = [measured(quadratic(1.5, -2, 3)), measured(quadratic(1.5, -2, 300))];
  assert.ok(high.times("score") > 1000 * low.times("baseline"));
  assertNear(high.tally.baseline.variance, low.tally.baseline.variance, 0, 0.05);
});

test("draws follow from their seed", () => {
  const [one, other] = [0, 1].map(() => new Draws(quadratic(1, 1, 1), [], [0], [1]));
  for (let i = 0; i < 3; i++) assert.deepEqual(one.draw(), other.draw());
  assert.deepEqual(one.loc, other.loc);
});

test("a tally has the mean and the variance of what it saw", () => {
  const tally = new Tally();
  assert.ok(Number.isNaN(tally.variance));
  for (const vector of [[1, 5], [2, 5], [6, 8]]) tally.add(vector);
  assertNear(tally.mean, [3, 6], 1e-12);
  assertNear(tally.variance, 7 + 3, 1e-12);
});
