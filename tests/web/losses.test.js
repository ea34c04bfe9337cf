// Both losses of the lesson on the ELBO, against torch.distributions.

import assert from "node:assert/strict";
import test from "node:test";

import { bernoulliLoss, bestSigma, gaussianLoss } from "../../vae/web/learn/elbo/losses.js";
import { assertNear, oracle } from "./oracle.js";

const { pixels, mean, odds, gaussian, bernoulli } = oracle();
// some dozens of float64 terms
const NEAR = 1e-9;

for (const { sigma, log } of gaussian) {
  test(`a Gaussian's log density is torch's at σ ${sigma}`, () => {
    assertNear([gaussianLoss(pixels, mean, sigma).logDensity], [log], NEAR, NEAR);
  });
  test(`it is minus the squared error times 1 / (2σ²), less a constant, at σ ${sigma}`, () => {
    const { logDensity, scaled, constant } = gaussianLoss(pixels, mean, sigma);
    assertNear([-scaled - constant], [logDensity], NEAR, NEAR);
  });
}

test("the log density is highest at the root of the mean squared error", () => {
  const best = bestSigma(gaussianLoss(pixels, mean, 1).error, pixels.length);
  const at = (sigma) => gaussianLoss(pixels, mean, sigma).logDensity;
  assert.ok(at(best) > at(best * 1.02) && at(best) > at(best / 1.02));
});

test("a Bernoulli's log probability is torch's, and minus the cross-entropy", () => {
  const { logProbability, crossEntropy } = bernoulliLoss(pixels, odds);
  assertNear([logProbability, -crossEntropy], [bernoulli, bernoulli], NEAR, NEAR);
});
