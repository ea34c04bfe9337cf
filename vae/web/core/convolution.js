// Convolutions. A convolution and a transposed one are the same sum once the output pixels are
// sorted by phase: output (q·spread + phase) adds up inputs (q·step + shift) over a fixed list of
// taps. A convolution has one phase; a transposed one of stride s has s·s, each with a part of the
// kernel. The input is copied into a border of zeros, so that no tap needs a check of its bounds.

import { activation, demand, pairOf, sizeOf, sizeOfShape, takeBias, takeWeights } from "./shapes.js";

/** @import { Numbers, Shape } from "./header.js" */
/** @import { Compile, Layer, Spec } from "./layers.js" */
/** @import { Weights } from "./shapes.js" */

/**
 * Sizes of a convolution, in pixels down and across.
 * @typedef {object} Sizes
 * @property {number} inputs
 * @property {number} outputs
 * @property {[number, number]} kernel
 * @property {[number, number]} stride
 * @property {[number, number]} padding
 */

/** @typedef {{k: number, shift: number}} Tap */
/** @typedef {{phase: number, taps: Tap[]}} AxisPhase */

/**
 * Where a convolution reads and writes; `order` is the steps between weights.
 * @typedef {object} Geometry
 * @property {Shape} shape
 * @property {Shape} target
 * @property {AxisPhase[][]} axes
 * @property {number[]} step
 * @property {number[]} spread
 * @property {{output: number, input: number, row: number}} order
 */

/** @typedef {{top: number, left: number, height: number, width: number}} Border */

/**
 * @typedef {object} Phase
 * @property {Int32Array} offsets
 * @property {Float64Array} packed
 * @property {number} height
 * @property {number} width
 * @property {number} rowStep
 * @property {number} columnStep
 * @property {number} start
 * @property {number} outRow
 * @property {number} outColumn
 * @property {number} plane
 */

export const LANES = 4; // output channels that are computed side by side

/** @typedef {(spec: Spec, shape: Shape, where: string) => {sizes: Sizes, geometry: Geometry}} Plan */

/** @type {Compile} */
export function conv2dLayer(spec, shape, weights, where) {
  return convolution(plan2d(spec, shape, where), spec, weights, where);
}

/** @type {Compile} */
export function convTranspose2dLayer(spec, shape, weights, where) {
  return convolution(planTransposed2d(spec, shape, where), spec, weights, where);
}

/** Where a convolution reads and writes. @type {Plan} */
export function plan2d(spec, shape, where) {
  const sizes = convolutionSizes(spec, shape, where);
  const { kernel, stride, padding, inputs, outputs } = sizes;
  /** @type {(a: number) => AxisPhase[]} */
  const axis = (a) => [
    {
      phase: 0,
      taps: Array.from({ length: kernel[a] }, (_, k) => ({ k, shift: k - padding[a] })),
    },
  ];
  /** @type {(a: number) => number} */
  const side = (a) => Math.floor((shape[a + 1] + 2 * padding[a] - kernel[a]) / stride[a]) + 1;
  const target = [outputs, side(0), side(1)];
  const area = kernel[0] * kernel[1];
  const order = { output: inputs * area, input: area, row: kernel[1] };
  const geometry = { shape, target, axes: [axis(0), axis(1)], step: stride, spread: [1, 1], order };
  return { sizes, geometry };
}

/** As `plan2d`, of a transposed convolution. @type {Plan} */
export function planTransposed2d(spec, shape, where) {
  const sizes = convolutionSizes(spec, shape, where);
  const { kernel, stride, padding, outputs } = sizes;
  /** @type {(a: number) => AxisPhase[]} */
  const axis = (a) => Array.from({ length: stride[a] }, (_, phase) => ({
    phase,
    taps: Array.from({ length: kernel[a] }, (_, k) => ({
      k,
      shift: (phase + padding[a] - k) / stride[a],
    })).filter(({ shift }) => Number.isInteger(shift)),
  }));
  /** @type {(a: number) => number} */
  const side = (a) => (shape[a + 1] - 1) * stride[a] - 2 * padding[a] + kernel[a];
  const target = [outputs, side(0), side(1)];
  const area = kernel[0] * kernel[1];
  const order = { output: area, input: outputs * area, row: kernel[1] };
  const geometry = { shape, target, axes: [axis(0), axis(1)], step: [1, 1], spread: stride, order };
  return { sizes, geometry };
}

