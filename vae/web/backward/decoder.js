// A shipped decoder with a way back: how badly an image is reconstructed from z, and how that changes
// with z.

import { readNetworkHeader, readWeights } from "../core/decoder.js";
import { activation, demand, sameShape, shapeOf, sizeOf } from "../core/shapes.js";
import { bernoulli, gaussian, throughSigmoid } from "./bound.js";
import { reversibleStack } from "./layers.js";
import { frozenParameters } from "./parameters.js";

/** @import { NetworkHeader, Numbers } from "../core/header.js" */
/** @import { Likelihood } from "./bound.js" */

/** −log p(x|z) in nats, and how it changes with z; the next call overwrites it. @typedef {{value: number, slope: Float64Array}} Slope */

/** @typedef {{header: NetworkHeader, at: (z: Numbers, x: Numbers) => Slope}} ReversibleDecoder */

/** @type {Record<string, (header: NetworkHeader) => Likelihood>} */
const LIKELIHOODS = {
  bernoulli: () => bernoulli,
  gaussian: ({ scale, link }) => {
    demand(typeof scale === "number", "there is a way back only from a Gaussian of one σ");
    return link === "sigmoid" ? throughSigmoid(gaussian(scale)) : gaussian(scale);
  },
};

/** Read a payload of `vae/export/networks.py`; throw where it is damaged or has no way back. @type {(buffer: ArrayBuffer) => ReversibleDecoder} */
export function reversibleDecoder(buffer) {
  const { header, start } = readNetworkHeader(buffer);
  demand(header.kind === "decoder", "an encoder decodes nothing");
  demand(!header.told?.classes && !header.told?.width, "there is no way back through a decoder that is told classes");
  demand(Object.hasOwn(LIKELIHOODS, header.likelihood), `there is no way back from a likelihood '${header.likelihood}'`);
  const zDim = sizeOf(header.z_dim, "z_dim");
  const parameters = frozenParameters(readWeights(buffer, start, header.dtype));
  const stack = reversibleStack(header.layers, [zDim], parameters);
  const shape = shapeOf(header.image_shape, "image_shape");
  demand(sameShape(stack.shape, shape), `the decoder ends in ${stack.shape}, not ${shape}`);
  demand(parameters.used === parameters.values.length, `the payload holds ${parameters.values.length} weights but its layers use ${parameters.used}`);
  const likelihood = LIKELIHOODS[header.likelihood](header);
  const [input, slopes] = [activation([zDim]), activation(shape)];
  /** @type {Slope} */
  const found = { value: 0, slope: input };
  return {
    header,
    at: (z, x) => {
      input.set(z);
      found.value = likelihood(stack.run(input), x, slopes);
      found.slope = stack.back(slopes);
      return found;
    },
  };
}
