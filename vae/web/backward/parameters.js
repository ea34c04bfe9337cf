// The numbers that training changes, and beside each how the loss changes with it.

import { demand } from "../core/shapes.js";

/**
 * All parameters of a network in one array, their gradients in another, how many of them its layers
 * have taken, and log β for the layers that are told it.
 * @typedef {{values: Float64Array, grads: Float64Array, used: number, logBeta: number}} Parameters
 */

/** Parameters of a layer and their gradients: views into those of its network. @typedef {{values: Float64Array, grads: Float64Array}} Part */

/** @type {(values: ArrayLike<number>) => Parameters} */
export function parametersOf(values) {
  return { values: Float64Array.from(values), grads: new Float64Array(values.length), used: 0, logBeta: 0 };
}

/**
 * Parameters that nothing trains: they get no gradients, only what lies before them does.
 * @type {(values: ArrayLike<number>) => Parameters}
 */
export function frozenParameters(values) {
  // what is written past the end of an array is nowhere
  return { ...parametersOf(values), grads: new Float64Array(0) };
}

/**
 * The parameters [offset, count] of a layer.
 * @type {(parameters: Parameters, span: unknown, count: number, name: string) => Part}
 */
export function takePart(parameters, span, count, name) {
  demand(Array.isArray(span) && span.length === 2 && span[1] === count, `${name} must be ${count} numbers`);
  const [offset] = span;
  const { values, grads } = parameters;
  const inside = Number.isInteger(offset) && offset >= 0 && offset + count <= values.length;
  demand(inside, `the ${name} lies outside the network's ${values.length} parameters`);
  parameters.used += count;
  const end = offset + count;
  return { values: values.subarray(offset, end), grads: grads.subarray(offset, end) };
}

/** As `takePart`; null gives zeros that nothing learns. @type {typeof takePart} */
export function takeBiasPart(parameters, span, count, name) {
  if (span !== null) return takePart(parameters, span, count, name);
  return { values: new Float64Array(count), grads: new Float64Array(count) };
}
