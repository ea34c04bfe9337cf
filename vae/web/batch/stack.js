// The layers of a network for a batch of images, as `core/layers.js` has them for one: the same
// descriptions and weights, in float32, each number of all images of the batch side by side.

import { LANES as GROUP, plan2d, planTransposed2d, weighted } from "../core/convolution.js";
import { demand, shapeOf, sizeOf, sizeOfShape, takeBias, takeWeights } from "../core/shapes.js";
import { LANES, OUTPUTS } from "./kernel.js";

/** @import { Numbers, Shape } from "../core/header.js" */
/** @import { Spec } from "../core/layers.js" */
/** @import { Weights } from "../core/shapes.js" */
/** @import { Kernel } from "./kernel.js" */

/**
 * A layer with its place in the kernel's memory: shape and place of its output, and `ready`, which
 * gives what runs it once all memory is reserved.
 * @typedef {{shape: Shape, at: number, ready: () => () => void}} Placed
 */

/** What a layer stands on: the input's place and shape, the kernel, the weights. */
/** @typedef {{at: number, shape: Shape, kernel: Kernel, weights: Weights, where: string}} Ground */

/** @typedef {(spec: Spec, ground: Ground) => Placed} Place */

const nothing = () => () => {};

/** @type {Record<string, Place>} */
const OPERATIONS = {
  flatten: (spec, { at, shape }) => ({ shape: [sizeOfShape(shape)], at, ready: nothing }),
  unflatten: (spec, { at, where }) => ({ shape: shapeOf(spec.shape, where), at, ready: nothing }),
  linear: linearLayer,
  layer_norm: layerNormLayer,
  relu: (spec, ground) => pointwiseLayer(ground, (value) => (value > 0 ? value : 0)),
  silu: (spec, ground) => pointwiseLayer(ground, (value) => value / (1 + Math.exp(-value))),
  tanh: (spec, ground) => pointwiseLayer(ground, Math.tanh),
  sigmoid: (spec, ground) => pointwiseLayer(ground, (value) => 1 / (1 + Math.exp(-value))),
  gate: gateLayer,
  fourier: fourierLayer,
  crop: cropLayer,
  residual: residualLayer,
  conv2d: (spec, ground) => convolutionLayer(plan2d(spec, ground.shape, ground.where), spec, ground),
  conv_transpose2d: (spec, ground) =>
    convolutionLayer(planTransposed2d(spec, ground.shape, ground.where), spec, ground),
};

/**
 * Place a stack of layers that `parseNetwork` has read, and so checked, before.
 * @type {(specs: unknown, ground: Ground) => Placed}
 */
export function placeStack(specs, ground) {
  demand(Array.isArray(specs), "the network payload lists no layers");
  /** @type {Placed[]} */
  const layers = [];
  let { at, shape } = ground;
  specs.forEach((spec, i) => {
    demand(Object.hasOwn(OPERATIONS, spec?.op), `unknown layer '${spec?.op}'`);
    const where = `${ground.where}${i} (${spec.op})`;
    const layer = OPERATIONS[spec.op](spec, { ...ground, at, shape, where });
    [at, shape] = [layer.at, layer.shape];
    layers.push(layer);
  });
  const ready = () => {
    const steps = layers.map((layer) => layer.ready());
    return () => steps.forEach((step) => step());
  };
  return { shape, at, ready };
}

/** @type {(ground: Ground, apply: (value: number) => number) => Placed} */
function pointwiseLayer({ at: from, shape, kernel }, apply) {
  const count = sizeOfShape(shape) * LANES;
  const at = kernel.reserve(count);
  const ready = () => {
    const [x, output] = [kernel.floats(from, count), kernel.floats(at, count)];
    return () => {
      for (let i = 0; i < count; i++) output[i] = apply(x[i]);
    };
  };
  return { shape, at, ready };
}

/** The taps of some outputs: the weights of four of them side by side. */
/** @typedef {{offsets: number, count: number, weights: number}} Taps */

/** @type {(kernel: Kernel, places: Numbers, packed: Numbers) => Taps} */
function placeTaps(kernel, places, packed) {
  const offsets = kernel.reserve(Math.max(1, places.length));
  const weights = kernel.reserve(Math.max(OUTPUTS, packed.length));
  kernel.integers(offsets, places.length).set(Array.from(places, (place) => 4 * LANES * place));
  kernel.floats(weights, packed.length).set(packed);
  // the kernel reads one tap at least: where there is none, its weights are zeros
  return { offsets, count: Math.max(1, places.length), weights };
}

