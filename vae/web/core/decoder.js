// A network's forward pass in the browser.
//
// `vae/export/networks.py` writes a network as one block of bytes: a 4-byte little-endian header length, a
// JSON header that lists the layers, and the weights. `parseNetwork` checks it and compiles every
// layer into a closure over buffers that are allocated once, so that a frame allocates nothing.
// Activations are float64, which makes the result as exact as the stored weights and spares V8
// the conversions on every store.

import { compileStack } from "./layers.js";
import { linkOf } from "./links.js";
import { floatsFromHalves, readPayload } from "./payload.js";
import { readPosterior } from "./posterior.js";
import { readTold } from "./told.js";
import { activation, demand, sameShape, shapeOf, sizeOf, sizeOfShape } from "./shapes.js";

/** @import { Network, NetworkHeader, Numbers, Posterior, Readout, Shape } from "./header.js" */
/** @import { FlowStep } from "./flow.js" */
/** @import { Layer } from "./layers.js" */
/** @import { Weights } from "./shapes.js" */
/** @import { TellClass } from "./told.js" */

/** @typedef {NetworkHeader & {dtype: string, layers: unknown}} PackedHeader */

const NETWORK_FORMAT = "vae-network";
const NETWORK_VERSION = 1;

/**
 * Read a payload; throw on damage. A network that is told classes is told its `label` where a call
 * names no other; one that is told β is at β = 1 until it is told another.
 * @type {(buffer: ArrayBuffer) => Network}
 */
export function parseNetwork(buffer) {
  const { header, start } = readNetworkHeader(buffer);
  const { kind } = header;
  /** @type {Weights} */
  const weights = { values: readWeights(buffer, start, header.dtype), used: 0, tell: [] };
  const shape = shapeOf(header.image_shape, "image_shape");
  const zDim = sizeOf(header.z_dim, "z_dim");
  const told = readTold(header.told, kind === "decoder" ? [zDim] : shape, weights);
  const stack = compileStack(header.layers, told.shape, weights, "layer ");
  const link = kind === "decoder" ? linkOf(header, shape) : null;
  if (link) {
    demand(sameShape(stack.shape, link.shape), `the decoder ends in ${stack.shape}, not ${link.shape}`);
  } else checkReadout(header.readout, zDim, stack.shape);
  const steps = kind === "encoder" ? compileSteps(header.readout, zDim, weights) : [];
  const classify = compileClassifier(header.classifier, shape, told.classes, weights);
  demand(
    weights.used === weights.values.length,
    `the payload holds ${weights.values.length} weights but its layers use ${weights.used}`,
  );
  const forward = runner(stack, told, kind === "decoder" ? zDim : sizeOfShape(shape), kind);
  const pixels = new Float32Array(kind === "decoder" ? sizeOfShape(shape) : 0);
  const { classes } = told;
  const macs = header.multiply_adds;
  const plain = { header, zDim, shape, link, steps, macs, pixels, classes, label: 0, classify };
  /** @type {Network["setBeta"]} */
  const setBeta = (beta) => weights.tell.forEach((tell) => tell(Math.log(beta)));
  setBeta(1);
  /** @type {Network["run"]} */
  const run = (values, label = net.label) => forward(values, label);
  const net = Object.assign(plain, { setBeta, run });
  return net;
}

// Messages are built only on failure: a frame allocates nothing.
/** @type {(stack: Layer, told: TellClass, size: number, kind: string) => Network["run"]} */
function runner(stack, told, size, kind) {
  const input = activation(told.shape);
  return (values, label = null) => {
    if (values.length !== size) {
      throw new Error(`the ${kind} takes ${size} numbers, not ${values.length}`);
    }
    for (let i = 0; i < size; i++) {
      if (!Number.isFinite(values[i])) {
        throw new Error(`input ${i} of the ${kind} is ${values[i]}, not a finite number`);
      }
      input[i] = values[i];
    }
    told.put(input, label);
    return stack.run(input);
  };
}

/** What a payload says of its network, and where its weights start. @type {(buffer: ArrayBuffer) => {header: PackedHeader, start: number}} */
export function readNetworkHeader(buffer) {
  const payload = readPayload(buffer, NETWORK_FORMAT, NETWORK_VERSION);
  const { header, start } = /** @type {{header: PackedHeader, start: number}} */ (payload);
  demand(
    header.kind === "decoder" || header.kind === "encoder",
    `unknown kind of network '${header.kind}'`,
  );
  return { header, start };
}

// Typed arrays read the machine's byte order, which is little endian wherever browsers run.
/** @type {(buffer: ArrayBuffer, start: number, dtype: string) => Float32Array} */
export function readWeights(buffer, start, dtype) {
  const size = { float16: 2, float32: 4 }[dtype];
  demand(size !== undefined, `unknown weight type '${dtype}'`);
  demand(
    (buffer.byteLength - start) % size === 0,
    "the network payload is cut short inside its weights",
  );
  return dtype === "float16"
    ? floatsFromHalves(new Uint16Array(buffer, start))
    : new Float32Array(buffer, start);
}

