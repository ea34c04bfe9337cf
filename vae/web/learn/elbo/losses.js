// log p(x|z) under two likelihoods, each computed in two ways that must agree: as the logarithm of a
// density or a probability, pixel by pixel, and as the loss that everybody knows by another name.

/** @import { Numbers } from "../../core/header.js" */

/**
 * Normal pixels with one σ: the log density, and the squared error that it is made of.
 * @typedef {object} GaussianLoss
 * @property {number} logDensity Σ log N(x; mean, σ²), nats
 * @property {number} error Σ (x − mean)²
 * @property {number} scaled the error times 1 / (2σ²), nats
 * @property {number} constant D/2 · log(2πσ²), nats
 */

/**
 * Black or white pixels: the log probability, and the cross-entropy of pixels and means.
 * @typedef {{logProbability: number, crossEntropy: number}} BernoulliLoss
 */

/** @type {(pixels: Numbers, mean: Numbers, sigma: number) => GaussianLoss} */
export function gaussianLoss(pixels, mean, sigma) {
  let [logDensity, error] = [0, 0];
  for (let i = 0; i < pixels.length; i++) {
    const density = Math.exp(-0.5 * ((pixels[i] - mean[i]) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
    // far out in the tail the density itself is 0 in double precision
    logDensity += density > 0 ? Math.log(density) : logTail((pixels[i] - mean[i]) / sigma, sigma);
    error += (pixels[i] - mean[i]) ** 2;
  }
  const constant = (pixels.length / 2) * Math.log(2 * Math.PI * sigma * sigma);
  return { logDensity, error, scaled: error / (2 * sigma * sigma), constant };
}

/** @type {(units: number, sigma: number) => number} */
function logTail(units, sigma) {
  return -0.5 * units * units - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
}

/** The σ under which an image is most likely: the root of its mean squared error. @type {(error: number, size: number) => number} */
export function bestSigma(error, size) {
  return Math.sqrt(error / size);
}

/** Of log odds, as a Bernoulli decoder gives them. @type {(pixels: Numbers, logOdds: Numbers) => BernoulliLoss} */
export function bernoulliLoss(pixels, logOdds) {
  let [logProbability, crossEntropy] = [0, 0];
  for (let i = 0; i < pixels.length; i++) {
    const [x, t] = [pixels[i], logOdds[i]];
    logProbability += x * t - Math.max(t, 0) - Math.log1p(Math.exp(-Math.abs(t)));
    // the means themselves; 1 − mean would lose its digits
    const [white, black] = [1 / (1 + Math.exp(-t)), 1 / (1 + Math.exp(t))];
    crossEntropy -= (x ? x * Math.log(white) : 0) + (x < 1 ? (1 - x) * Math.log(black) : 0);
  }
  return { logProbability, crossEntropy };
}
