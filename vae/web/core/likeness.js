// How like a model's own images a picture is: log p(x|z) at its posterior mean, among theirs; and
// which class it is most like, for a model that is told classes.

import { encode } from "./decoder.js";
import { mixtureLogProb } from "./mixture.js";
import { isKnown, triangle } from "./posterior.js";

const LOG_TWO_PI_HALF = 0.5 * Math.log(2 * Math.PI);

/** log p(x|z) of an image in nats, given a decoder's header, its raw numbers and the pixels. */
const IMAGE_LOG_PROBS = {
  bernoulli: pointwise((x, t) => bernoulliLogProb(x, t)),
  "continuous-bernoulli": pointwise((x, t) => bernoulliLogProb(x, t) + continuousLogNorm(t)),
  gaussian: pointwise(gaussianLogProb),
  "gaussian-per-pixel": pointwise(gaussianLogProb),
  "logistic-mixture": ({ components, image_shape: [channels] }, raw, pixels) =>
    mixtureLogProb(components, channels, raw, pixels),
};

function pointwise(logProb) {
  return (header, raw, pixels) => {
    let sum = 0;
    for (let i = 0; i < raw.length; i++) sum += logProb(pixels[i], raw[i], header, i);
    return sum;
  };
}

/** With one σ for all pixels, or one for each. */
function gaussianLogProb(x, t, { scale, link }, i) {
  const mean = link === "sigmoid" ? 1 / (1 + Math.exp(-t)) : t;
  const sigma = Array.isArray(scale) ? scale[i] : scale;
  return -0.5 * ((x - mean) / sigma) ** 2 - Math.log(sigma) - LOG_TWO_PI_HALF;
}

function bernoulliLogProb(x, t) {
  return x * t - Math.max(t, 0) - Math.log1p(Math.exp(-Math.abs(t)));
}

/** Log-normaliser of a continuous Bernoulli, as in vae/models/likelihoods/continuous_bernoulli.py. */
function continuousLogNorm(t) {
  const size = Math.abs(t);
  if (size < 0.2) return Math.log(2) + t ** 2 / 12 - (7 * t ** 4) / 1440;
  return Math.log(size) - Math.log(Math.tanh(size / 2));
}

/** log p(x|z) of C·H·W pixels of a class in nats; null for a likelihood that this page does not know. */
export function logLikelihood(net, z, pixels, label = net.label) {
  const logProb = IMAGE_LOG_PROBS[net.header.likelihood];
  return logProb ? logProb(net.header, net.run(z, label), pixels) : null;
}

/** KL of a normal posterior to a prior of one normal, in nats; 0 where it is not known here. */
function divergence(posterior, header) {
  const { loc, scale, tril } = posterior;
  const { mixture } = header.latent;
  const known = header.has_density && header.normal && isKnown(posterior, header);
  if (!known || mixture?.weight.length !== 1) return 0;
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
 * Encode a picture: {loc, scale, label}. Where the model is told classes, label is the one under
 * which the bound, log p(x|μ) − KL, is largest; where it is told none, null.
 */
export function recognise(net, encoder, pixels) {
  if (!net.classes) return { ...encode(encoder, pixels), label: null };
  let [best, most] = [null, -Infinity];
  for (let label = 0; label < net.classes; label++) {
    const posterior = encode(encoder, pixels, label);
    // a decoder on the server, or a likelihood that is not known here: the nearest code decides
    const fit = net.remote ? null : logLikelihood(net, posterior.loc, pixels, label);
    const bound = (fit ?? 0) - divergence(posterior, net.header);
    if (bound > most) [best, most] = [{ ...posterior, label }, bound];
  }
  return best;
}

/**
 * What tells how like a model's images a picture is: {usual, logPx, words}. `usual` is the range
 * in which nine of ten held-out images lie and `logPx(pixels)` the value of a picture at its own
 * posterior mean, both null where they are not known.
 */
export function likenessOf(net, encoder, known) {
  const can = !net.remote && Object.hasOwn(IMAGE_LOG_PROBS, net.header.likelihood);
  const logPx = can
    ? (pixels) => {
      const { loc, label } = recognise(net, encoder, pixels);
      return logLikelihood(net, loc, pixels, label ?? net.label);
    }
    : null;
  const [low, , , , high] = known?.quantiles ?? [];
  const usual = known ? [known.quantiles[1], known.quantiles[3]] : null;
  const nats = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(0)}`;
  const isUnlike = (value) => known && value !== null && (value < low || value > high);
  const words = (value) => {
    if (!isUnlike(value)) return "";
    return "This is unlike what the model was trained on: its log p(x|z) is " +
      `${nats(value)} nats, and 98 of 100 ${known.split} images lie from ${nats(low)} to ${nats(high)}.`;
  };
  return { usual, logPx, words, isUnlike };
}
