// The negative ELBO of one image, for given noise, and the way back from it to every parameter:
// −log p(x|z) + β KL(q(z|x) ‖ p(z)) with z = μ + σ ε, in nats.

import { activation, demand } from "../core/shapes.js";
import { reversibleStack } from "./layers.js";

/** @import { Numbers, Shape } from "../core/header.js" */
/** @import { Reversible } from "./layers.js" */
/** @import { Parameters } from "./parameters.js" */

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * −log p(x|z) of raw outputs, in nats; fills how it changes with each of them.
 * @typedef {(raw: Float64Array, x: Numbers, slopes: Float64Array) => number} Likelihood
 */

/** Logits; grey pixels count as shares of black and white ones. @type {Likelihood} */
export function bernoulli(raw, x, slopes) {
  let nats = 0;
  for (let i = 0; i < raw.length; i++) {
    const t = raw[i];
    nats += Math.max(t, 0) - t * x[i] + Math.log1p(Math.exp(-Math.abs(t)));
    slopes[i] = 1 / (1 + Math.exp(-t)) - x[i];
  }
  return nats;
}

/** A normal of one σ about each output. @type {(scale: number) => Likelihood} */
export function gaussian(scale) {
  return (raw, x, slopes) => {
    let nats = 0;
    for (let i = 0; i < raw.length; i++) {
      const away = (raw[i] - x[i]) / scale;
      nats += 0.5 * away * away + Math.log(scale) + 0.5 * LOG_2_PI;
      slopes[i] = away / scale;
    }
    return nats;
  };
}

/** A likelihood whose outputs go through a sigmoid first. @type {(likelihood: Likelihood) => Likelihood} */
export function throughSigmoid(likelihood) {
  return (raw, x, slopes) => {
    const mean = raw.map((t) => 1 / (1 + Math.exp(-t)));
    const nats = likelihood(mean, x, slopes);
    for (let i = 0; i < mean.length; i++) slopes[i] *= mean[i] * (1 - mean[i]);
    return nats;
  };
}

/**
 * Two stacks of layers over one set of parameters; the encoder ends in μ and then log σ.
 * @typedef {object} Vae
 * @property {Parameters} parameters
 * @property {Reversible} encoder
 * @property {Reversible} decoder
 * @property {number} zDim
 * @property {Likelihood} likelihood
 */

/**
 * @type {(layers: {encoder: unknown, decoder: unknown}, shape: Shape, zDim: number,
 *   likelihood: Likelihood, parameters: Parameters) => Vae}
 */
export function vaeOf(layers, shape, zDim, likelihood, parameters) {
  const encoder = reversibleStack(layers.encoder, shape, parameters, "encoder, layer ");
  const decoder = reversibleStack(layers.decoder, [zDim], parameters, "decoder, layer ");
  demand(encoder.shape.length === 1 && encoder.shape[0] === 2 * zDim, `the encoder ends in ${encoder.shape}, not ${2 * zDim}`);
  return { parameters, encoder, decoder, zDim, likelihood };
}

/** The two terms of an image, in nats, and the place that was drawn. @typedef {{reconstruction: number, kl: number, z: Float64Array}} Terms */

/**
 * Make the function of (image, noise, β) that computes both terms and adds the gradients of
 * reconstruction + β KL to those of the parameters. What it returns the next call overwrites.
 * @type {(vae: Vae) => (x: Float64Array, noise: Numbers, beta: number) => Terms}
 */
export function negativeElbo({ encoder, decoder, zDim, likelihood }) {
  const [z, ends] = [activation([zDim]), activation([2 * zDim])];
  const slopes = activation(decoder.shape);
  const terms = { reconstruction: 0, kl: 0, z };
  return (x, noise, beta) => {
    const code = encoder.run(x);
    for (let d = 0; d < zDim; d++) z[d] = code[d] + Math.exp(code[zDim + d]) * noise[d];
    terms.reconstruction = likelihood(decoder.run(z), x, slopes);
    const dz = decoder.back(slopes);
    terms.kl = 0;
    for (let d = 0; d < zDim; d++) {
      const [loc, logScale] = [code[d], code[zDim + d]];
      const [scale, variance] = [Math.exp(logScale), Math.exp(2 * logScale)];
      terms.kl += 0.5 * (loc * loc + variance - 1) - logScale;
      ends[d] = dz[d] + beta * loc;
      ends[zDim + d] = dz[d] * scale * noise[d] + beta * (variance - 1);
    }
    encoder.back(ends);
    return terms;
  };
}
