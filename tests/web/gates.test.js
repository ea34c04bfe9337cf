// Networks that are told β, against torch at several β.

import assert from "node:assert/strict";
import test from "node:test";

import { decode, encode, parseNetwork } from "../../vae/web/core/decoder.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

for (const { name, decoder, encoder, z, pixels, found } of oracle()) {
  const [decodes, encodes] = [decoder, encoder].map((text) => parseNetwork(bytesOf(text)));

  test(`both networks do at each β what torch does: ${name}`, () => {
    for (const { beta, image, loc, scale } of found) {
      decodes.setBeta(beta);
      encodes.setBeta(beta);
      // pixels are kept as float32
      assertNear(Array.from(decode(decodes, z)), image, 1e-5);
      const codes = encode(encodes, pixels);
      assertNear(Array.from(codes.loc), loc, 1e-5);
      assertNear(Array.from(codes.scale), scale, 1e-5, 1e-5);
    }
  });

  test(`a network that was told nothing is at β = 1: ${name}`, () => {
    const fresh = parseNetwork(bytesOf(decoder));
    const { image } = found.find(({ beta }) => beta === 1);
    assertNear(Array.from(decode(fresh, z)), image, 1e-5);
    const least = found[0].image;
    assert.ok(least.some((value, i) => Math.abs(value - image[i]) > 1e-3));
  });
}
