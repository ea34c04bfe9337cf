// The layers that a network in the browser may be made of; their counterparts are `LAYERS` in
// `vae/export/networks.py`.

import { conv2dLayer, convTranspose2dLayer } from "./convolution.js";
import {
  activation,
  demand,
  sameShape,
  shapeOf,
  sizeOf,
  sizeOfShape,
  takeBias,
  takeWeights,
} from "./shapes.js";

/** @import { Numbers, Shape } from "./header.js" */
/** @import { Weights } from "./shapes.js" */

/**
 * A layer as the payload describes it; each reader checks the values that it takes.
 * @typedef {Record<string, unknown> & {op: string}} Spec
 */

/**
 * A layer that runs: the shape of its output, and the way from an input to it.
 * @typedef {{shape: Shape, run: (x: Float64Array) => Float64Array}} Layer
 */

/** @typedef {(spec: Spec, shape: Shape, weights: Weights, where: string) => Layer} Compile */

// Each takes (spec, shape of its input, weights, where) and gives {shape, run}; `run` returns a
// buffer of its own and leaves its input alone, since a residual layer reads it again.

/** @type {Record<string, Compile>} */
const OPERATIONS = {
  flatten: (spec, shape) => ({ shape: [sizeOfShape(shape)], run: (x) => x }),
  unflatten: unflattenLayer,
  linear: linearLayer,
  layer_norm: layerNormLayer,
  relu: (spec, shape) => pointwiseLayer(shape, rectify),
  silu: (spec, shape) => pointwiseLayer(shape, swish),
  tanh: (spec, shape) => pointwiseLayer(shape, bend),
  gate: gateLayer,
  sigmoid: (spec, shape) => pointwiseLayer(shape, squash),
  fourier: fourierLayer,
  crop: cropLayer,
  residual: residualLayer,
  conv2d: conv2dLayer,
  conv_transpose2d: convTranspose2dLayer,
};

/** @type {(specs: unknown, shape: Shape, weights: Weights, where: string) => Layer} */
export function compileStack(specs, shape, weights, where) {
  demand(Array.isArray(specs), "the network payload lists no layers");
  /** @type {Layer["run"][]} */
  const steps = [];
  specs.forEach((spec, i) => {
    const known = Object.hasOwn(OPERATIONS, spec?.op);
    demand(
      known,
      `${where}${i}: unknown layer '${spec?.op}'; this page knows ${Object.keys(OPERATIONS).join(", ")}`,
    );
    const layer = OPERATIONS[spec.op](spec, shape, weights, `${where}${i} (${spec.op})`);
    steps.push(layer.run);
    shape = layer.shape;
  });
  /** @type {Layer["run"]} */
  const run = (x) => {
    for (let i = 0; i < steps.length; i++) x = steps[i](x);
    return x;
  };
  return { shape, run };
}

/** @type {Compile} */
function unflattenLayer(spec, shape, weights, where) {
  const target = shapeOf(spec.shape, `${where} shape`);
  demand(
    shape.length === 1 && shape[0] === sizeOfShape(target),
    `${where} cannot shape ${shape} numbers into ${target}`,
  );
  return { shape: target, run: (x) => x };
}

/** @type {(shape: Shape, apply: (x: Numbers, output: Float64Array) => Float64Array) => Layer} */
function pointwiseLayer(shape, apply) {
  const output = activation(shape);
  return { shape, run: (x) => apply(x, output) };
}

/** @type {(x: Numbers, output: Float64Array) => Float64Array} */
function rectify(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = x[i] > 0 ? x[i] : 0;
  return output;
}

/** @type {(x: Numbers, output: Float64Array) => Float64Array} */
function swish(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = x[i] / (1 + Math.exp(-x[i]));
  return output;
}

/** @type {(x: Numbers, output: Float64Array) => Float64Array} */
function bend(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = Math.tanh(x[i]);
  return output;
}

/** Multiply each unit, or channel, by its own function of β, as `vae.models.gates.Gate`. @type {Compile} */
function gateLayer(spec, shape, weights, where) {
  const size = sizeOf(spec.size, `${where} size`);
  demand(shape[0] === size, `${where} takes ${size} units, not ${shape[0]}`);
  const slope = takeWeights(weights, spec.slope, size, `${where} slope`);
  const shift = takeWeights(weights, spec.shift, size, `${where} shift`);
  const [factor, output] = [activation([size]), activation(shape)];
  const each = output.length / size;
  weights.tell.push((logBeta) => {
    for (let i = 0; i < size; i++) factor[i] = 1 / (1 + Math.exp(-(slope[i] * logBeta + shift[i])));
  });
  /** @type {Layer["run"]} */
  const run = (x) => {
    for (let i = 0, at = 0; i < size; i++) {
      for (let k = 0; k < each; k++, at++) output[at] = x[at] * factor[i];
    }
    return output;
  };
  return { shape, run };
}

/** @type {(x: Numbers, output: Float64Array) => Float64Array} */
function squash(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = 1 / (1 + Math.exp(-x[i]));
  return output;
}

/**
 * Append sin and cos of 0.5·2^i·z, z being the first numbers, as `vae.models.networks.Fourier`.
 * @type {Compile}
 */
