// Sizes, buffers and weights of a network that came over the wire: checked before they are used.

/** @import { Shape } from "./header.js" */

/**
 * All weights of a network, how many of them its layers have taken so far, and the layers that are
 * to be told log β.
 * @typedef {{values: Float32Array, used: number, tell: ((logBeta: number) => void)[]}} Weights
 */

// a damaged header may ask for anything
const LARGEST_BUFFER = 1 << 26; // numbers in one activation
const LARGEST_WINDOW = 1024; // kernel, stride and padding of a convolution, pixels

/** @type {(condition: unknown, message: string) => asserts condition} */
export function demand(condition, message) {
  if (!condition) throw new Error(message);
}

/** @type {(value: unknown, name: string) => number} */
export function sizeOf(value, name) {
  const good = typeof value === "number" && Number.isInteger(value) && value > 0;
  demand(good, `${name} must be a positive whole number`);
  return value;
}

/** @type {(value: unknown, name: string) => Shape} */
export function shapeOf(value, name) {
  demand(Array.isArray(value) && value.length === 3, `${name} must be three sizes`);
  value.forEach((side) => sizeOf(side, name));
  return value;
}

/** @type {(value: unknown, name: string, least: number) => [number, number]} */
export function pairOf(value, name, least) {
  const good = Array.isArray(value) && value.length === 2 &&
    value.every((n) => Number.isInteger(n) && n >= least && n <= LARGEST_WINDOW);
  demand(good, `${name} must be two whole numbers from ${least} to ${LARGEST_WINDOW}`);
  return [value[0], value[1]];
}

/** @type {(shape: Shape) => number} */
export function sizeOfShape(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/** @type {(a: Shape, b: Shape) => boolean} */
export function sameShape(a, b) {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}

/** @type {(shape: Shape) => Float64Array} */
export function activation(shape) {
  const size = sizeOfShape(shape);
  demand(size > 0 && size <= LARGEST_BUFFER, `an activation of ${shape} is not possible`);
  return new Float64Array(size);
}

/**
 * The weights [offset, count] of a layer, a view into the payload.
 * @type {(weights: Weights, span: unknown, count: number, name: string) => Float32Array}
 */
export function takeWeights(weights, span, count, name) {
  demand(
    Array.isArray(span) && span.length === 2 && span[1] === count,
    `${name} must be ${count} weights`,
  );
  const [offset] = span;
  demand(
    Number.isInteger(offset) && offset >= 0 && offset + count <= weights.values.length,
    `the ${name} lies outside the payload, which is cut short or damaged`,
  );
  weights.used += count;
  return weights.values.subarray(offset, offset + count);
}

/**
 * As `takeWeights`; null gives zeros, for a layer without a bias.
 * @type {(weights: Weights, span: unknown, count: number, name: string) => Float32Array}
 */
export function takeBias(weights, span, count, name) {
  return span === null ? new Float32Array(count) : takeWeights(weights, span, count, name);
}
