// What a decoder's raw numbers mean in the browser, against torch: mean, likelihood, draws.

import assert from "node:assert/strict";
import test from "node:test";

import { decode, parseNetwork } from "../../vae/web/core/decoder.js";
import { logLikelihood } from "../../vae/web/core/likeness.js";
import { sampleImage } from "../../vae/web/core/random.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

const DRAWS = 2000;

for (const { name, payload, z, pixels, log_px: expected, mean } of oracle()) {
  const net = parseNetwork(bytesOf(payload));
  test(`the likelihood of an image is that of torch: ${name}`, () => {
    // sums of some hundred float64 terms, of a σ that torch keeps in float32
    assertNear(logLikelihood(net, z, pixels), expected, 0, 1e-6);
  });
  test(`the mean pixels are those of torch: ${name}`, () => {
    // the promise of the decoder; what is left is the float32 in which pixels are kept
    assertNear([...decode(net, z)], mean, 1e-5);
  });
  test(`draws of the pixels have their mean: ${name}`, () => {
    const sums = new Float64Array(mean.length);
    const drawn = new Float32Array(mean.length);
    const raw = net.run(z);
    for (let i = 0; i < DRAWS; i++) {
      sampleImage(net.header, mean, raw, drawn);
      for (let j = 0; j < sums.length; j++) sums[j] += drawn[j] / DRAWS;
    }
    // no pixel's σ is above 1/2, so that six standard errors are below this
    assertNear([...sums], mean, 6 * 0.5 / Math.sqrt(DRAWS));
  });
}

test("a draw from a mixture is an 8-bit image", () => {
  const { payload, z, mean } = oracle().find(({ name }) => name.startsWith("logistic-mixture"));
  const net = parseNetwork(bytesOf(payload));
  const drawn = sampleImage(net.header, mean, net.run(z), new Float64Array(mean.length));
  for (const pixel of drawn) assert.equal(Math.round(255 * pixel) / 255, pixel);
});
