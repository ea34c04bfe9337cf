// A prior that moves standard normal noise by learned steps, as `vae/models/priors/flow.py`: its draws
// from noise, and its density at z.

import { readWeights } from "./decoder.js";
import { compileStack } from "./layers.js";
import { readPayload } from "./payload.js";
import { demand, sameShape } from "./shapes.js";
import { soft, splineAt, splineInverse } from "./spline.js";

/** @import { Numbers } from "./header.js" */
/** @import { Weights } from "./shapes.js" */

/** Gives the z that a noise stands for. @typedef {(noise: Numbers) => Float64Array} Flow */

/** @typedef {{moved: number[], kept: number[], layers: unknown, spline: boolean}} Step */

/** @typedef {{loc: number[], scale: number[], bins: number, bound: number, steps: Step[], dtype: string}} Header */

/**
 * A step as it runs: how many numbers each moved dimension has, and the network that gives them.
 * @typedef {Step & {each: number, told: (z: Float64Array) => Float64Array}} Coupling
 */

/**
 * Read a payload: the flow as a function of noise; throw on damage.
 * @type {(buffer: ArrayBuffer) => Flow}
 */
export function parseFlow(buffer) {
  const { loc, scale, bins, bound, couplings } = readFlow(buffer);
  const undo = [...couplings].reverse();
  return (noise) => {
    const z = Float64Array.from(noise);
    for (const { moved, spline, each, told } of undo) {
      const numbers = told(z);
      moved.forEach((i, m) => {
        const at = m * each;
        z[i] = spline
          ? splineInverse(numbers, at, bins, bound, z[i])
          : (z[i] - numbers[at]) / Math.exp(soft(numbers[at + 1], 1));
      });
    }
    return z.map((value, i) => loc[i] + scale[i] * value);
  };
}

/**
 * Read a payload: log p(z) in nats as a function of z; throw on damage. It is that of the noise that
 * z came from, and what each step adds to it.
 * @type {(buffer: ArrayBuffer) => (z: Numbers) => number}
 */
export function parseFlowDensity(buffer) {
  const { loc, scale, bins, bound, couplings } = readFlow(buffer);
  const spread = scale.reduce((sum, value) => sum + Math.log(value), 0) + (loc.length * Math.log(2 * Math.PI)) / 2;
  const noise = new Float64Array(loc.length);
  return (z) => {
    for (let i = 0; i < noise.length; i++) noise[i] = (z[i] - loc[i]) / scale[i];
    let found = -spread;
    for (const { moved, spline, each, told } of couplings) {
      const numbers = told(noise);
      moved.forEach((i, m) => {
        const step = spline
          ? splineAt(numbers, m * each, bins, bound, noise[i])
          : moveAffine(numbers, m * each, noise[i]);
        noise[i] = step.value;
        found += step.logSlope;
      });
    }
    for (let i = 0; i < noise.length; i++) found -= (noise[i] * noise[i]) / 2;
    return found;
  };
}

/** @type {(numbers: Numbers, at: number, x: number) => {value: number, logSlope: number}} */
function moveAffine(numbers, at, x) {
  const logSlope = soft(numbers[at + 1], 1);
  return { value: x * Math.exp(logSlope) + numbers[at], logSlope };
}

/** @type {(buffer: ArrayBuffer) => Omit<Header, "steps" | "dtype"> & {couplings: Coupling[]}} */
function readFlow(buffer) {
  const payload = readPayload(buffer, "vae-flow", 1);
  const { loc, scale, bins, bound, steps, dtype } = /** @type {Header} */ (payload.header);
  /** @type {Weights} */
  const weights = { values: readWeights(buffer, payload.start, dtype), used: 0, tell: [] };
  const couplings = steps.map((step, k) => {
    const { moved, kept } = step;
    const each = step.spline ? 3 * bins - 1 : 2;
    const stack = compileStack(step.layers, [Math.max(1, kept.length)], weights, `step ${k}, layer `);
    const ends = each * moved.length;
    demand(sameShape(stack.shape, [ends]), `step ${k} of the prior ends in ${stack.shape}, not ${ends}`);
    // the only dimension of a line hears of none
    const input = Float64Array.of(...(kept.length ? kept : [1]));
    /** @type {Coupling["told"]} */
    const told = (z) => {
      for (let i = 0; i < kept.length; i++) input[i] = z[kept[i]];
      return stack.run(input);
    };
    return { ...step, each, told };
  });
  demand(weights.used === weights.values.length, "the prior holds weights that no step uses");
  return { loc, scale, bins, bound, couplings };
}
