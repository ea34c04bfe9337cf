// A mixture of logistic distributions cut into the 256 values of an 8-bit pixel, as in
// `vae/models/likelihoods/logistic_mixture.py`: there stands what the raw numbers mean.

/** @import { Numbers } from "./header.js" */

/**
 * @typedef {object} Reader
 * @property {number} plane how many positions there are
 * @property {Float64Array} weight
 * @property {Float64Array} loc
 * @property {Float64Array} scale
 * @property {(i: number) => void} at
 */

const LEVELS = 255;
const [LOWEST_LOG_SCALE, HIGHEST_LOG_SCALE] = [-8, 2];
const START_LOG_SCALE = -2;

/** log(1 + e^t), without overflow. @type {(t: number) => number} */
function softplus(t) {
  return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
}

/**
 * How many numbers the decoder gives at each position of an image with so many channels.
 * @type {(components: number, channels: number) => number}
 */
export function mixtureChannels(components, channels) {
  return components * (1 + 2 * channels);
}

/**
 * A reader of the raw numbers of one image, position by position: after `at(i)` its `weight[k]`,
 * `loc[k · channels + c]` and `scale[k · channels + c]` are those of position i.
 * @type {(components: number, channels: number, raw: Numbers) => Reader}
 */
function readerOf(components, channels, raw) {
  const plane = raw.length / mixtureChannels(components, channels);
  const weight = new Float64Array(components);
  const loc = new Float64Array(components * channels);
  const scale = new Float64Array(components * channels);
  /** @type {(i: number) => void} */
  const at = (i) => {
    let largest = -Infinity;
    for (let k = 0; k < components; k++) largest = Math.max(largest, raw[k * plane + i]);
    let sum = 0;
    for (let k = 0; k < components; k++) sum += weight[k] = Math.exp(raw[k * plane + i] - largest);
    for (let k = 0; k < components; k++) weight[k] /= sum;
    for (let j = 0; j < loc.length; j++) {
      const place = (Math.floor(j / channels) + 0.5) / components;
      loc[j] = raw[(components + j) * plane + i] + place;
      const above = softplus(raw[(components + loc.length + j) * plane + i] + START_LOG_SCALE - LOWEST_LOG_SCALE);
      scale[j] = Math.exp(Math.min(HIGHEST_LOG_SCALE, LOWEST_LOG_SCALE + above));
    }
  };
  return { plane, weight, loc, scale, at };
}

/**
 * Mean of a logistic variable whose values beyond 0 and 1 count as 0 and 1.
 * @type {(loc: number, scale: number) => number}
 */
function clippedMean(loc, scale) {
  const smaller = Math.min(loc, 1 - loc);
  const found = scale * (softplus(smaller / scale) - softplus((smaller - 1) / scale));
  return loc <= 0.5 ? found : 1 - found;
}

/**
 * Fill `out` with the mean pixels C·H·W that the raw numbers mean.
 * @type {(components: number, channels: number, raw: Numbers, out: Float32Array) => void}
 */
export function mixtureMean(components, channels, raw, out) {
  const { plane, weight, loc, scale, at } = readerOf(components, channels, raw);
  for (let i = 0; i < plane; i++) {
    at(i);
    for (let c = 0; c < channels; c++) {
      let mean = 0;
      for (let k = 0; k < components; k++) {
        mean += weight[k] * clippedMean(loc[k * channels + c], scale[k * channels + c]);
      }
      out[c * plane + i] = mean;
    }
  }
}

/**
 * Fill `out` with a draw: at each position a component, then a value for each channel.
 * @type {(components: number, channels: number, raw: Numbers, out: Float32Array) => void}
 */
export function mixtureSample(components, channels, raw, out) {
  const { plane, weight, loc, scale, at } = readerOf(components, channels, raw);
  for (let i = 0; i < plane; i++) {
    at(i);
    let [k, left] = [0, Math.random()];
    while (k < components - 1 && left >= weight[k]) left -= weight[k++];
    for (let c = 0; c < channels; c++) {
      // 1 − random() lies in (0, 1], and never at both ends of it at once
      const u = 1 - Math.random();
      const value = loc[k * channels + c] + scale[k * channels + c] * Math.log(u / (1 - u));
      out[c * plane + i] = nearestStep(value) / LEVELS;
    }
  }
}

/**
 * log p in nats of the pixels C·H·W; those that are no 8-bit values are rounded to these.
 * @type {(components: number, channels: number, raw: Numbers, pixels: Numbers) => number}
 */
export function mixtureLogProb(components, channels, raw, pixels) {
  const { plane, weight, loc, scale, at } = readerOf(components, channels, raw);
  const terms = new Float64Array(components);
  let sum = 0;
  for (let i = 0; i < plane; i++) {
    at(i);
    for (let k = 0; k < components; k++) {
      terms[k] = Math.log(weight[k]);
      for (let c = 0; c < channels; c++) {
        const step = nearestStep(pixels[c * plane + i]);
        terms[k] += stepLogProb(step, loc[k * channels + c], scale[k * channels + c]);
      }
    }
    sum += logSumExp(terms);
  }
  return sum;
}

/** @type {(value: number) => number} */
function nearestStep(value) {
  return Math.min(LEVELS, Math.max(0, Math.round(LEVELS * value)));
}

/**
 * log p of one of the 256 values under one component; the outermost take all beyond them.
 * @type {(step: number, loc: number, scale: number) => number}
 */
function stepLogProb(step, loc, scale) {
  const above = ((step + 0.5) / LEVELS - loc) / scale;
  const below = ((step - 0.5) / LEVELS - loc) / scale;
  if (step === 0) return -softplus(-above);
  if (step === LEVELS) return -softplus(below);
  return -softplus(-above) - softplus(below) + Math.log(-Math.expm1(below - above));
}

/** @type {(terms: Float64Array) => number} */
function logSumExp(terms) {
  const largest = Math.max(...terms);
  let sum = 0;
  for (let k = 0; k < terms.length; k++) sum += Math.exp(terms[k] - largest);
  return largest + Math.log(sum);
}
