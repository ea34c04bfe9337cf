// Sizes, buffers and weights of a network that came over the wire: checked before they are used.

// a damaged header may ask for anything
const LARGEST_BUFFER = 1 << 26; // numbers in one activation
const LARGEST_WINDOW = 1024; // kernel, stride and padding of a convolution, pixels

export function demand(condition, message) {
  if (!condition) throw new Error(message);
}

export function sizeOf(value, name) {
  demand(Number.isInteger(value) && value > 0, `${name} must be a positive whole number`);
  return value;
}

export function shapeOf(value, name) {
  demand(Array.isArray(value) && value.length === 3, `${name} must be three sizes`);
  value.forEach((side) => sizeOf(side, name));
  return value;
}

export function pairOf(value, name, least) {
  const good = Array.isArray(value) && value.length === 2;
  demand(
    good && value.every((n) => Number.isInteger(n) && n >= least && n <= LARGEST_WINDOW),
    `${name} must be two whole numbers from ${least} to ${LARGEST_WINDOW}`,
  );
  return value;
}

export function sizeOfShape(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

export function sameShape(a, b) {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}

export function activation(shape) {
  const size = sizeOfShape(shape);
  demand(size > 0 && size <= LARGEST_BUFFER, `an activation of ${shape} is not possible`);
  return new Float64Array(size);
}

/** The weights [offset, count] of a layer, a view into the payload. */
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

/** As `takeWeights`; null gives zeros, for a layer without a bias. */
export function takeBias(weights, span, count, name) {
  return span === null ? new Float32Array(count) : takeWeights(weights, span, count, name);
}
