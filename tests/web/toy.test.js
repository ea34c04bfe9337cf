// Lesson 0: the toy is a model of `vae`, and its training follows from its seed.

import assert from "node:assert/strict";
import test from "node:test";

import { arrangementOf } from "../../vae/web/learn/toy/arranged.js";
import { ticksOf } from "../../vae/web/learn/toy/curve.js";
import { planOf } from "../../vae/web/learn/toy/network.js";
import { parted, spiral } from "../../vae/web/learn/toy/points.js";
import { RECIPES } from "../../vae/web/learn/toy/recipes.js";
import { REPORT_EVERY, Training } from "../../vae/web/learn/toy/training.js";
import { assertNear, oracle } from "./oracle.js";

const told = oracle();
const [train, held] = [told.train, told.held].map((rows) => rows.map((row) => Float64Array.from(row)));
const start = (recipe = RECIPES.images, data = train, heldOut = held) => new Training(recipe, data, heldOut, 1);
const run = (training, steps) => {
  for (let i = 0; i < steps; i++) training.step();
  return training;
};
const total = ({ reconstruction, kl }) => reconstruction + kl;

test("loss and gradients are those of the same model in vae", () => {
  const { parameters, loss } = start();
  parameters.values.set(told.values);
  parameters.grads.fill(0);
  told.x.forEach((x, i) => {
    const { reconstruction, kl } = loss(Float64Array.from(x), told.noise[i], told.beta);
    // both sides compute in float64
    assertNear(reconstruction, told.reconstruction[i], 1e-9, 1e-9);
    assertNear(kl, told.kl[i], 1e-9, 1e-9);
  });
  assertNear(Array.from(parameters.grads, (value) => value / told.x.length), told.grads, 1e-9, 1e-9);
});

test("a training from the start again takes the same steps", () => {
  const training = run(start(), 40);
  const first = { values: training.parameters.values.slice(), batches: training.batches, held: training.held };
  training.restart();
  assert.equal(training.steps, 0);
  run(training, 40);
  assert.deepEqual({ values: training.parameters.values, batches: training.batches, held: training.held }, first);
});

test("steps one by one are those of a run", () => {
  const [one, other] = [start(), run(start(), 25)];
  for (let i = 0; i < 25; i++) {
    one.encode(train[0]); // to look at the model changes nothing
    one.decode([0, 1]);
    one.step();
  }
  assert.deepEqual(one.parameters.values, other.parameters.values);
});

test("a few hundred steps take two fifths off the loss of images that no step sees", () => {
  const training = run(start(), 300);
  const [first, last] = [training.held[0], training.held.at(-1)];
  assert.equal(last.step, 300);
  assert.ok(total(last) < 0.6 * total(first), `${total(first)} nats became ${total(last)}`);
  assert.ok(last.kl > first.kl + 0.5, "a code that helps differs between images");
});

test("a look at held-out images leaves gradients and the next step alone", () => {
  const [looked, blind] = [start(), start(RECIPES.images, train, [])];
  run(looked, 3 * REPORT_EVERY);
  run(blind, 3 * REPORT_EVERY);
  assert.equal(looked.held.length, 4);
  assert.deepEqual(looked.parameters.grads, blind.parameters.grads);
  assert.deepEqual(looked.parameters.values, blind.parameters.values);
});

test("looks at batches before the first step give their gradients and draws, and leave the steps alone", () => {
  const [looked, blind] = [start(), start()];
  const [one, other] = [0, 1].map(() => ({ drawn: looked.look(), grads: looked.parameters.grads.slice() }));
  assert.deepEqual(looked.parameters.values, blind.parameters.values);
  assert.notDeepEqual(one.grads, other.grads);
  for (const { grads } of [one, other]) assert.ok(grads.some((value) => value !== 0));
  for (const { code, z } of one.drawn) z.forEach((value, d) => assert.ok(Math.abs(value - code[d]) < 6 * code[2 + d]));
  run(looked, 3);
  run(blind, 3);
  assert.deepEqual(looked.parameters, blind.parameters);
  looked.restart();
  assert.deepEqual(looked.look(), one.drawn);
});

test("with a large β the code falls silent, with a small one it tells more", () => {
  const [strict, even, loose] = [30, 1, 0.05].map((beta) => run(Object.assign(start(), { beta }), 300).held.at(-1).kl);
  assert.ok(strict < 0.05, `KL ${strict} at β = 30`);
  assert.ok(loose > 2 * even, `KL ${loose} at β = 0.05, ${even} at 1`);
});

test("points are learnt as images are, and every fifth is held out", () => {
  const points = spiral();
  const { data, heldOut, all } = parted(points);
  assert.equal(data.length, 4 * heldOut.length);
  assert.equal(all.length, points.length);
  const training = run(start(RECIPES.points, data, heldOut), 300);
  assert.ok(total(training.held.at(-1)) < 0.2 * total(training.held[0]));
});

test("with no data no step is taken, and with few all are in a batch", () => {
  assert.equal(run(start(RECIPES.points, [], []), 3).steps, 0);
  const one = run(start(RECIPES.points, [Float64Array.of(0.2, 0.3)], []), 3);
  assert.equal(one.steps, 3);
  assert.ok(one.parameters.values.every(Number.isFinite));
});

for (const [name, recipe] of Object.entries(RECIPES)) {
  test(`every weight is one pixel of its picture: ${name}`, () => {
    for (const matrix of planOf(recipe).matrices) {
      const shown = [...arrangementOf(matrix, recipe.shape).from].filter((at) => at >= 0);
      const all = Array.from({ length: matrix.rows * matrix.columns }, (_, i) => i);
      assert.deepEqual(shown.toSorted((a, b) => a - b), all);
    }
  });
}

test("an axis has a few round ticks", () => {
  assert.deepEqual(ticksOf(0, 47), [0, 20, 40]);
  assert.deepEqual(ticksOf(-2.5, 24), [0, 10, 20]);
  assert.deepEqual(ticksOf(0, 1), [0, 0.5, 1]);
});
