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

// Each takes (spec, shape of its input, weights, where) and gives {shape, run}; `run` returns a
// buffer of its own and leaves its input alone, since a residual layer reads it again.

const OPERATIONS = {
  flatten: (spec, shape) => ({ shape: [sizeOfShape(shape)], run: (x) => x }),
  unflatten: unflattenLayer,
  linear: linearLayer,
  layer_norm: layerNormLayer,
  relu: (spec, shape) => pointwiseLayer(shape, rectify),
  silu: (spec, shape) => pointwiseLayer(shape, swish),
  gate: gateLayer,
  sigmoid: (spec, shape) => pointwiseLayer(shape, squash),
  fourier: fourierLayer,
  crop: cropLayer,
  residual: residualLayer,
  conv2d: conv2dLayer,
  conv_transpose2d: convTranspose2dLayer,
};

export function compileStack(specs, shape, weights, where) {
  demand(Array.isArray(specs), "the network payload lists no layers");
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
  const run = (x) => {
    for (let i = 0; i < steps.length; i++) x = steps[i](x);
    return x;
  };
  return { shape, run };
}

function unflattenLayer(spec, shape, weights, where) {
  const target = shapeOf(spec.shape, `${where} shape`);
  demand(
    shape.length === 1 && shape[0] === sizeOfShape(target),
    `${where} cannot shape ${shape} numbers into ${target}`,
  );
  return { shape: target, run: (x) => x };
}

function pointwiseLayer(shape, apply) {
  const output = activation(shape);
  return { shape, run: (x) => apply(x, output) };
}

function rectify(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = x[i] > 0 ? x[i] : 0;
  return output;
}

function swish(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = x[i] / (1 + Math.exp(-x[i]));
  return output;
}

/** Multiply each unit, or channel, by its own function of β, as `vae.models.gates.Gate`. */
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
  const run = (x) => {
    for (let i = 0, at = 0; i < size; i++) {
      for (let k = 0; k < each; k++, at++) output[at] = x[at] * factor[i];
    }
    return output;
  };
  return { shape, run };
}

function squash(x, output) {
  for (let i = 0; i < output.length; i++) output[i] = 1 / (1 + Math.exp(-x[i]));
  return output;
}

/** Append sin and cos of 0.5·2^i·z, z being the first numbers, as `vae.models.networks.Fourier`. */
function fourierLayer(spec, shape, weights, where) {
  const [width] = shape;
  demand(shape.length === 1, `${where} takes a vector, not ${shape}`);
  const size = sizeOf(spec.size ?? width, `${where} size`);
  demand(size <= width, `${where} cannot take ${size} of ${width} numbers`);
  const output = activation([width + 2 * size * sizeOf(spec.count, `${where} count`)]);
  const run = (z) => {
    output.set(z);
    for (let i = 0; i < spec.count; i++) {
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

function layerNormLayer(spec, shape, weights, where) {
  const size = sizeOf(spec.size, `${where} size`);
  demand(shape.at(-1) === size, `${where} takes rows of ${size}, not of ${shape.at(-1)}`);
  demand(spec.eps > 0, `${where} eps must be above 0`);
  const gain = takeWeights(weights, spec.weight, size, `${where} weight`);
  const shift = takeBias(weights, spec.bias, size, `${where} bias`);
  const output = activation(shape);
  const run = (x) => {
    for (let row = 0; row < output.length; row += size) {
      normalizeRow(x, row, size, spec.eps, gain, shift, output);
    }
    return output;
  };
  return { shape, run };
}

function normalizeRow(x, row, size, eps, gain, shift, output) {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += x[row + i];
  const mean = sum / size;
  let square = 0;
  for (let i = 0; i < size; i++) square += (x[row + i] - mean) ** 2;
  const factor = 1 / Math.sqrt(square / size + eps);
  for (let i = 0; i < size; i++) output[row + i] = (x[row + i] - mean) * factor * gain[i] + shift[i];
}

function cropLayer(spec, shape, weights, where) {
  const [channels, height, width] = shape;
  const fits = spec.height <= height && spec.width <= width;
  demand(shape.length === 3 && fits, `${where} cannot cut ${shape} to ${spec.height}×${spec.width}`);
  const target = shapeOf([channels, spec.height, spec.width], `${where} size`);
  const output = activation(target);
  const run = (x) => {
    let at = 0;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < spec.height; y++) {
        const from = (c * height + y) * width;
        for (let i = 0; i < spec.width; i++) output[at++] = x[from + i];
      }
    }
    return output;
  };
  return { shape: target, run };
}

function residualLayer(spec, shape, weights, where) {
  const inside = compileStack(spec.layers, shape, weights, `${where} layer `);
  demand(sameShape(inside.shape, shape), `${where} turns ${shape} into ${inside.shape}`);
  const output = activation(shape);
  const run = (x) => {
    const change = inside.run(x);
    for (let i = 0; i < output.length; i++) output[i] = x[i] + change[i];
    return output;
  };
  return { shape, run };
}

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
