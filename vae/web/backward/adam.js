// Adam (Kingma and Ba 2015), as `torch.optim.Adam` takes its steps.

/** @import { Parameters } from "./parameters.js" */

const [DECAY, SQUARE_DECAY, EPS] = [0.9, 0.999, 1e-8];

/** What Adam remembers: running means of gradients and of their squares. @typedef {{mean: Float64Array, square: Float64Array, steps: number}} Adam */

/** @type {(parameters: Parameters) => Adam} */
export function adamOf({ values }) {
  return { mean: new Float64Array(values.length), square: new Float64Array(values.length), steps: 0 };
}

/** Take a step against the gradients. @type {(adam: Adam, parameters: Parameters, rate: number) => void} */
export function adamStep(adam, { values, grads }, rate) {
  adam.steps += 1;
  const [fresh, freshSquare] = [1 - DECAY ** adam.steps, 1 - SQUARE_DECAY ** adam.steps];
  for (let i = 0; i < values.length; i++) {
    const slope = grads[i];
    adam.mean[i] += (1 - DECAY) * (slope - adam.mean[i]);
    adam.square[i] = SQUARE_DECAY * adam.square[i] + (1 - SQUARE_DECAY) * slope * slope;
    const root = Math.sqrt(adam.square[i]) / Math.sqrt(freshSquare);
    values[i] -= ((rate / fresh) * adam.mean[i]) / (root + EPS);
  }
}