/** @type {(spec: Spec, shape: Shape, where: string) => Sizes} */
function convolutionSizes(spec, shape, where) {
  const inputs = sizeOf(spec.in, `${where} in`);
  demand(
    shape.length === 3 && shape[0] === inputs,
    `${where} takes images of ${inputs} channels, not ${shape}`,
  );
  return {
    inputs,
    outputs: sizeOf(spec.out, `${where} out`),
    kernel: pairOf(spec.kernel, `${where} kernel`, 1),
    stride: pairOf(spec.stride, `${where} stride`, 1),
    padding: pairOf(spec.padding, `${where} padding`, 0),
  };
}

/**
 * A planned convolution with its weights: the input's border, its phases, and a bias for each output.
 * @type {(plan: ReturnType<Plan>, spec: Spec, weights: Weights, where: string) => {border: Border, phases: Phase[], bias: Numbers}}
 */
export function weighted({ sizes, geometry }, spec, weights, where) {
  const { shape, target } = geometry;
  const { inputs, outputs, kernel } = sizes;
  const count = inputs * outputs * kernel[0] * kernel[1];
  const weight = takeWeights(weights, spec.weight, count, `${where} weight`);
  const bias = takeBias(weights, spec.bias, target[0], `${where} bias`);
  demand(target.every((side) => side > 0), `${where} leaves nothing of an image of ${shape}`);
  const border = zeroBorder(geometry);
  return { border, phases: phasesOf(geometry, border, weight), bias };
}

/** @type {(plan: ReturnType<Plan>, spec: Spec, weights: Weights, where: string) => Layer} */
function convolution(plan, spec, weights, where) {
  const { shape, target } = plan.geometry;
  const [channels] = target;
  const { border, phases, bias } = weighted(plan, spec, weights, where);
  const padded = activation([shape[0], border.height, border.width]);
  const lanes = LANES * Math.ceil(channels / LANES);
  const wide = activation([lanes, target[1], target[2]]);
  const biases = new Float64Array(lanes);
  biases.set(bias);
  const output = wide.subarray(0, sizeOfShape(target));
  /** @type {Layer["run"]} */
  const run = (x) => {
    copyInside(x, shape, padded, border);
    for (let i = 0; i < phases.length; i++) gatherTaps(phases[i], padded, biases, wide);
    return output;
  };
  return { shape: target, run };
}

/**
 * How far the taps reach beyond the input on each side, and the size with that border.
 * @type {(geometry: Geometry) => Border}
 */
function zeroBorder({ shape, target, axes, step, spread }) {
  const reach = axes.map((phases, a) => {
    const reads = phases.flatMap(({ phase, taps }) => {
      const count = Math.ceil((target[a + 1] - phase) / spread[a]);
      return taps.flatMap(({ shift }) => [shift, (count - 1) * step[a] + shift]);
    });
    return { before: Math.max(0, -Math.min(...reads)), last: Math.max(...reads) };
  });
  const size = reach.map(({ before, last }, a) => before + Math.max(shape[a + 1], last + 1));
  return { top: reach[0].before, left: reach[1].before, height: size[0], width: size[1] };
}

/** @type {(x: Numbers, shape: Shape, padded: Float64Array, border: Border) => void} */
function copyInside(x, [channels, height, width], padded, border) {
  let from = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const to = (c * border.height + border.top + y) * border.width + border.left;
      for (let i = 0; i < width; i++) padded[to + i] = x[from++];
    }
  }
}

/**
 * One record a phase: where it writes, and which inputs and weights it reads.
 * @type {(geometry: Geometry, border: Border, weight: Numbers) => Phase[]}
 */
