// The Gibbs chain of a Boltzmann machine in the browser, against the sum over all of its states.

import test from "node:test";

import { seededUniform } from "../../vae/web/core/seeded.js";
import { chainOf } from "../../vae/web/learn/uses/chain.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

const { small, stack } = oracle();
const STEPS = 40_000;

test("units are on as often as the machine's own distribution says", () => {
  const chain = chainOf(bytesOf(small.decoder), bytesOf(small.encoder), seededUniform(1));
  const on = new Float64Array(small.visible.length);
  let state = chain.start();
  for (let k = 0; k < STEPS; k++) {
    state = chain.step(state);
    for (let i = 0; i < on.length; i++) on[i] += state.visible[i] / STEPS;
  }
  // 40,000 steps of a chain that mixes within a few: standard errors are below 0.005
  assertNear([...on], small.visible, 0.02);
});

test("z is the log odds of the topmost units, in a stack too", () => {
  const chain = chainOf(bytesOf(stack.decoder), bytesOf(stack.encoder), seededUniform(2));
  const { visible, z } = chain.step(chain.start());
  const odds = stack.bias.map((bias, j) => bias + visible.reduce((sum, v, i) => sum + v * stack.weight[j][i], 0));
  // sums of a dozen float64 products
  assertNear([...z], odds, 1e-9, 1e-9);
});
