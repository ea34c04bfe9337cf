// Rows brought to mean 0 and variance 1, both ways.

import { activation, demand, sizeOf } from "../core/shapes.js";
import { takeBiasPart, takePart } from "./parameters.js";

/** @import { Compile, Reversible } from "./layers.js" */

/** @type {Compile} */
export function layerNorm(spec, shape, parameters, where) {
  const size = sizeOf(spec.size, `${where} size`);
  demand(shape.at(-1) === size, `${where} takes rows of ${size}, not of ${shape.at(-1)}`);
  const eps = Number(spec.eps);
  demand(eps > 0, `${where} eps must be above 0`);
  const gain = takePart(parameters, spec.weight, size, `${where} weight`);
  const shift = takeBiasPart(parameters, spec.bias, size, `${where} bias`);
  const [output, dx, even] = [activation(shape), activation(shape), activation(shape)];
  const factors = new Float64Array(output.length / size);
  /** @type {Reversible["run"]} */
  const run = (x) => {
    for (let row = 0, at = 0; row < factors.length; row++, at += size) {
      let [sum, square] = [0, 0];
      for (let i = 0; i < size; i++) sum += x[at + i];
      for (let i = 0; i < size; i++) square += (x[at + i] - sum / size) ** 2;
      factors[row] = 1 / Math.sqrt(square / size + eps);
      for (let i = 0; i < size; i++) {
        even[at + i] = (x[at + i] - sum / size) * factors[row];
        output[at + i] = even[at + i] * gain.values[i] + shift.values[i];
      }
    }
    return output;
  };
  /** @type {Reversible["back"]} */
  const back = (dy) => {
    for (let row = 0, at = 0; row < factors.length; row++, at += size) {
      // mean and spread are of the row itself, so that what all of a row share does not count
      let [sum, along] = [0, 0];
      for (let i = 0; i < size; i++) {
        gain.grads[i] += dy[at + i] * even[at + i];
        shift.grads[i] += dy[at + i];
        sum += dy[at + i] * gain.values[i];
        along += dy[at + i] * gain.values[i] * even[at + i];
      }
      for (let i = 0; i < size; i++) {
        const own = dy[at + i] * gain.values[i];
        dx[at + i] = factors[row] * (own - sum / size - (even[at + i] * along) / size);
      }
    }
    return dx;
  };
  return { shape, run, back };
}