/** @type {(kernel: Kernel, bias: Numbers) => number} */
function placeBiases(kernel, bias) {
  const at = kernel.reserve(OUTPUTS * Math.ceil(bias.length / OUTPUTS));
  kernel.floats(at, bias.length).set(bias);
  return at;
}

/** @type {Place} */
function linearLayer(spec, { at: from, shape, kernel, weights, where }) {
  const inputs = sizeOf(spec.in, `${where} in`);
  const outputs = sizeOf(spec.out, `${where} out`);
  demand(shape.length === 1 && shape[0] === inputs, `${where} takes ${inputs} numbers, not ${shape}`);
  const weight = takeWeights(weights, spec.weight, inputs * outputs, `${where} weight`);
  const groups = Math.ceil(outputs / OUTPUTS);
  const packed = new Float32Array(groups * inputs * OUTPUTS);
  for (let o = 0; o < outputs; o++) {
    const to = (o - (o % OUTPUTS)) * inputs + (o % OUTPUTS);
    for (let i = 0; i < inputs; i++) packed[to + i * OUTPUTS] = weight[o * inputs + i];
  }
  const taps = placeTaps(kernel, Array.from({ length: inputs }, (_, i) => i), packed);
  const biases = placeBiases(kernel, takeBias(weights, spec.bias, outputs, `${where} bias`));
  const at = kernel.reserve(groups * OUTPUTS * LANES);
  const apart = 4 * LANES;
  const run = () => {
    for (let g = 0; g < groups; g++) {
      const own = taps.weights + 4 * g * OUTPUTS * inputs;
      kernel.gather(from, taps.offsets, inputs, own, biases + 4 * g * OUTPUTS, at + g * OUTPUTS * apart, apart);
    }
  };
  return { shape: [outputs], at, ready: () => run };
}

/** @type {(plan: ReturnType<typeof plan2d>, spec: Spec, ground: Ground) => Placed} */
function convolutionLayer(plan, spec, { at: from, shape, kernel, weights, where }) {
  const { target } = plan.geometry;
  const { border, phases, bias } = weighted(plan, spec, weights, where);
  const inside = kernel.reserve(shape[0] * border.height * border.width * LANES);
  const biases = placeBiases(kernel, bias);
  const placed = phases.map((phase) => ({ ...phase, taps: placeTaps(kernel, phase.offsets, phase.packed) }));
  const groups = Math.ceil(target[0] / GROUP);
  const plane = target[1] * target[2];
  const at = kernel.reserve(groups * GROUP * plane * LANES);
  const apart = 4 * LANES * plane;
  const sums = () => {
    for (const { taps, offsets, height, width, rowStep, columnStep, start, outRow, outColumn } of placed) {
      for (let g = 0; g < groups; g++) {
        const own = taps.weights + 4 * g * GROUP * offsets.length;
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            const x = inside + 4 * LANES * (row * rowStep + column * columnStep);
            const to = at + g * GROUP * apart + 4 * LANES * (start + row * outRow + column * outColumn);
            kernel.gather(x, taps.offsets, taps.count, own, biases + 4 * g * GROUP, to, apart);
          }
        }
      }
    }
  };
  const ready = () => {
    const copy = copier(kernel, from, shape, inside, border);
    return () => {
      copy();
      sums();
    };
  };
  return { shape: target, at, ready };
}

/** Copies images into their border of zeros, row by row. */
/** @type {(kernel: Kernel, from: number, shape: Shape, to: number, border: {top: number, left: number, height: number, width: number}) => () => void} */
function copier(kernel, from, [channels, height, width], to, border) {
  const x = kernel.floats(from, channels * height * width * LANES);
  const padded = kernel.floats(to, channels * border.height * border.width * LANES);
  const rows = Array.from({ length: channels * height }, (_, row) => {
    const [c, y] = [Math.floor(row / height), row % height];
    const place = (c * border.height + border.top + y) * border.width + border.left;
    return { values: x.subarray(row * width * LANES, (row + 1) * width * LANES), place: place * LANES };
  });
  return () => {
    for (const { values, place } of rows) padded.set(values, place);
  };
}