/**
 * Mean pixels C·H·W of the image of a class at z, in a buffer that the next call overwrites.
 * @type {(net: Network, z: Numbers, label?: number | null) => Float32Array}
 */
export function decode(net, z, label = net.label) {
  if (net.header.kind !== "decoder") throw new Error("decode needs a decoder, not an encoder");
  const raw = net.run(z, label);
  net.link?.apply(raw, net.pixels);
  return net.pixels;
}

/**
 * Posterior of an image given as C·H·W pixels in [0, 1], as in posterior.js; scale 0 where it has no
 * density, and null where it has one that the browser cannot tell the width of.
 * @type {(net: Network, pixels: Numbers, label?: number | null) => Posterior}
 */
export function encode(net, pixels, label = net.label) {
  if (net.header.kind !== "encoder") throw new Error("encode needs an encoder, not a decoder");
  return readPosterior(net, net.run(pixels, label));
}

/**
 * Check where in the encoder's output the numbers of a posterior lie: [start, end] each.
 * @type {(readout: Readout | undefined, zDim: number, ends: Shape) => void}
 */
function checkReadout(readout, zDim, ends) {
  const below = (zDim * (zDim - 1)) / 2;
  const spans = [
    { span: readout?.loc ?? [0, -1], length: zDim },
    { span: readout?.log_scale, length: zDim },
    { span: readout?.log_diagonal, length: zDim },
    { span: readout?.below, length: below },
    { span: readout?.context, length: null },
  ];
  for (const { span, length } of spans) {
    if (!span) continue;
    const [start, end] = span;
    const whole = length === null ? end > start : end === start + length;
    demand(
      ends.length === 1 && start >= 0 && whole && end <= ends[0],
      `the encoder ends in ${ends}, which holds no ${length ?? "some"} numbers from ${start} to ${end}`,
    );
  }
}

/**
 * The networks of a flow's steps: noise and context in, the numbers of the splines out.
 * @type {(readout: Readout | undefined, zDim: number, weights: Weights) => FlowStep[]}
 */
function compileSteps(readout, zDim, weights) {
  const { steps = [], bins = 0, bound = 0, context = [0, 0] } = readout ?? {};
  return steps.map((layers, k) => {
    const from = [zDim + context[1] - context[0]];
    const stack = compileStack(layers, from, weights, `step ${k}, layer `);
    const ends = zDim * (3 * bins - 1);
    demand(sameShape(stack.shape, [ends]), `step ${k} of the flow ends in ${stack.shape}, not ${ends}`);
    const input = activation(from);
    /** @type {FlowStep["run"]} */
    const run = (values) => {
      input.set(values);
      return stack.run(input);
    };
    return { run, bins, bound };
  });
}

/**
 * The network of q(y|x): pixels in, the probability of each class out, in a new array.
 * @type {(layers: unknown, shape: Shape, classes: number, weights: Weights) => Network["classify"]}
 */
function compileClassifier(layers, shape, classes, weights) {
  if (!layers) return null;
  const stack = compileStack(layers, shape, weights, "classifier, layer ");
  demand(sameShape(stack.shape, [classes]), `the classifier ends in ${stack.shape}, not ${classes}`);
  const input = activation(shape);
  return (pixels) => {
    input.set(pixels);
    return softmax(stack.run(input));
  };
}

/** @type {(logits: Float64Array) => Float64Array} */
function softmax(logits) {
  const most = Math.max(...logits);
  const parts = logits.map((value) => Math.exp(value - most));
  const sum = parts.reduce((total, value) => total + value, 0);
  return parts.map((value) => value / sum);
}

/** @type {WeakMap<CanvasRenderingContext2D, ImageData>} */
const canvasImages = new WeakMap();

/**
 * Draw pixels in [0, 1] at native size; values outside show as the nearest that can be shown.
 * @type {(context: CanvasRenderingContext2D, pixels: Numbers, shape: Shape) => void}
 */
export function drawPixels(context, pixels, [channels, height, width]) {
  const { canvas } = context;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  let image = canvasImages.get(context);
  if (image?.width !== width || image?.height !== height) {
    image = context.createImageData(width, height);
    image.data.fill(255);
    canvasImages.set(context, image);
  }
  const plane = height * width;
  const [green, blue] = channels === 3 ? [plane, 2 * plane] : [0, 0];
  for (let i = 0; i < plane; i++) {
    image.data[4 * i] = 255 * pixels[i];
    image.data[4 * i + 1] = 255 * pixels[green + i];
    image.data[4 * i + 2] = 255 * pixels[blue + i];
  }
  context.putImageData(image, 0, 0);
}
