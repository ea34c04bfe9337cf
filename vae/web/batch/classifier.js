// A classifier of images that runs here, for many images at once (`vae/export/classifiers.py`).

import { readWeights } from "../core/decoder.js";
import { readPayload } from "../core/payload.js";
import { demand, shapeOf, sizeOfShape } from "../core/shapes.js";
import { createKernel, LANES } from "./kernel.js";
import { placeStack } from "./stack.js";

/** @import { Numbers, Shape } from "../core/header.js" */
/** @import { Weights } from "../core/shapes.js" */

/** The two likeliest classes of an image, and their probabilities. */
/** @typedef {{label: number, confidence: number, other: number, otherConfidence: number}} Opinion */

/**
 * `opinions(images)` names the classes of images C·H·W in [0, 1]; `accuracy` is that on `count`
 * held-out images.
 * @typedef {{accuracy: number, count: number, opinions: (images: Numbers[]) => Opinion[]}} Classifier
 */

/** @typedef {{image_shape: Shape, temperature: number, accuracy: number, n_validation: number, dtype: string, layers: unknown}} Header */

/** Read a payload; null where this browser cannot run it. @type {(buffer: ArrayBuffer) => Classifier | null} */
export function parseClassifier(buffer) {
  const payload = readPayload(buffer, "vae-classifier", 1);
  const header = /** @type {Header} */ (payload.header);
  const kernel = createKernel();
  if (!kernel) return null;
  /** @type {Weights} */
  const weights = { values: readWeights(buffer, payload.start, header.dtype), used: 0, tell: [] };
  const shape = shapeOf(header.image_shape, "image_shape");
  const size = sizeOfShape(shape);
  const at = kernel.reserve(size * LANES);
  const stack = placeStack(header.layers, { at, shape, kernel, weights, where: "layer " });
  demand(stack.shape.length === 1 && stack.shape[0] > 1, `the classifier ends in ${stack.shape}`);
  const run = stack.ready();
  const values = kernel.floats(at, size * LANES);
  const logits = kernel.floats(stack.at, stack.shape[0] * LANES);
  const own = new Float64Array(stack.shape[0]);
  /** @type {Classifier["opinions"]} */
  const opinions = (images) => {
    /** @type {Opinion[]} */
    const found = [];
    for (let first = 0; first < images.length; first += LANES) {
      const count = Math.min(LANES, images.length - first);
      for (let b = 0; b < count; b++) {
        const image = images[first + b];
        for (let i = 0; i < size; i++) values[i * LANES + b] = Math.min(1, Math.max(0, image[i]));
      }
      run();
      for (let b = 0; b < count; b++) {
        for (let i = 0; i < own.length; i++) own[i] = logits[i * LANES + b] / header.temperature;
        found.push(opinionOf(own));
      }
    }
    return found;
  };
  return { accuracy: header.accuracy, count: header.n_validation, opinions };
}

/** @type {(logits: Float64Array) => Opinion} */
function opinionOf(logits) {
  let [label, other] = logits[1] > logits[0] ? [1, 0] : [0, 1];
  for (let i = 2; i < logits.length; i++) {
    if (logits[i] > logits[label]) [label, other] = [i, label];
    else if (logits[i] > logits[other]) other = i;
  }
  const total = logits.reduce((sum, value) => sum + Math.exp(value - logits[label]), 0);
  return { label, confidence: 1 / total, other, otherConfidence: Math.exp(logits[other] - logits[label]) / total };
}
