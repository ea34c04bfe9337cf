// The networks of PCA, of a Boltzmann machine and of a deep belief net, against PyTorch.

import assert from "node:assert/strict";
import test from "node:test";

import { decode, encode, parseNetwork } from "../../vae/web/core/decoder.js";
import { samplePlace } from "../../vae/web/core/random.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

for (const { name, decoder, encoder, x, z, mean, loc } of oracle()) {
  const [down, up] = [decoder, encoder].map((payload) => parseNetwork(bytesOf(payload)));
  test(`the decoded image is PyTorch's in float64: ${name}`, () => {
    // the promise of the decoder; what is left is the float32 in which pixels are kept
    assertNear([...decode(down, z)], mean, 1e-5);
  });
  test(`the code of an image is PyTorch's in float64: ${name}`, () => {
    // sums of at most some hundred float64 products in each of three layers
    assertNear([...encode(up, x).loc], loc, 1e-9, 1e-9);
  });
  test(`a random place is a draw of the model's own chain, just where it has one: ${name}`, () => {
    const { draws, drawn_by: drawnBy } = down.header.latent;
    assert.equal(drawnBy, name === "linear" ? undefined : "200 steps of its own Gibbs chain");
    if (!draws) return;
    const place = [...samplePlace(down.header)];
    assert.ok(draws.some((one) => one.every((value, i) => value === place[i])));
  });
}
