// A prior that moves standard normal noise by learned steps, as `vae/models/priors/flow.py`.

import { readWeights } from "./decoder.js";
import { soft, splineInverse } from "./flow.js";
import { compileStack } from "./layers.js";
import { readPayload } from "./payload.js";
import { demand, sameShape } from "./shapes.js";

/** @import { Numbers } from "./header.js" */
/** @import { Weights } from "./shapes.js" */

/** Gives the z that a noise stands for. @typedef {(noise: Numbers) => Float64Array} Flow */

/** @typedef {{moved: number[], kept: number[], layers: unknown, spline: boolean}} Step */

/** @typedef {{loc: number[], scale: number[], bins: number, bound: number, steps: Step[], dtype: string}} Header */

/** Read a payload; throw on damage. @type {(buffer: ArrayBuffer) => Flow} */
export function parseFlow(buffer) {
  const payload = readPayload(buffer, "vae-flow", 1);
  const { loc, scale, bins, bound, steps, dtype } = /** @type {Header} */ (payload.header);
  /** @type {Weights} */
  const weights = { values: readWeights(buffer, payload.start, dtype), used: 0, tell: [] };
  const undo = steps.map((step, k) => {
    const each = step.spline ? 3 * bins - 1 : 2;
    const stack = compileStack(step.layers, [Math.max(1, step.kept.length)], weights, `step ${k}, layer `);
    const ends = each * step.moved.length;
    demand(sameShape(stack.shape, [ends]), `step ${k} of the prior ends in ${stack.shape}, not ${ends}`);
    return (/** @type {Float64Array} */ z) => {
      const told = step.kept.length ? Float64Array.from(step.kept, (i) => z[i]) : Float64Array.of(1);
      const numbers = stack.run(told);
      step.moved.forEach((i, m) => {
        const own = numbers.subarray(m * each, (m + 1) * each);
        z[i] = step.spline ? splineInverse(own, bins, bound, z[i]) : (z[i] - own[0]) / Math.exp(soft(own[1], 1));
      });
    };
  });
  undo.reverse();
  demand(weights.used === weights.values.length, "the prior holds weights that no step uses");
  return (noise) => {
    const z = Float64Array.from(noise);
    for (const step of undo) step(z);
    return z.map((value, i) => loc[i] + scale[i] * value);
  };
}
