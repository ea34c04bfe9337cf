// What a class adds to the input of a network that is told classes; nothing where it is told none.
//
// The tables come with the network (`_told` in `vae/export/networks.py`): what is added to its own
// numbers, and what joins them.

import { demand, sizeOfShape, takeWeights } from "./shapes.js";

/** @import { NetworkHeader, Shape, Told } from "./header.js" */
/** @import { Weights } from "./shapes.js" */

/**
 * How a network is told a class: `put` writes what a class brings into an input of `shape`, whose
 * own numbers stand there already.
 * @typedef {object} TellClass
 * @property {number} classes
 * @property {Shape} shape
 * @property {(input: Float64Array, label: number | null) => void} put
 */

/**
 * Name of a class; its number where the model has no name for it.
 * @type {(header: NetworkHeader, label: number) => string}
 */
export function className(header, label) {
  return header.class_names[label] ?? String(label);
}

/**
 * Read the tables for a network of `shape`.
 * @type {(told: Told | undefined, shape: Shape, weights: Weights) => TellClass}
 */
export function readTold(told, shape, weights) {
  const { classes = 0, added = null, joined = null, width = 0 } = told ?? {};
  /** @type {(value: number) => boolean} */
  const whole = (value) => Number.isInteger(value) && value >= 0;
  demand(whole(classes) && whole(width), "the network says badly what it is told of classes");
  const own = sizeOfShape(shape);
  const wide = [shape[0] + width, ...shape.slice(1)];
  const more = sizeOfShape(wide) - own;
  const adds = added ? takeWeights(weights, added, classes * own, "what a class adds") : null;
  const joins = joined ? takeWeights(weights, joined, classes * more, "what joins the input") : [];
  demand(more === 0 || joined, "what joins the input is missing");
  /** @type {TellClass["put"]} */
  const put = (input, label) => {
    if (!classes) return;
    if (label === null || !(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new Error(`there is no class ${label}; this model knows 0 to ${classes - 1}`);
    }
    if (adds) for (let i = 0; i < own; i++) input[i] += adds[label * own + i];
    for (let i = 0; i < more; i++) input[own + i] = joins[label * more + i];
  };
  return { classes, shape: wide, put };
}
