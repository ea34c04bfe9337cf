// Draws of one image's lesson and their weights, computed in slices between frames: of the prior,
// where a weight is p(x|z), and of q, where it is p(x, z) / q(z|x).

import { BATCH } from "../../batch/many.js";
import { isScored, logLikelihoodOf } from "../../core/likeness.js";
import { noiseOf, priorSource } from "../../core/source.js";
import { jointOf } from "../../microscope/joint.js";

/** @import { Network, Numbers } from "../../core/header.js" */
/** @import { Many } from "../../batch/many.js" */
/** @import { Normal } from "../../microscope/lattice.js" */
/** @import { Noise } from "../../core/source.js" */
/** @import { Spot } from "../../plane/sketch.js" */

/** Draws on the plane with the logarithms of their weights, as far as they are known. @typedef {{spots: Spot[], logs: Float64Array, known: number}} Draws */

const PAIR = [0, 1];
const SEED = 5;

/** @type {(zDim: number, count: number) => Noise[]} */
export function fixedNoise(zDim, count) {
  return noiseOf(SEED, count, zDim);
}

/** Draws of the prior, none of them weighed yet. @type {(net: Network, noise: Noise[]) => Draws} */
export function priorDraws(net, noise) {
  const source = priorSource(net.header);
  const spots = noise.map((one) => /** @type {Spot} */ (Array.from(source.place(one, 1)).slice(0, 2)));
  return { spots, logs: new Float64Array(noise.length), known: 0 };
}

/** Draws of q, none of them weighed yet. @type {(q: Normal, noise: Noise[]) => Draws} */
export function posteriorDraws(q, noise) {
  const spots = noise.map(({ normal: [s, t] }) => /** @type {Spot} */ ([
    q.a + s * q.sd[0] * q.axes[0][0] + t * q.sd[1] * q.axes[1][0],
    q.b + s * q.sd[0] * q.axes[0][1] + t * q.sd[1] * q.axes[1][1],
  ]));
  return { spots, logs: new Float64Array(noise.length), known: 0 };
}

/** log q of a draw that was made of noise. @type {(q: Normal, noise: Noise) => number} */
export function logQ(q, { normal: [s, t] }) {
  return -0.5 * (s * s + t * t) - Math.log(2 * Math.PI * q.sd[0] * q.sd[1]);
}

/** Weigh the next batch of the prior's draws by p(x|z). @type {(net: Network, many: Many, pixels: Numbers, draws: Draws) => void} */
export function weighByLikelihood(net, many, pixels, draws) {
  if (!isScored(net.header)) throw new Error(`no log p(x|z) of a likelihood '${net.header.likelihood}'`);
  const next = draws.spots.slice(draws.known, draws.known + BATCH);
  many.run(next, () => null, (raw, k) => {
    draws.logs[draws.known + k] = logLikelihoodOf(net.header, raw, pixels);
  });
  draws.known += next.length;
}

/** What weighs the next batch of q's draws by p(x, z) / q(z|x). @type {(net: Network, many: Many, pixels: Numbers, q: Normal, noise: Noise[]) => (draws: Draws) => void} */
export function weigherOf(net, many, pixels, q, noise) {
  const joint = jointOf(net, many, { pixels, z: new Float64Array(net.zDim), label: null }, PAIR);
  return (draws) => {
    const next = draws.spots.slice(draws.known, draws.known + BATCH);
    joint(next).forEach((value, k) => {
      draws.logs[draws.known + k] = value - logQ(q, noise[draws.known + k]);
    });
    draws.known += next.length;
  };
}

/** Shares of a sum, the largest being 1. @type {(logs: Numbers, count: number) => Float64Array} */
export function relativeWeights(logs, count) {
  let top = -Infinity;
  for (let i = 0; i < count; i++) top = Math.max(top, logs[i]);
  return Float64Array.from({ length: count }, (_, i) => Math.exp(logs[i] - top));
}
