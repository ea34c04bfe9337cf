// Convolutions both ways. A convolution gathers a large image into a small one, a transposed one
// scatters a small image into a large one, by weights in the same order [small, large, down, across]:
// the way back through the one is the way forward through the other.

import { plan2d, planTransposed2d } from "../core/convolution.js";
import { activation, demand, sizeOfShape } from "../core/shapes.js";
import { takeBiasPart, takePart } from "./parameters.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Plan, Sizes } from "../core/convolution.js" */
/** @import { Compile, Reversible } from "./layers.js" */

/**
 * What meets where: channels and sides of both images, and per axis, for each step of the kernel and
 * each place of the small image, the place in the large one (−1 outside).
 * @typedef {object} Meeting
 * @property {Shape} small
 * @property {Shape} large
 * @property {[number, number]} kernel
 * @property {[Int32Array[], Int32Array[]]} places
 */

/** @type {Compile} */
export function conv2dBackward(spec, shape, parameters, where) {
  return convolution(plan2d(spec, shape, where), true, spec, parameters, where);
}

/** @type {Compile} */
export function convTranspose2dBackward(spec, shape, parameters, where) {
  return convolution(planTransposed2d(spec, shape, where), false, spec, parameters, where);
}

/**
 * @type {(plan: ReturnType<Plan>, gathers: boolean, spec: import("../core/layers.js").Spec,
 *   parameters: import("./parameters.js").Parameters, where: string) => Reversible}
 */
function convolution({ sizes, geometry: { shape, target } }, gathers, spec, parameters, where) {
  demand(target.every((side) => side > 0), `${where} leaves nothing of an image of ${shape}`);
  const count = sizes.inputs * sizes.outputs * sizes.kernel[0] * sizes.kernel[1];
  const weight = takePart(parameters, spec.weight, count, `${where} weight`);
  const bias = takeBiasPart(parameters, spec.bias, target[0], `${where} bias`);
  const meeting = gathers ? meetingOf(target, shape, sizes) : meetingOf(shape, target, sizes);
  const [output, dx] = [activation(target), activation(shape)];
  const plane = sizeOfShape(target.slice(1));
  let input = dx;
  /** @type {Reversible["run"]} */
  const run = (x) => {
    input = x;
    for (let i = 0; i < output.length; i++) output[i] = bias.values[Math.floor(i / plane)];
    (gathers ? gather : scatter)(meeting, weight.values, x, output);
    return output;
  };
  /** @type {Reversible["back"]} */
  const back = (dy) => {
    for (let i = 0; i < dy.length; i++) bias.grads[Math.floor(i / plane)] += dy[i];
    if (gathers && weight.grads.length) multiply(meeting, dy, input, weight.grads);
    else if (weight.grads.length) multiply(meeting, input, dy, weight.grads);
    dx.fill(0);
    (gathers ? scatter : gather)(meeting, weight.values, dy, dx);
    return dx;
  };
  return { shape: target, run, back };
}

/** @type {(small: Shape, large: Shape, sizes: Sizes) => Meeting} */
function meetingOf(small, large, { kernel, stride, padding }) {
  /** @type {(a: number) => Int32Array[]} */
  const axis = (a) => Array.from({ length: kernel[a] }, (_, k) =>
    Int32Array.from({ length: small[a + 1] }, (__, i) => {
      const place = i * stride[a] + k - padding[a];
      return place >= 0 && place < large[a + 1] ? place : -1;
    }));
  return { small, large, kernel, places: [axis(0), axis(1)] };
}

// The three sums have the same loops; what they add up stands in the innermost one, where a call
// would cost as much as the rest.

/** small += weights · large. @type {(meeting: Meeting, weight: Float64Array, large: Float64Array, small: Float64Array) => void} */
function gather(meeting, weight, large, small) {
  eachLine(meeting, (w, columns, from, to) => {
    const factor = weight[w];
    for (let i = 0; i < columns.length; i++) {
      if (columns[i] >= 0) small[from + i] += factor * large[to + columns[i]];
    }
  });
}

/** large += weightsᵀ · small. @type {(meeting: Meeting, weight: Float64Array, small: Float64Array, large: Float64Array) => void} */
function scatter(meeting, weight, small, large) {
  eachLine(meeting, (w, columns, from, to) => {
    const factor = weight[w];
    for (let i = 0; i < columns.length; i++) {
      if (columns[i] >= 0) large[to + columns[i]] += factor * small[from + i];
    }
  });
}

/** weights += small · large. @type {(meeting: Meeting, small: Float64Array, large: Float64Array, weight: Float64Array) => void} */
function multiply(meeting, small, large, weight) {
  eachLine(meeting, (w, columns, from, to) => {
    let sum = 0;
    for (let i = 0; i < columns.length; i++) {
      if (columns[i] >= 0) sum += small[from + i] * large[to + columns[i]];
    }
    weight[w] += sum;
  });
}

/**
 * Call for each weight and each row of the small image: where its row and the large one's start, and
 * which columns meet.
 * @type {(meeting: Meeting, line: (weight: number, columns: Int32Array, small: number, large: number) => void) => void}
 */
function eachLine({ small, large, kernel, places: [rows, columns] }, line) {
  let weight = 0;
  for (let s = 0; s < small[0]; s++) {
    for (let l = 0; l < large[0]; l++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++, weight++) {
          for (let y = 0; y < small[1]; y++) {
            const row = rows[ky][y];
            if (row < 0) continue;
            line(weight, columns[kx], (s * small[1] + y) * small[2], (l * large[1] + row) * large[2]);
          }
        }
      }
    }
  }
}
