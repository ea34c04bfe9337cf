// A model that is told classes in the browser, against PyTorch in float64 on the same weights.

import assert from "node:assert/strict";
import test from "node:test";

import { decode, encode, parseNetwork } from "../../vae/web/core/decoder.js";
import { recognise } from "../../vae/web/core/likeness.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

for (const said of oracle()) {
  const { name, z, pixels, images, loc, scale, likely } = said;
  const net = parseNetwork(bytesOf(said.decoder));
  const encoder = parseNetwork(bytesOf(said.encoder));

  test(`every class is decoded as PyTorch decodes it: ${name}`, () => {
    assert.equal(net.classes, images.length);
    images.forEach((image, label) => assertNear(decode(net, z, label), image, 1e-5, 0, `class ${label}`));
  });

  test(`a network is told its own label where a call names none: ${name}`, () => {
    net.label = 2;
    assertNear(decode(net, z), images[2], 1e-5);
    net.label = 0;
  });

  test(`every class is encoded as PyTorch encodes it: ${name}`, () => {
    loc.forEach((mean, label) => {
      const found = encode(encoder, pixels, label);
      assertNear(found.loc, mean, 1e-5, 0, `loc of class ${label}`);
      assertNear(found.scale, scale[label], 1e-5, 0, `scale of class ${label}`);
    });
  });

  test(`the class of a picture is the likeliest one: ${name}`, () => {
    assert.equal(recognise(net, encoder, pixels).label, likely);
  });

  test(`a class that a person chose is the one that a picture is encoded as: ${name}`, () => {
    loc.forEach((mean, label) => {
      const found = recognise(net, encoder, pixels, label);
      assert.deepEqual([found.label, found.chosen], [label, true]);
      assertNear(found.loc, mean, 1e-5, 0, `loc as class ${label}`);
      if (said.qy) assertNear([found.probability], [said.qy[label]], 1e-6);
    });
    assert.equal(recognise(net, encoder, pixels, loc.length).label, likely);
  });

  test(`a classifier gives the probabilities that PyTorch gives: ${name}`, () => {
    if (!said.qy) {
      assert.equal(encoder.classify, null);
      return;
    }
    // PyTorch ends this one in float32
    assertNear(encoder.classify(pixels), said.qy, 1e-6);
    assert.equal(recognise(net, encoder, pixels).probability, Math.max(...encoder.classify(pixels)));
  });

  test(`a class that there is not is refused: ${name}`, () => {
    assert.throws(() => decode(net, z, 4), /there is no class 4; this model knows 0 to 3/);
    assert.throws(() => decode(net, z, null), /there is no class null/);
  });
}
