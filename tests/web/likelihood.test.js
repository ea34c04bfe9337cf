// The likelihood of an image in the browser, against torch.

import test from "node:test";

import { parseNetwork } from "../../vae/web/core/decoder.js";
import { logLikelihood } from "../../vae/web/core/likeness.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

for (const { name, payload, z, pixels, log_px: expected } of oracle()) {
  test(`the likelihood of an image is that of torch: ${name}`, () => {
    const found = logLikelihood(parseNetwork(bytesOf(payload)), z, pixels);
    // sums of some seventy float64 terms
    assertNear(found, expected, 0, 1e-6);
  });
}
