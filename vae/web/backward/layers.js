// Reverse mode over the layers of `core/layers.js`: each runs forwards, and then backwards.
//
// `run(x)` keeps x, which must stay as it is until `back` has been called. `back(dy)` takes how the
// loss changes with each output, adds to the gradients of the layer's parameters, and returns how the
// loss changes with each input, in a buffer that the next call overwrites.

import {
  activation,
  demand,
  sameShape,
  shapeOf,
  sizeOf,
  sizeOfShape,
} from "../core/shapes.js";
import { conv2dBackward, convTranspose2dBackward } from "./convolution.js";
import { layerNorm } from "./layer_norm.js";
import { linear } from "./linear.js";
import { takePart } from "./parameters.js";
import { pointwise, RULES } from "./pointwise.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Spec } from "../core/layers.js" */
/** @import { Parameters } from "./parameters.js" */

/**
 * A layer that runs both ways, and the shape of what comes out of it.
 * @typedef {object} Reversible
 * @property {Shape} shape
 * @property {(x: Float64Array) => Float64Array} run
 * @property {(dy: Float64Array) => Float64Array} back
 */

/** @typedef {(spec: Spec, shape: Shape, parameters: Parameters, where: string) => Reversible} Compile */

/** @type {Record<string, Compile>} */
const OPERATIONS = {
  flatten: (spec, shape) => reshaped([sizeOfShape(shape)]),
  unflatten,
  linear,
  layer_norm: layerNorm,
  relu: (spec, shape) => pointwise(shape, RULES.relu),
  silu: (spec, shape) => pointwise(shape, RULES.silu),
  tanh: (spec, shape) => pointwise(shape, RULES.tanh),
  sigmoid: (spec, shape) => pointwise(shape, RULES.sigmoid),
  gate,
  fourier,
  crop,
  residual,
  conv2d: conv2dBackward,
  conv_transpose2d: convTranspose2dBackward,
};

/** The layers that can be trained here. */
export const KNOWN = Object.keys(OPERATIONS);

/** @type {(specs: unknown, shape: Shape, parameters: Parameters, where?: string) => Reversible} */
export function reversibleStack(specs, shape, parameters, where = "layer ") {
  demand(Array.isArray(specs), "the network lists no layers");
  const layers = specs.map((/** @type {Spec} */ spec, i) => {
    const known = Object.hasOwn(OPERATIONS, spec?.op);
    demand(known, `${where}${i}: there is no way back through '${spec?.op}'; there is through ${KNOWN.join(", ")}`);
    const layer = OPERATIONS[spec.op](spec, shape, parameters, `${where}${i} (${spec.op})`);
    shape = layer.shape;
    return layer;
  });
  return {
    shape,
    run: (x) => layers.reduce((value, layer) => layer.run(value), x),
    back: (dy) => layers.reduceRight((value, layer) => layer.back(value), dy),
  };
}

/** @type {(shape: Shape) => Reversible} */
function reshaped(shape) {
  return { shape, run: (x) => x, back: (dy) => dy };
}

/** @type {Compile} */
function unflatten(spec, shape, parameters, where) {
  const target = shapeOf(spec.shape, `${where} shape`);
  demand(shape.length === 1 && shape[0] === sizeOfShape(target), `${where} cannot shape ${shape} numbers into ${target}`);
  return reshaped(target);
}

