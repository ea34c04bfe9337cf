// How like a model's own images a picture is: log p(x|z) at its posterior mean, among theirs; and
// which class it is most like, for a model that is told classes.

import { headerOfClass } from "./class_prior.js";
import { encode } from "./decoder.js";
import { mixtureLogProb } from "./mixture.js";
import { isKnown, triangle } from "./posterior.js";

/** @import { Decoder, Network, NetworkHeader, Numbers, Posterior } from "./header.js" */

/** A posterior, and the class that was recognised. @typedef {Posterior & {label: number | null}} Recognised */

/**
 * Quantiles of log p(x|z) over a split's images: 1, 5, 50, 95 and 99 of 100.
 * @typedef {{quantiles: number[], split: string}} Known
 */

/**
 * @typedef {object} Likeness
 * @property {number[] | null} usual
 * @property {((pixels: Numbers) => number | null) | null} logPx
 * @property {(value: number | null) => string} words
 * @property {(value: number | null) => boolean} isUnlike
 */

const LOG_TWO_PI_HALF = 0.5 * Math.log(2 * Math.PI);

/**
 * log p(x|z) of an image in nats, given a decoder's header, its raw numbers and the pixels.
 * @typedef {(header: NetworkHeader, raw: Numbers, pixels: Numbers) => number} ImageLogProb
 */

/** @type {Record<string, ImageLogProb>} */
const IMAGE_LOG_PROBS = {
  bernoulli: pointwise((x, t) => bernoulliLogProb(x, t)),
  "continuous-bernoulli": pointwise((x, t) => bernoulliLogProb(x, t) + continuousLogNorm(t)),
  gaussian: pointwise(gaussianLogProb),
  "gaussian-per-pixel": pointwise(gaussianLogProb),
  "logistic-mixture": ({ components = 0, image_shape: [channels] }, raw, pixels) =>
    mixtureLogProb(components, channels, raw, pixels),
};

/** @type {(logProb: (x: number, t: number, header: NetworkHeader, i: number) => number) => ImageLogProb} */
function pointwise(logProb) {
  return (header, raw, pixels) => {
    let sum = 0;
    for (let i = 0; i < raw.length; i++) sum += logProb(pixels[i], raw[i], header, i);
    return sum;
  };
}

/**
 * With one σ for all pixels, or one for each.
 * @type {(x: number, t: number, header: NetworkHeader, i: number) => number}
 */
function gaussianLogProb(x, t, { scale, link }, i) {
  const mean = link === "sigmoid" ? 1 / (1 + Math.exp(-t)) : t;
  const sigma = (Array.isArray(scale) ? scale[i] : scale) ?? NaN;
  return -0.5 * ((x - mean) / sigma) ** 2 - Math.log(sigma) - LOG_TWO_PI_HALF;
}

/** @type {(x: number, t: number) => number} */
function bernoulliLogProb(x, t) {
  return x * t - Math.max(t, 0) - Math.log1p(Math.exp(-Math.abs(t)));
}

/**
 * Log-normaliser of a continuous Bernoulli, as in vae/models/likelihoods/continuous_bernoulli.py.
 * @type {(t: number) => number}
 */
function continuousLogNorm(t) {
  const size = Math.abs(t);
  if (size < 0.2) return Math.log(2) + t ** 2 / 12 - (7 * t ** 4) / 1440;
  return Math.log(size) - Math.log(Math.tanh(size / 2));
}

/**
 * log p(x|z) of C·H·W pixels of a class in nats; null for a likelihood that this page does not know.
 * @type {(net: Network, z: Numbers, pixels: Numbers, label?: number | null) => number | null}
 */
export function logLikelihood(net, z, pixels, label = net.label) {
  return isScored(net.header) ? logLikelihoodOf(net.header, net.run(z, label), pixels) : null;
}

/** Whether log p(x|z) can be told here. @type {(header: NetworkHeader) => boolean} */
export function isScored({ likelihood }) {
  return Object.hasOwn(IMAGE_LOG_PROBS, likelihood);
}

/**
 * The same of a decoder's raw numbers, for a likelihood that `isScored`.
 * @type {ImageLogProb}
 */