/** @type {Place} */
function layerNormLayer(spec, { at: from, shape, kernel, weights, where }) {
  const size = sizeOf(spec.size, `${where} size`);
  demand(shape.at(-1) === size, `${where} takes rows of ${size}, not of ${shape.at(-1)}`);
  const eps = Number(spec.eps);
  const gain = takeWeights(weights, spec.weight, size, `${where} weight`);
  const shift = takeBias(weights, spec.bias, size, `${where} bias`);
  const count = sizeOfShape(shape) * LANES;
  const at = kernel.reserve(count);
  const ready = () => {
    const [x, output] = [kernel.floats(from, count), kernel.floats(at, count)];
    return () => {
      for (let row = 0; row < count; row += size * LANES) normalizeRows(x, row, size, eps, gain, shift, output);
    };
  };
  return { shape, at, ready };
}

/** @type {(x: Float32Array, row: number, size: number, eps: number, gain: Numbers, shift: Numbers, output: Float32Array) => void} */
function normalizeRows(x, row, size, eps, gain, shift, output) {
  for (let b = 0; b < LANES; b++) {
    let [sum, square] = [0, 0];
    for (let i = 0, at = row + b; i < size; i++, at += LANES) sum += x[at];
    const mean = sum / size;
    for (let i = 0, at = row + b; i < size; i++, at += LANES) square += (x[at] - mean) ** 2;
    const factor = 1 / Math.sqrt(square / size + eps);
    for (let i = 0, at = row + b; i < size; i++, at += LANES) {
      output[at] = (x[at] - mean) * factor * gain[i] + shift[i];
    }
  }
}

/** @type {Place} */
function gateLayer(spec, { at: from, shape, kernel, weights, where }) {
  const size = sizeOf(spec.size, `${where} size`);
  const slope = takeWeights(weights, spec.slope, size, `${where} slope`);
  const shift = takeWeights(weights, spec.shift, size, `${where} shift`);
  const factor = new Float64Array(size);
  weights.tell.push((logBeta) => {
    for (let i = 0; i < size; i++) factor[i] = 1 / (1 + Math.exp(-(slope[i] * logBeta + shift[i])));
  });
  const count = sizeOfShape(shape) * LANES;
  const each = count / size;
  const at = kernel.reserve(count);
  const ready = () => {
    const [x, output] = [kernel.floats(from, count), kernel.floats(at, count)];
    return () => {
      for (let i = 0, k = 0; i < size; i++) for (let n = 0; n < each; n++, k++) output[k] = x[k] * factor[i];
    };
  };
  return { shape, at, ready };
}

/** @type {Place} */
function fourierLayer(spec, { at: from, shape: [width], kernel, where }) {
  const size = sizeOf(spec.size ?? width, `${where} size`);
  const count = sizeOf(spec.count, `${where} count`);
  const shape = [width + 2 * size * count];
  const at = kernel.reserve(shape[0] * LANES);
  const ready = () => {
    const [z, output] = [kernel.floats(from, width * LANES), kernel.floats(at, shape[0] * LANES)];
    const block = size * LANES;
    return () => {
      output.set(z);
      for (let i = 0, to = width * LANES; i < count; i++, to += 2 * block) {
        for (let k = 0; k < block; k++) {
          const angle = 0.5 * 2 ** i * z[k];
          output[to + k] = Math.sin(angle);
          output[to + block + k] = Math.cos(angle);
        }
      }
    };
  };
  return { shape, at, ready };
}

/** @type {Place} */
function cropLayer(spec, { at: from, shape: [channels, height, width], kernel, where }) {
  const rows = sizeOf(spec.height, `${where} height`);
  const columns = sizeOf(spec.width, `${where} width`);
  const at = kernel.reserve(channels * rows * columns * LANES);
  const ready = () => {
    const x = kernel.floats(from, channels * height * width * LANES);
    const output = kernel.floats(at, channels * rows * columns * LANES);
    return () => {
      for (let row = 0; row < channels * rows; row++) {
        const first = (Math.floor(row / rows) * height + (row % rows)) * width * LANES;
        output.set(x.subarray(first, first + columns * LANES), row * columns * LANES);
      }
    };
  };
  return { shape: [channels, rows, columns], at, ready };
}

/** @type {Place} */
function residualLayer(spec, ground) {
  const { at: from, shape, kernel } = ground;
  const inside = placeStack(spec.layers, { ...ground, where: `${ground.where} layer ` });
  const count = sizeOfShape(shape) * LANES;
  const at = kernel.reserve(count);
  const ready = () => {
    const run = inside.ready();
    const [x, change, output] = [from, inside.at, at].map((place) => kernel.floats(place, count));
    return () => {
      run();
      for (let i = 0; i < count; i++) output[i] = x[i] + change[i];
    };
  };
  return { shape, at, ready };
}
