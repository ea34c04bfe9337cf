// The lessons' arithmetic against PyTorch and NumPy, and what the address says of a lesson.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readAddress, readingScale, withLesson, withProjector } from "../../vae/web/learn/address.js";
import { bernoulliLogProb, costs, drawn, klToNormal, mirroredNoise } from "../../vae/web/learn/cloud/cost.js";
import { firstOf, squaredError } from "../../vae/web/learn/compression/first.js";
import { fillIn } from "../../vae/web/learn/fill_in.js";
import { between, noiseAt, placeFrom } from "../../vae/web/learn/holes/walk.js";
import { readSpecimens } from "../../vae/web/learn/specimens.js";
import { imageAsked } from "../../vae/web/learn/strip.js";

const oracle = JSON.parse(readFileSync(process.env.ORACLE, "utf8"));
const close = (a, b, within = 1e-9) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

test("type is of its usual size up to a usual screen, grows beyond, and at most doubles", () => {
  for (const usual of [360, 1280, 1920]) assert.equal(readingScale(usual), 1);
  assert.ok(readingScale(2560) > 1.3);
  assert.equal(readingScale(7680), 2);
});

test("the KL of a wider cloud is that of torch", () => {
  close(klToNormal(oracle.cloud, 2), oracle.kl);
});

test("the reconstruction term is that of torch, for large logits too", () => {
  close(bernoulliLogProb(oracle.pixels, oracle.raw), oracle.log_prob);
});

test("noise comes with its mirror image, so that a cloud's mean is its centre", () => {
  const noise = mirroredNoise(7, 8, 2);
  const zs = noise.map((one) => drawn(oracle.cloud, one, 3));
  for (const i of [0, 1]) close(zs.reduce((sum, z) => sum + z[i], 0) / 8, oracle.cloud.loc[i]);
  assert.deepEqual(mirroredNoise(7, 8, 2), noise);
});

test("the cost at a width is the mean over its draws", () => {
  // a decoder whose log odds are z itself
  const many = { run: (zs, label, hear) => zs.forEach((z, k) => hear(z, k)) };
  const noise = mirroredNoise(1, 6, 2);
  const [narrow, wide] = costs(many, [1, 0], oracle.cloud, noise, [1, 4]);
  const mean = noise.reduce((sum, one) => sum - bernoulliLogProb([1, 0], drawn(oracle.cloud, one, 4)) / 6, 0);
  close(wide.distortion, mean);
  assert.ok(narrow.kl > wide.kl);
});

test("draws of a fitted normal are those of Python, and noise is found again from z", () => {
  oracle.noise.forEach((noise, k) => {
    const z = placeFrom(oracle.fitted, noise);
    z.forEach((value, i) => close(value, oracle.places[k][i]));
    noiseAt(oracle.fitted, z).forEach((value, i) => close(value, noise[i]));
  });
  assert.deepEqual(placeFrom(null, [1, 2]), [1, 2]);
  assert.deepEqual(between([0, 2], [4, 0], 0.25), [1, 1.5]);
});

test("the numbers of a code after a width are zero, and an error is summed over all pixels", () => {
  const code = Float32Array.of(3, -1, 2);
  assert.deepEqual(firstOf(code, 1), [3, 0, 0]);
  assert.deepEqual(firstOf(code, 3), [3, -1, 2]);
  assert.equal(squaredError([1, 0.5, 0], [0, 0, 0]), 1.25);
});

test("the address of a lesson holds its state, and loses it for the next lesson", () => {
  const search = "?model=mnist-2d&lesson=cloud&sigma=2.00&image=3&projector=1";
  assert.deepEqual(readAddress(search), { lesson: "cloud", projector: true, state: { sigma: "2.00", image: "3" } });
  assert.equal(withLesson(search, "holes"), "?model=mnist-2d&lesson=holes&projector=1");
  assert.equal(withProjector("?lesson=cloud&projector=1", false), "?lesson=cloud");
});

test("words are filled where a value is known, and stay where it is not", () => {
  assert.equal(fillIn("σ <a> of <b>", { a: 0 }), "σ 0 of <b>");
});

test("images are read from their bytes, and a cut block is refused", () => {
  const pixels = Buffer.from([0, 255, 51, 0]).toString("base64");
  const { images } = readSpecimens({ shape: [1, 1, 2], labels: [4, 2], pixels });
  assert.deepEqual(images.map((one) => [...one].map((value) => Math.round(value * 255))), [[0, 255], [51, 0]]);
  assert.throws(() => readSpecimens({ shape: [1, 2, 2], labels: [4, 2], pixels }), /cut short/);
});

test("an address asks for images from 1 on, and for none that is not there", () => {
  assert.deepEqual(["1", "10", "11", "0", "x", undefined].map((text) => imageAsked(text, 10)), [0, 9, 0, 0, 0, 0]);
});
