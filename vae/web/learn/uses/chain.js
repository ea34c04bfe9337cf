// The Gibbs chain of the restricted Boltzmann machine at the top of a stack: hidden units given the
// visible ones, visible given hidden, and again (Hinton, Osindero and Teh 2006).

import { readNetworkHeader, readWeights } from "../../core/decoder.js";
import { compileStack } from "../../core/layers.js";
import { shapeOf } from "../../core/shapes.js";

/** @import { Numbers } from "../../core/header.js" */
/** @import { Weights } from "../../core/shapes.js" */

/** Units on or off, and the log odds of the hidden ones given the visible: z. @typedef {{visible: Float64Array, z: Float64Array}} State */

/**
 * @typedef {object} Chain
 * @property {() => State} start visible units as if no hidden unit were on
 * @property {(state: State) => State} step
 */

/**
 * The chain of a model, of the payloads of both its networks.
 * @type {(decoder: ArrayBuffer, encoder: ArrayBuffer, uniform: () => number) => Chain}
 */
export function chainOf(decoder, encoder, uniform) {
  const down = firstLinear(decoder);
  const up = lastLinear(encoder);
  /** @type {(visible: Float64Array) => State} */
  const seen = (visible) => ({ visible, z: Float64Array.from(up(visible)) });
  return {
    start: () => seen(drawn(down(new Float64Array(down.size)), uniform)),
    step: ({ z }) => seen(drawn(down(drawn(z, uniform)), uniform)),
  };
}

/** Units of log odds, each on with its chance. @type {(odds: Numbers, uniform: () => number) => Float64Array} */
function drawn(odds, uniform) {
  return Float64Array.from(odds, (t) => (uniform() < 1 / (1 + Math.exp(-t)) ? 1 : 0));
}

/** Hidden units to log odds of visible ones: the decoder's first layer with weights. @param {ArrayBuffer} payload */
function firstLinear(payload) {
  const { layers, weights, size } = opened(payload);
  const at = layers.findIndex(({ op }) => op === "linear");
  const { run } = compileStack([layers[at]], [size], weights, "layer ");
  return Object.assign(run, { size });
}

/** Visible units to log odds of hidden ones: the encoder's last layer. @param {ArrayBuffer} payload */
function lastLinear(payload) {
  const { layers, weights, shape } = opened(payload);
  // those before it take their weights from the front
  const before = compileStack(layers.slice(0, -1), shape, weights, "layer ");
  return compileStack(layers.slice(-1), before.shape, weights, "layer ").run;
}

/** @param {ArrayBuffer} payload */
function opened(payload) {
  const { header, start } = readNetworkHeader(payload);
  /** @type {Weights} */
  const weights = { values: readWeights(payload, start, header.dtype), used: 0, tell: [] };
  const layers = /** @type {{op: string}[]} */ (header.layers);
  return { layers, weights, size: header.z_dim, shape: shapeOf(header.image_shape, "image_shape") };
}
