// log p(x) over all classes, against the sum that Python makes.

import assert from "node:assert/strict";
import test from "node:test";

import { manyOf } from "../../vae/web/batch/many.js";
import { parseNetwork } from "../../vae/web/core/decoder.js";
import { finished } from "../../vae/web/microscope/bounds.js";
import { Looker } from "../../vae/web/microscope/joint.js";
import { overClasses } from "../../vae/web/microscope/over_classes.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

// what is promised on the screen, nats
const SHOWN = 0.01;

for (const { decoder, encoder, pixels, pair, log } of oracle()) {
  test(`log p(x) is the mean over the classes of p(x|y): ${pair.length} dimensions`, () => {
    const net = parseNetwork(bytesOf(decoder));
    const looker = new Looker(net, manyOf(bytesOf(decoder), net));
    const found = finished(overClasses(looker, parseNetwork(bytesOf(encoder)), pixels, pair));
    assert.equal(found.given.length, net.classes);
    assertNear(found.log, log, SHOWN);
  });
}
