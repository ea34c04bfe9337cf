// How the decoder's raw numbers become the mean pixels of p(x|z).
//
// Each entry of `LINKS` takes (header, image shape) and gives the shape that the decoder must end
// in and `apply(raw, pixels)`, which fills the pixels. A new kind of likelihood that needs another
// one adds it here, under the `link` that its Python class names.

import { mixtureChannels, mixtureMean } from "./mixture.js";
import { demand, sizeOf } from "./shapes.js";

/** @import { NetworkHeader, Numbers, Shape } from "./header.js" */

/**
 * The shape that the decoder must end in, and the way from its raw numbers to mean pixels.
 * @typedef {{shape: Shape, apply: (raw: Numbers, pixels: Float32Array) => void}} Link
 */

/** @typedef {(header: NetworkHeader, shape: Shape) => Link} MakeLink */

/** @type {Record<string, MakeLink>} */
const LINKS = {
  identity: pointwise((t) => t),
  sigmoid: pointwise((t) => 1 / (1 + Math.exp(-t))),
  "continuous-bernoulli": pointwise(continuousBernoulliMean),
  "logistic-mixture": mixture,
};

/**
 * The link that a header names, for images of a shape [C, H, W]; throw where it is unknown.
 * @type {(header: NetworkHeader, shape: Shape) => Link}
 */
export function linkOf(header, shape) {
  const { link } = header;
  demand(
    Object.hasOwn(LINKS, link),
    `unknown link '${link}' from output to pixel; this page knows ${Object.keys(LINKS).join(", ")}`,
  );
  return LINKS[link](header, shape);
}

/** @type {(mean: (t: number) => number) => MakeLink} */
function pointwise(mean) {
  return (header, shape) => ({
    shape,
    apply: (raw, pixels) => {
      for (let i = 0; i < pixels.length; i++) pixels[i] = mean(raw[i]);
    },
  });
}

/** @type {MakeLink} */
function mixture(header, [channels, height, width]) {
  const components = sizeOf(header.components, "components");
  return {
    shape: [mixtureChannels(components, channels), height, width],
    apply: (raw, pixels) => mixtureMean(components, channels, raw, pixels),
  };
}

/**
 * Mean of a continuous Bernoulli with logit t; the series where the two terms cancel.
 * @type {(t: number) => number}
 */
function continuousBernoulliMean(t) {
  if (Math.abs(t) < 0.02) return 0.5 + t / 12 - t ** 3 / 720;
  return -1 / Math.expm1(-t) - 1 / t;
}