export function logLikelihoodOf(header, raw, pixels) {
  return IMAGE_LOG_PROBS[header.likelihood](header, raw, pixels);
}

/**
 * KL of a normal posterior to a prior of one normal, in nats; null where it is not known here.
 * @type {(posterior: Posterior, header: NetworkHeader) => number | null}
 */
export function divergence(posterior, header) {
  const { loc, scale, tril } = posterior;
  const { mixture } = header.latent;
  const known = header.has_density && header.normal && isKnown(posterior, header);
  if (!known || !scale || mixture?.weight.length !== 1) return null;
  let sum = 0;
  for (let i = 0; i < loc.length; i++) {
    const [mean, sd] = [mixture.loc[0][i], mixture.scale[0][i]];
    // of a covariance L Lᵀ the determinant is made of the diagonal of L
    const own = tril ? tril[triangle(i) + i] : scale[i];
    sum += 0.5 * ((scale[i] / sd) ** 2 + ((loc[i] - mean) / sd) ** 2 - 1) - Math.log(own / sd);
  }
  return sum;
}

/**
 * Encode a picture. Where the model is told classes, label is the one under which the bound,
 * log p(x|μ) − KL, is largest, or the most likely one where the model infers classes itself; where
 * it is told none, null. A class that a person has `chosen` is taken instead.
 * @type {(net: Decoder, encoder: Network, pixels: Numbers, chosen?: number | null) => Recognised}
 */
export function recognise(net, encoder, pixels, chosen = null) {
  if (chosen !== null && chosen < net.classes) {
    const probability = encoder.classify ? encoder.classify(pixels)[chosen] : null;
    return { ...encode(encoder, pixels, chosen), label: chosen, probability, chosen: true };
  }
  if (encoder.classify) {
    const inferred = likeliest(encoder.classify(pixels));
    return { ...encode(encoder, pixels, inferred.label), ...inferred };
  }
  let [best, most] = [{ ...encode(encoder, pixels), label: net.classes ? 0 : null }, -Infinity];
  for (let label = 0; label < net.classes; label++) {
    const posterior = encode(encoder, pixels, label);
    // a decoder on the server, or a likelihood that is not known here: the nearest code decides
    const fit = net.remote ? null : logLikelihood(net, posterior.loc, pixels, label);
    const bound = (fit ?? 0) - (divergence(posterior, headerOfClass(net.header, label)) ?? 0);
    if (bound > most) [best, most] = [{ ...posterior, label }, bound];
  }
  return best;
}

/**
 * The class of the largest probability.
 * @type {(probabilities: Numbers) => {label: number, probability: number}}
 */
export function likeliest(probabilities) {
  let label = 0;
  for (let i = 1; i < probabilities.length; i++) {
    if (probabilities[i] > probabilities[label]) label = i;
  }
  return { label, probability: probabilities[label] };
}

/**
 * What tells how like a model's images a picture is: {usual, logPx, words}. `usual` is the range
 * in which nine of ten held-out images lie and `logPx(pixels)` the value of a picture at its own
 * posterior mean, both null where they are not known.
 * @type {(net: Decoder, encoder: Network, known: Known | null | undefined) => Likeness}
 */
export function likenessOf(net, encoder, known) {
  /** @type {Likeness["logPx"]} */
  const logPx = !net.remote && isScored(net.header)
    ? (pixels) => {
      const { loc, label } = recognise(net, encoder, pixels);
      return logLikelihood(net, loc, pixels, label ?? net.label);
    }
    : null;
  const [low, , , , high] = known?.quantiles ?? [];
  const usual = known ? [known.quantiles[1], known.quantiles[3]] : null;
  /** @type {(value: number) => string} */
  const nats = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(0)}`;
  /** @type {(value: number | null) => boolean} */
  const isUnlike = (value) => value !== null && (value < low || value > high);
  /** @type {(value: number | null) => string} */
  const words = (value) => {
    if (!known || value === null || !isUnlike(value)) return "";
    return "This is unlike what the model was trained on: its log p(x|z) is " +
      `${nats(value)} nats, and 98 of 100 ${known.split} images lie from ${nats(low)} to ${nats(high)}.`;
  };
  return { usual, logPx, words, isUnlike };
}
