// What the pad says of a dimension: its KL, and whether the codes use it at all.

import assert from "node:assert/strict";
import test from "node:test";

import { dimensionOrder } from "../../vae/web/core/latent.js";
import { informationText } from "../../vae/web/pad/sliders.js";

const latent = {
  kl_per_dim: [6.5, 0.001, 1.25],
  used: [false, false, true],
  loc_std: [1e-4, 1e-4, 0.9],
  scale_mean: [1e-3, 1, 0.3],
};

test("a large KL of a mean that does not vary is no information", () => {
  const header = { z_dim: 3, latent };
  assert.deepEqual([0, 1, 2].map((i) => informationText(header, i)), [
    "KL 6.50 nats, but its mean does not vary: carries no information",
    "carries no information (KL 0.00 nats)",
    "KL 1.25 nats",
  ]);
});

const narrow = { ...latent, loc_std: [0.09, 0.09, 0.09], scale_mean: [0.1, 0.1, 0.1] };

for (const [kind, kl, said] of [
  ["a VAE", [2, 0, 0], "KL 2.00 nats, but its mean hardly varies: hardly used"],
  ["an autoencoder", null, "its mean "],
]) {
  test(`means that a narrow posterior still tells apart are not called empty: ${kind}`, () => {
    const header = { z_dim: 3, latent: { ...narrow, kl_per_dim: kl } };
    assert.ok(informationText(header, 0).startsWith(said), informationText(header, 0));
  });
}

test("unused dimensions stand last whatever their KL", () => {
  assert.deepEqual(dimensionOrder({ z_dim: 3, latent }), [2, 0, 1]);
});
