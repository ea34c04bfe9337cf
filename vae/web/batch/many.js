// Many images from one call: the decoder's forward pass for a batch of z at once, in float32.
//
// Pixels agree with those of `decode`, which computes in float64, to some 1e-6.

import { decode, readNetworkHeader, readWeights } from "../core/decoder.js";
import { demand } from "../core/shapes.js";
import { readTold } from "../core/told.js";
import { createKernel, LANES } from "./kernel.js";
import { placeStack } from "./stack.js";

/** @import { Network, Numbers } from "../core/header.js" */
/** @import { Weights } from "../core/shapes.js" */
/** @import { Kernel } from "./kernel.js" */

/**
 * Decodes many z, each as the class `labelOf(k)`; `hear(pixels, k)` gets each image's mean pixels
 * C·H·W in a buffer that the next one overwrites. `setBeta` as of a network.
 * @typedef {object} Many
 * @property {boolean} fast whether a batch is computed at once
 * @property {(zs: Numbers[], labelOf: (k: number) => number | null, hear: (pixels: Float32Array, k: number) => void) => void} decode
 * @property {(zs: Numbers[], labelOf: (k: number) => number | null, hear: (raw: Numbers, k: number) => void) => void} run
 *   the same of the decoder's raw numbers
 * @property {(beta: number) => void} setBeta
 */

/** How many images are computed at once: more come in turns of so many. */
export const BATCH = LANES;

/**
 * A decoder for many images from the payload that `net` was parsed from.
 * @type {(buffer: ArrayBuffer, net: Network) => Many}
 */
export function manyOf(buffer, net) {
  const kernel = createKernel();
  if (!kernel) return oneByOne(net);
  const { run, values, told, setBeta } = placed(kernel, buffer, net);
  const raw = new Float64Array(net.link ? net.link.shape.reduce((a, b) => a * b, 1) : 0);
  const pixels = new Float32Array(net.pixels.length);
  const own = new Float64Array(told.shape[0]);
  /** @type {Many["run"]} */
  const runMany = (zs, labelOf, hear) => {
    for (let first = 0; first < zs.length; first += LANES) {
      const count = Math.min(LANES, zs.length - first);
      for (let b = 0; b < count; b++) {
        checkPlace(zs[first + b], net.zDim);
        own.set(/** @type {number[]} */ (zs[first + b]));
        told.put(own, labelOf(first + b));
        for (let i = 0; i < own.length; i++) values[i * LANES + b] = own[i];
      }
      const output = run();
      for (let b = 0; b < count; b++) {
        for (let i = 0; i < raw.length; i++) raw[i] = output[i * LANES + b];
        hear(raw, first + b);
      }
    }
  };
  /** @type {Many["decode"]} */
  const decodeMany = (zs, labelOf, hear) => runMany(zs, labelOf, (found, k) => {
    net.link?.apply(found, pixels);
    hear(pixels, k);
  });
  return { fast: true, decode: decodeMany, run: runMany, setBeta };
}

/** @type {(z: Numbers, zDim: number) => void} */
function checkPlace(z, zDim) {
  if (z.length !== zDim) throw new Error(`the decoder takes ${zDim} numbers, not ${z.length}`);
  for (let i = 0; i < zDim; i++) {
    if (!Number.isFinite(z[i])) throw new Error(`input ${i} of the decoder is ${z[i]}, not a finite number`);
  }
}

/** @type {(kernel: Kernel, buffer: ArrayBuffer, net: Network) => {run: () => Float32Array, values: Float32Array, told: ReturnType<typeof readTold>, setBeta: (beta: number) => void}} */
function placed(kernel, buffer, { zDim }) {
  const { header, start } = readNetworkHeader(buffer);
  /** @type {Weights} */
  const weights = { values: readWeights(buffer, start, header.dtype), used: 0, tell: [] };
  const told = readTold(header.told, [zDim], weights);
  const at = kernel.reserve(told.shape[0] * LANES);
  const stack = placeStack(header.layers, { at, shape: told.shape, kernel, weights, where: "layer " });
  demand(weights.used === weights.values.length, "the payload holds weights that no layer uses");
  const step = stack.ready();
  const values = kernel.floats(at, told.shape[0] * LANES);
  const output = kernel.floats(stack.at, stack.shape.reduce((a, b) => a * b, 1) * LANES);
  /** @type {(beta: number) => void} */
  const setBeta = (beta) => weights.tell.forEach((tell) => tell(Math.log(beta)));
  setBeta(1);
  const run = () => {
    step();
    return output;
  };
  return { run, values, told, setBeta };
}

/** @type {(net: Network) => Many} */
function oneByOne(net) {
  /** @type {Many["decode"]} */
  const decodeEach = (zs, labelOf, hear) => zs.forEach((z, k) => hear(decode(net, z, labelOf(k)), k));
  /** @type {Many["run"]} */
  const runEach = (zs, labelOf, hear) => zs.forEach((z, k) => hear(net.run(z, labelOf(k)), k));
  return { fast: false, decode: decodeEach, run: runEach, setBeta: (beta) => net.setBeta(beta) };
}
