// Many images at once are the images that the decoder makes one by one.

import assert from "node:assert/strict";
import test from "node:test";

import { BATCH, manyOf } from "../../vae/web/batch/many.js";
import { decode, parseNetwork } from "../../vae/web/core/decoder.js";
import { bytesOf, oracle } from "./oracle.js";

// float32 against float64: 6e-8 of each of up to some thousand products, in a dozen layers; a pixel of
// a Gaussian likelihood may be larger than 1
const LIMIT = 1e-4;

/** Places that differ in each number, more than two batches hold. */
function placesOf(zDim) {
  return Array.from({ length: 2 * BATCH + 3 }, (_, k) =>
    Float64Array.from({ length: zDim }, (__, i) => 2 * Math.sin(1 + 3 * k + 7 * i)));
}

for (const { name, payload } of oracle()) {
  test(`a batch is decoded as image by image: ${name}`, () => {
    const buffer = bytesOf(payload);
    const net = parseNetwork(buffer);
    const many = manyOf(buffer, net);
    assert.ok(many.fast, "node runs WebAssembly");
    for (const beta of net.header.betas ? [1, 0.2] : [1]) {
      net.setBeta(beta);
      many.setBeta(beta);
      const zs = placesOf(net.zDim);
      const labelOf = (k) => (net.classes ? k % net.classes : null);
      let heard = 0;
      many.decode(zs, labelOf, (pixels, k) => {
        const alone = decode(net, zs[k], labelOf(k));
        pixels.forEach((value, i) => {
          const most = LIMIT * Math.max(1, Math.abs(alone[i]));
          assert.ok(Math.abs(value - alone[i]) <= most, `image ${k}, pixel ${i}: ${value}, not ${alone[i]}`);
        });
        heard += 1;
      });
      assert.equal(heard, zs.length);
    }
  });
}

test("a place of another size is refused", () => {
  const buffer = bytesOf(oracle()[0].payload);
  const many = manyOf(buffer, parseNetwork(buffer));
  assert.throws(() => many.decode([[1]], () => null, () => {}), /takes 3 numbers, not 1/);
});
