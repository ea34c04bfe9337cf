// Reverse mode in the browser against torch's autograd, in float64.

import assert from "node:assert/strict";
import test from "node:test";

import { adamOf, adamStep } from "../../vae/web/backward/adam.js";
import { bernoulli, gaussian, negativeElbo, vaeOf } from "../../vae/web/backward/bound.js";
import { KNOWN, reversibleStack } from "../../vae/web/backward/layers.js";
import { frozenParameters, parametersOf } from "../../vae/web/backward/parameters.js";
import { assertNear, oracle } from "./oracle.js";

// both sides compute in float64; what is promised is 1e-6
const NEAR = 1e-9;

const { ops, stacks, bounds, log_beta: logBeta } = oracle();

test("every layer that a browser runs has a way back, and each is compared here", () => {
  assert.deepEqual([...KNOWN].toSorted(), ops);
});

for (const { name, layers, shape, values, x, dy, y, dx, grads } of stacks) {
  test(`outputs and gradients are those of torch: ${name}`, () => {
    const parameters = Object.assign(parametersOf(values), { logBeta });
    const stack = reversibleStack(layers, shape, parameters);
    assert.equal(parameters.used, values.length);
    assertNear(Array.from(stack.run(Float64Array.from(x))), y, NEAR, NEAR);
    assertNear(Array.from(stack.back(Float64Array.from(dy))), dx, NEAR, NEAR);
    assertNear(Array.from(parameters.grads), grads, NEAR, NEAR);
  });

  test(`frozen parameters get none, and what lies before them the same: ${name}`, () => {
    const parameters = Object.assign(frozenParameters(values), { logBeta });
    const stack = reversibleStack(layers, shape, parameters);
    stack.run(Float64Array.from(x));
    assertNear(Array.from(stack.back(Float64Array.from(dy))), dx, NEAR, NEAR);
    assert.equal(parameters.grads.length, 0);
  });

  test(`gradients of several images add up, and what is returned does not: ${name}`, () => {
    const parameters = Object.assign(parametersOf(values), { logBeta });
    const stack = reversibleStack(layers, shape, parameters);
    for (let i = 0; i < 2; i++) {
      stack.run(Float64Array.from(x));
      assertNear(Array.from(stack.back(Float64Array.from(dy))), dx, NEAR, NEAR);
    }
    assertNear(Array.from(parameters.grads), grads.map((value) => 2 * value), NEAR, NEAR);
  });
}

for (const told of bounds) {
  const likelihood = told.name === "bernoulli" ? bernoulli : gaussian(told.scale);
  const start = () => {
    const parameters = parametersOf(told.start);
    const vae = vaeOf(told.layers, told.shape, told.z_dim, likelihood, parameters);
    return { parameters, loss: negativeElbo(vae) };
  };
  const [count, images] = [told.x.length, told.x.map((x) => Float64Array.from(x))];
  const step = ({ parameters, loss }) => {
    parameters.grads.fill(0);
    const terms = images.map((x, i) => ({ ...loss(x, told.noise[i], told.beta) }));
    parameters.grads.forEach((value, i) => (parameters.grads[i] = value / count));
    return [terms.map(({ reconstruction }) => reconstruction), terms.map(({ kl }) => kl)];
  };

  test(`the negative ELBO and all its gradients are those of torch: ${told.name}`, () => {
    const made = start();
    assertNear(step(made), told.losses[0], NEAR, NEAR);
    assertNear(Array.from(made.parameters.grads), told.grads, NEAR, NEAR);
  });

  test(`steps of Adam lead where torch's lead: ${told.name}`, () => {
    const made = start();
    const adam = adamOf(made.parameters);
    for (const expected of told.losses) {
      assertNear(step(made), expected, NEAR, NEAR);
      adamStep(adam, made.parameters, told.rate);
    }
    assertNear(Array.from(made.parameters.values), told.end, NEAR, NEAR);
  });
}

test("a layer without a way back is refused by its name", () => {
  assert.throws(() => reversibleStack([{ op: "softmax" }], [3], parametersOf([])), /no way back through 'softmax'/);
});

test("parameters that are not there are refused", () => {
  const layer = { op: "linear", in: 2, out: 2, weight: [0, 4], bias: [4, 2] };
  assert.throws(() => reversibleStack([layer], [2], parametersOf([1, 2, 3, 4])), /bias lies outside/);
});
