// A linear layer, both ways.

import { activation, demand, sameShape, sizeOf } from "../core/shapes.js";
import { takeBiasPart, takePart } from "./parameters.js";

/** @import { Compile, Reversible } from "./layers.js" */

/** y = W x + b. @type {Compile} */
export function linear(spec, shape, parameters, where) {
  const [inputs, outputs] = [sizeOf(spec.in, `${where} in`), sizeOf(spec.out, `${where} out`)];
  demand(sameShape(shape, [inputs]), `${where} takes ${inputs} numbers, not ${shape}`);
  const { values: weight, grads } = takePart(parameters, spec.weight, inputs * outputs, `${where} weight`);
  const bias = takeBiasPart(parameters, spec.bias, outputs, `${where} bias`);
  const [output, dx] = [activation([outputs]), activation(shape)];
  let input = dx;
  /** @type {Reversible["run"]} */
  const run = (x) => {
    input = x;
    for (let row = 0, at = 0; row < outputs; row++) {
      let sum = bias.values[row];
      for (let i = 0; i < inputs; i++, at++) sum += weight[at] * x[i];
      output[row] = sum;
    }
    return output;
  };
  /** @type {(row: number, slope: number) => void} */
  const backRow = (row, slope) => {
    const [at, x] = [row * inputs, input];
    for (let i = 0; i < inputs; i++) dx[i] += slope * weight[at + i];
    if (grads.length) for (let i = 0; i < inputs; i++) grads[at + i] += slope * x[i];
  };
  /** @type {Reversible["back"]} */
  const back = (dy) => {
    dx.fill(0);
    for (let row = 0; row < outputs; row++) {
      bias.grads[row] += dy[row];
      // behind a unit that is off nothing changes
      if (dy[row] !== 0) backRow(row, dy[row]);
    }
    return dx;
  };
  return { shape: [outputs], run, back };
}
