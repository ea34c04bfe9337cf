// How like a model's own images a picture is: log p(x|z) at its posterior mean, among theirs.

import { encode } from "./decoder.js";

const LOG_TWO_PI_HALF = 0.5 * Math.log(2 * Math.PI);

/** log p of one pixel in nats, given the decoder's raw output t and, if there is one, its σ. */
const PIXEL_LOG_PROBS = {
  bernoulli: (x, t) => bernoulliLogProb(x, t),
  "continuous-bernoulli": (x, t) => bernoulliLogProb(x, t) + continuousLogNorm(t),
  gaussian: (x, t, scale, link) => {
    const mean = link === "sigmoid" ? 1 / (1 + Math.exp(-t)) : t;
    return -0.5 * ((x - mean) / scale) ** 2 - Math.log(scale) - LOG_TWO_PI_HALF;
  },
};

function bernoulliLogProb(x, t) {
  return x * t - Math.max(t, 0) - Math.log1p(Math.exp(-Math.abs(t)));
}

/** Log-normaliser of a continuous Bernoulli, as in vae/models/likelihoods/continuous_bernoulli.py. */
function continuousLogNorm(t) {
  const size = Math.abs(t);
  if (size < 0.2) return Math.log(2) + t ** 2 / 12 - (7 * t ** 4) / 1440;
  return Math.log(size) - Math.log(Math.tanh(size / 2));
}

/** log p(x|z) of C·H·W pixels in nats; null for a likelihood that this page does not know. */
export function logLikelihood(net, z, pixels) {
  const { likelihood, scale, link } = net.header;
  const logProb = PIXEL_LOG_PROBS[likelihood];
  if (!logProb) return null;
  const raw = net.run(z);
  let sum = 0;
  for (let i = 0; i < raw.length; i++) sum += logProb(pixels[i], raw[i], scale, link);
  return sum;
}

/**
 * What tells how like a model's images a picture is: {usual, logPx, words}. `usual` is the range
 * in which nine of ten held-out images lie and `logPx(pixels)` the value of a picture at its own
 * posterior mean, both null where they are not known.
 */
export function likenessOf(net, encoder, known) {
  const can = !net.remote && Object.hasOwn(PIXEL_LOG_PROBS, net.header.likelihood);
  const logPx = can
    ? (pixels) => logLikelihood(net, encode(encoder, pixels).loc, pixels)
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
