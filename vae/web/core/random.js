// Draws from the prior, a posterior and p(x|z).

import { headerOfClass } from "./class_prior.js";
import { fittedOf, placeOf } from "./fitted.js";
import { mixtureSample } from "./mixture.js";

/** @import { Decoder, Mixture, NetworkHeader, Numbers } from "./header.js" */

/** A standard normal number (Box and Muller 1958). @type {() => number} */
export function sampleNormal() {
  // 1 − random() lies in (0, 1], where the logarithm is finite
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** @type {(zDim: number) => Float64Array} */
export function samplePrior(zDim) {
  return Float64Array.from({ length: zDim }, sampleNormal);
}

/**
 * A draw from a model's prior; where it was held to none, from a normal of its codes.
 * @type {(header: NetworkHeader) => Float64Array}
 */
export function samplePlace({ z_dim: zDim, latent }) {
  if (latent.mixture) return sampleMixture(latent.mixture);
  if (latent.draws) return Float64Array.from(latent.draws[Math.floor(Math.random() * latent.draws.length)]);
  const [draw, fitted] = [samplePrior(zDim), fittedOf(latent)];
  return fitted ? placeOf(fitted, draw) : draw;
}

/**
 * As `samplePlace`, of the class that a decoder is told, or of another one.
 * @type {(net: Decoder, label?: number) => Float64Array}
 */
export function sampleOf({ header, classes, label: own }, label = own) {
  return samplePlace(headerOfClass(header, classes ? label : null));
}

/**
 * A draw from a mixture of normals: one component by its weight, then one number per dimension.
 * @type {(mixture: Mixture) => Float64Array}
 */
export function sampleMixture({ weight, loc, scale }) {
  let left = Math.random();
  let k = 0;
  while (k < weight.length - 1 && left >= weight[k]) {
    left -= weight[k];
    k += 1;
  }
  return samplePosterior(loc[k], scale[k]);
}

/** @type {(loc: Numbers, scale: Numbers) => Float64Array} */
export function samplePosterior(loc, scale) {
  return Float64Array.from(loc, (mean, i) => mean + scale[i] * sampleNormal());
}

/**
 * Draw an image from p(x|z), given the decoder's mean pixels and raw numbers; fills `out`.
 * @type {(header: NetworkHeader, mean: Numbers, raw: Numbers, out: Float32Array) => Float32Array}
 */
export function sampleImage(header, mean, raw, out) {
  const fill = IMAGE_SAMPLERS[header.noise ?? ""];
  if (!fill) throw new Error(`no way to draw from a likelihood '${header.likelihood}'`);
  fill(header, mean, raw, out);
  return out;
}

/** @typedef {(header: NetworkHeader, mean: Numbers, raw: Numbers, out: Float32Array) => void} FillImage */

/** @type {Record<string, FillImage>} */
const IMAGE_SAMPLERS = {
  bernoulli: pointwise((mean) => (Math.random() < mean ? 1 : 0)),
  gaussian: pointwise((mean, raw, scale) => mean + scale * sampleNormal()),
  "continuous-bernoulli": pointwise((mean, raw) => continuousBernoulliQuantile(raw, Math.random())),
  "logistic-mixture": ({ components = 0, image_shape: [channels] }, mean, raw, out) =>
    mixtureSample(components, channels, raw, out),
};

/** @type {(pixel: (mean: number, raw: number, scale: number) => number) => FillImage} */
function pointwise(pixel) {
  return ({ scale }, mean, raw, out) => {
    // one σ for all pixels, or one for each
    const scaleAt = (/** @type {number} */ i) => (Array.isArray(scale) ? scale[i] : scale) ?? 0;
    for (let i = 0; i < out.length; i++) out[i] = pixel(mean[i], raw[i], scaleAt(i));
  };
}

/**
 * Inverse of the continuous Bernoulli's distribution function at u, for logit t.
 * @type {(t: number, u: number) => number}
 */
export function continuousBernoulliQuantile(t, u) {
  if (Math.abs(t) < 1e-3) return u;
  // for t > 0 the form with e^−t cannot overflow
  if (t > 0) return 1 + Math.log(u + (1 - u) * Math.exp(-t)) / t;
  return Math.log1p(u * Math.expm1(t)) / t;
}
