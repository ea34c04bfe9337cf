// What a cloud costs as its σ grows: reconstruction and KL in nats, from the same noise at each width.

import { normalFrom, seededUniform } from "../../core/seeded.js";

/** @import { Numbers } from "../../core/header.js" */
/** @import { Many } from "../../batch/many.js" */

/** A cloud: a normal with independent dimensions. @typedef {{loc: Numbers, scale: Numbers}} Cloud */

/** Nats. @typedef {{distortion: number, kl: number}} Cost */

/**
 * Standard normal noise, each vector followed by its mirror image, so that a cloud's mean is exact.
 * @type {(seed: number, count: number, zDim: number) => Float64Array[]}
 */
export function mirroredNoise(seed, count, zDim) {
  const uniform = seededUniform(seed);
  /** @type {Float64Array[]} */
  const noise = [];
  while (noise.length < count) {
    const one = Float64Array.from({ length: zDim }, () => normalFrom(uniform));
    noise.push(one, one.map((value) => -value));
  }
  return noise.slice(0, count);
}

/** z = μ + σ ⊙ ε, with σ so many times as large. @type {(cloud: Cloud, noise: Numbers, times: number) => Float64Array} */
export function drawn({ loc, scale }, noise, times) {
  return Float64Array.from(loc, (mean, i) => mean + times * scale[i] * noise[i]);
}

/** KL of a cloud to N(0, I), nats. @type {(cloud: Cloud, times: number) => number} */
export function klToNormal({ loc, scale }, times) {
  let sum = 0;
  for (let i = 0; i < loc.length; i++) {
    const variance = (times * scale[i]) ** 2;
    sum += (loc[i] ** 2 + variance - 1 - Math.log(variance)) / 2;
  }
  return sum;
}

/** log p(x|z) of Bernoulli pixels, from the decoder's log odds. @type {(pixels: Numbers, raw: Numbers) => number} */
export function bernoulliLogProb(pixels, raw) {
  let sum = 0;
  for (let i = 0; i < raw.length; i++) {
    // log(1 + e^raw) without overflow
    sum += pixels[i] * raw[i] - Math.max(raw[i], 0) - Math.log1p(Math.exp(-Math.abs(raw[i])));
  }
  return sum;
}

/**
 * The cost at each width.
 * @type {(many: Many, pixels: Numbers, cloud: Cloud, noise: Float64Array[], widths: number[]) => Cost[]}
 */
export function costs(many, pixels, cloud, noise, widths) {
  const zs = widths.flatMap((times) => noise.map((one) => drawn(cloud, one, times)));
  const sums = new Float64Array(widths.length);
  many.run(zs, () => null, (raw, k) => {
    sums[Math.floor(k / noise.length)] -= bernoulliLogProb(pixels, raw) / noise.length;
  });
  return widths.map((times, w) => ({ distortion: sums[w], kl: klToNormal(cloud, times) }));
}