function fourierLayer(spec, shape, weights, where) {
  const [width] = shape;
  demand(shape.length === 1, `${where} takes a vector, not ${shape}`);
  const size = sizeOf(spec.size ?? width, `${where} size`);
  const count = sizeOf(spec.count, `${where} count`);
  demand(size <= width, `${where} cannot take ${size} of ${width} numbers`);
  const output = activation([width + 2 * size * count]);
  /** @type {Layer["run"]} */
  const run = (z) => {
    output.set(z);
    for (let i = 0; i < count; i++) {
      const at = width + 2 * size * i;
      for (let d = 0; d < size; d++) {
        const angle = 0.5 * 2 ** i * z[d];
        output[at + d] = Math.sin(angle);
        output[at + size + d] = Math.cos(angle);
      }
    }
    return output;
  };
  return { shape: [output.length], run };
}

/** @type {Compile} */
function layerNormLayer(spec, shape, weights, where) {
  const size = sizeOf(spec.size, `${where} size`);
  demand(shape.at(-1) === size, `${where} takes rows of ${size}, not of ${shape.at(-1)}`);
  const { eps } = spec;
  demand(typeof eps === "number" && eps > 0, `${where} eps must be above 0`);
  const gain = takeWeights(weights, spec.weight, size, `${where} weight`);
  const shift = takeBias(weights, spec.bias, size, `${where} bias`);
  const output = activation(shape);
  /** @type {Layer["run"]} */
  const run = (x) => {
    for (let row = 0; row < output.length; row += size) {
      normalizeRow(x, row, size, eps, gain, shift, output);
    }
    return output;
  };
  return { shape, run };
}

/** @type {(x: Numbers, row: number, size: number, eps: number, gain: Numbers, shift: Numbers, output: Float64Array) => void} */
function normalizeRow(x, row, size, eps, gain, shift, output) {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += x[row + i];
  const mean = sum / size;
  let square = 0;
  for (let i = 0; i < size; i++) square += (x[row + i] - mean) ** 2;
  const factor = 1 / Math.sqrt(square / size + eps);
  for (let i = 0; i < size; i++) output[row + i] = (x[row + i] - mean) * factor * gain[i] + shift[i];
}

/** @type {Compile} */
function cropLayer(spec, shape, weights, where) {
  const [channels, height, width] = shape;
  const [rows, columns] = [sizeOf(spec.height, `${where} height`), sizeOf(spec.width, `${where} width`)];
  const fits = shape.length === 3 && rows <= height && columns <= width;
  demand(fits, `${where} cannot cut ${shape} to ${rows}×${columns}`);
  const target = [channels, rows, columns];
  const output = activation(target);
  /** @type {Layer["run"]} */
  const run = (x) => {
    let at = 0;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < rows; y++) {
        const from = (c * height + y) * width;
        for (let i = 0; i < columns; i++) output[at++] = x[from + i];
      }
    }
    return output;
  };
  return { shape: target, run };
}

/** @type {Compile} */
function residualLayer(spec, shape, weights, where) {
  const inside = compileStack(spec.layers, shape, weights, `${where} layer `);
  demand(sameShape(inside.shape, shape), `${where} turns ${shape} into ${inside.shape}`);
  const output = activation(shape);
  /** @type {Layer["run"]} */
  const run = (x) => {
    const change = inside.run(x);
    for (let i = 0; i < output.length; i++) output[i] = x[i] + change[i];
    return output;
  };
  return { shape, run };
}

/** @type {Compile} */
function linearLayer(spec, shape, weights, where) {
  const inputs = sizeOf(spec.in, `${where} in`);
  const outputs = sizeOf(spec.out, `${where} out`);
  demand(sameShape(shape, [inputs]), `${where} takes ${inputs} numbers, not ${shape}`);
  const weight = takeWeights(weights, spec.weight, inputs * outputs, `${where} weight`);
  const bias = takeBias(weights, spec.bias, outputs, `${where} bias`);
  const output = activation([outputs]);
  return { shape: [outputs], run: (x) => multiply(weight, bias, x, output) };
}

// Four rows side by side: each input is loaded once for four independent sums.
/** @type {(weight: Float32Array, bias: Float32Array, x: Numbers, output: Float64Array) => Float64Array} */
function multiply(weight, bias, x, output) {
  const columns = x.length;
  const blocked = output.length & ~3;
  for (let row = 0; row < blocked; row += 4) {
    let a = bias[row], b = bias[row + 1], c = bias[row + 2], d = bias[row + 3];
    let at = row * columns;
    for (let i = 0; i < columns; i++, at++) {
      const value = x[i];
      a += weight[at] * value;
      b += weight[at + columns] * value;
      c += weight[at + 2 * columns] * value;
      d += weight[at + 3 * columns] * value;
    }
    output[row] = a;
    output[row + 1] = b;
    output[row + 2] = c;
    output[row + 3] = d;
  }
  for (let row = blocked; row < output.length; row++) {
    let sum = bias[row];
    for (let i = 0; i < columns; i++) sum += weight[row * columns + i] * x[i];
    output[row] = sum;
  }
  return output;
}