function phasesOf(geometry, border, weight) {
  const { target, axes, step, spread } = geometry;
  return axes[0].flatMap((rows) =>
    axes[1].map((columns) => ({
      ...packTaps(geometry, border, weight, rows.taps, columns.taps),
      height: Math.ceil((target[1] - rows.phase) / spread[0]),
      width: Math.ceil((target[2] - columns.phase) / spread[1]),
      rowStep: step[0] * border.width,
      columnStep: step[1],
      start: rows.phase * target[2] + columns.phase,
      outRow: spread[0] * target[2],
      outColumn: spread[1],
      plane: target[1] * target[2],
    })),
  );
}

/**
 * A phase's taps as offsets into the padded input, and its weights in the order they are read.
 * @type {(geometry: Geometry, border: Border, weight: Numbers, rowTaps: Tap[], columnTaps: Tap[]) => {offsets: Int32Array, packed: Float64Array}}
 */
function packTaps({ shape, target, order }, border, weight, rowTaps, columnTaps) {
  const count = shape[0] * rowTaps.length * columnTaps.length;
  const offsets = new Int32Array(count);
  const packed = new Float64Array(LANES * Math.ceil(target[0] / LANES) * count);
  let tap = 0;
  for (let c = 0; c < shape[0]; c++) {
    for (const { k: ky, shift: dy } of rowTaps) {
      for (const { k: kx, shift: dx } of columnTaps) {
        const row = c * border.height + border.top + dy;
        offsets[tap] = row * border.width + border.left + dx;
        const from = c * order.input + ky * order.row + kx;
        for (let o = 0; o < target[0]; o++) {
          const lane = o % LANES;
          packed[(o - lane) * count + tap * LANES + lane] = weight[from + o * order.output];
        }
        tap++;
      }
    }
  }
  return { offsets, packed };
}

/** @type {(phase: Phase, padded: Float64Array, biases: Float64Array, output: Float64Array) => void} */
function gatherTaps(phase, padded, biases, output) {
  const { height, width, rowStep, columnStep, start, outRow, outColumn } = phase;
  for (let lane = 0; lane < biases.length; lane += LANES) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column += 2) {
        const from = row * rowStep + column * columnStep;
        const to = lane * phase.plane + start + row * outRow + column * outColumn;
        // an odd row's last pixel is computed twice rather than branched around
        const next = column + 1 < width ? 1 : 0;
        gatherPair(phase, padded, biases, lane, from, next * columnStep, output, to, next * outColumn);
      }
    }
  }
}

// Four channels of two neighbouring pixels at once: eight sums in registers, from two inputs and
// four weights per step.
/** @type {(phase: Phase, padded: Float64Array, biases: Float64Array, lane: number, left: number, aside: number, output: Float64Array, to: number, beside: number) => void} */
function gatherPair(phase, padded, biases, lane, left, aside, output, to, beside) {
  const { offsets, packed, plane } = phase;
  const right = left + aside;
  let a = biases[lane], b = biases[lane + 1], c = biases[lane + 2], d = biases[lane + 3];
  let e = a, f = b, g = c, h = d;
  for (let k = 0, at = lane * offsets.length; k < offsets.length; k++, at += LANES) {
    const offset = offsets[k];
    const x = padded[left + offset], y = padded[right + offset];
    const p = packed[at], q = packed[at + 1], r = packed[at + 2], s = packed[at + 3];
    a += p * x;
    b += q * x;
    c += r * x;
    d += s * x;
    e += p * y;
    f += q * y;
    g += r * y;
    h += s * y;
  }
  storeLanes(output, to, plane, a, b, c, d);
  storeLanes(output, to + beside, plane, e, f, g, h);
}

/** @type {(output: Float64Array, to: number, plane: number, a: number, b: number, c: number, d: number) => void} */
function storeLanes(output, to, plane, a, b, c, d) {
  output[to] = a;
  output[to + plane] = b;
  output[to + 2 * plane] = c;
  output[to + 3 * plane] = d;
}