/** Each unit, or channel, times its own function of β. @type {Compile} */
function gate(spec, shape, parameters, where) {
  const size = sizeOf(spec.size, `${where} size`);
  demand(shape[0] === size, `${where} takes ${size} units, not ${shape[0]}`);
  const slope = takePart(parameters, spec.slope, size, `${where} slope`);
  const shift = takePart(parameters, spec.shift, size, `${where} shift`);
  const [output, dx, factor] = [activation(shape), activation(shape), activation([size])];
  const each = output.length / size;
  let input = dx;
  /** @type {Reversible["run"]} */
  const run = (x) => {
    input = x;
    for (let i = 0, at = 0; i < size; i++) {
      factor[i] = 1 / (1 + Math.exp(-(slope.values[i] * parameters.logBeta + shift.values[i])));
      for (let k = 0; k < each; k++, at++) output[at] = x[at] * factor[i];
    }
    return output;
  };
  /** @type {Reversible["back"]} */
  const back = (dy) => {
    for (let i = 0, at = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < each; k++, at++) {
        sum += dy[at] * input[at];
        dx[at] = dy[at] * factor[i];
      }
      const bend = sum * factor[i] * (1 - factor[i]);
      slope.grads[i] += bend * parameters.logBeta;
      shift.grads[i] += bend;
    }
    return dx;
  };
  return { shape, run, back };
}

/** Append sin and cos of 0.5·2^i·z, z being the first numbers. @type {Compile} */
function fourier(spec, shape, parameters, where) {
  const [width] = shape;
  demand(shape.length === 1, `${where} takes a vector, not ${shape}`);
  const size = sizeOf(spec.size ?? width, `${where} size`);
  const count = sizeOf(spec.count, `${where} count`);
  demand(size <= width, `${where} cannot take ${size} of ${width} numbers`);
  const [output, dx] = [activation([width + 2 * size * count]), activation(shape)];
  /** @type {Reversible["run"]} */
  const run = (z) => {
    output.set(z);
    for (let i = 0, at = width; i < count; i++, at += 2 * size) {
      for (let d = 0; d < size; d++) {
        output[at + d] = Math.sin(0.5 * 2 ** i * z[d]);
        output[at + size + d] = Math.cos(0.5 * 2 ** i * z[d]);
      }
    }
    return output;
  };
  /** @type {Reversible["back"]} */
  const back = (dy) => {
    dx.set(dy.subarray(0, width));
    for (let i = 0, at = width; i < count; i++, at += 2 * size) {
      const rate = 0.5 * 2 ** i;
      for (let d = 0; d < size; d++) {
        // the outputs are the sine and the cosine themselves
        dx[d] += rate * (dy[at + d] * output[at + size + d] - dy[at + size + d] * output[at + d]);
      }
    }
    return dx;
  };
  return { shape: [output.length], run, back };
}

/** @type {Compile} */
function crop(spec, shape, parameters, where) {
  const [channels, height, width] = shape;
  const [rows, columns] = [sizeOf(spec.height, `${where} height`), sizeOf(spec.width, `${where} width`)];
  demand(shape.length === 3 && rows <= height && columns <= width, `${where} cannot cut ${shape} to ${rows}×${columns}`);
  const target = [channels, rows, columns];
  const [output, dx] = [activation(target), activation(shape)];
  const from = Int32Array.from(output, (_, i) => {
    const [c, y, x] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    return (c * height + y) * width + x;
  });
  return {
    shape: target,
    run: (x) => {
      for (let i = 0; i < output.length; i++) output[i] = x[from[i]];
      return output;
    },
    back: (dy) => {
      for (let i = 0; i < output.length; i++) dx[from[i]] = dy[i]; // elsewhere it stays 0
      return dx;
    },
  };
}

/** x + f(x). @type {Compile} */
function residual(spec, shape, parameters, where) {
  const inside = reversibleStack(spec.layers, shape, parameters, `${where} layer `);
  demand(sameShape(inside.shape, shape), `${where} turns ${shape} into ${inside.shape}`);
  const [output, dx] = [activation(shape), activation(shape)];
  /** @type {(to: Float64Array, a: Float64Array, b: Float64Array) => Float64Array} */
  const add = (to, a, b) => {
    for (let i = 0; i < to.length; i++) to[i] = a[i] + b[i];
    return to;
  };
  return {
    shape,
    run: (x) => add(output, x, inside.run(x)),
    back: (dy) => add(dx, dy, inside.back(dy)),
  };
}
