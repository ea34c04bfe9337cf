// The innermost loop of a network that runs for many images at once, as WebAssembly.
//
// Numbers lie in one memory, those of the images of a batch side by side: number i of image b stands
// at i · LANES + b. Four outputs of eight images are summed at once, in eight registers of four
// numbers each, several times as fast as JavaScript does it one by one. Browsers have had these
// instructions (SIMD) since 2021 to 2023; where one has not, images are decoded one by one.

/**
 * Memory and the loop over it. `gather(x, offsets, count, weights, biases, out, apart)` adds up, for
 * four outputs, bias + Σ weight[k] · x[offset[k]] of every image of the batch. All are places in
 * bytes, the offsets too; the four weights of a tap lie together; `apart` lies between two outputs.
 * @typedef {object} Kernel
 * @property {(numbers: number) => number} reserve place of so many new zeros
 * @property {(at: number, count: number) => Float32Array} floats a view that holds until more is reserved
 * @property {(at: number, count: number) => Int32Array} integers
 * @property {Gather} gather
 */

/** @typedef {(x: number, offsets: number, count: number, weights: number, biases: number, out: number, apart: number) => void} Gather */

export const OUTPUTS = 4; // that are summed at once
export const LANES = 16; // images of a batch
const BLOCK = 8; // images that are summed at once
const PAGE = 65_536;
const ALIGNED = 16;

/** The kernel with a memory of its own; null where this browser cannot run it. @type {() => Kernel | null} */
export function createKernel() {
  const memory = newMemory();
  if (!memory) return null;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(MODULE), { m: { m: memory } });
  const run = /** @type {(...numbers: number[]) => void} */ (instance.exports.g);
  let used = 0;
  /** @type {Kernel["reserve"]} */
  const reserve = (numbers) => {
    const at = used;
    used += ALIGNED * Math.ceil((4 * numbers) / ALIGNED);
    const missing = used - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return at;
  };
  return {
    reserve,
    floats: (at, count) => new Float32Array(memory.buffer, at, count),
    integers: (at, count) => new Int32Array(memory.buffer, at, count),
    gather: (x, offsets, count, weights, biases, out, apart) =>
      run(x, offsets, offsets + 4 * count, weights, biases, out, apart, LANES / BLOCK),
  };
}

function newMemory() {
  try {
    return WebAssembly.validate(MODULE) ? new WebAssembly.Memory({ initial: 1 }) : null;
  } catch {
    // a page may be forbidden to run any
    return null;
  }
}

// ---- the module: WebAssembly core specification 2.0, chapter 5 (binary format) ------------

const [I32, V128] = [0x7f, 0x7b];
const [GET, SET, TEE] = [0x20, 0x21, 0x22];
const [LOOP, END, BRANCH_IF, EMPTY] = [0x03, 0x0b, 0x0d, 0x40];
const [CONST, LOAD, ADD, SUB, LESS] = [0x41, 0x28, 0x6a, 0x6b, 0x49];
const SIMD = 0xfd;
const [V_LOAD, V_SPLAT_LOAD, V_STORE, V_ADD, V_MUL] = [0x00, 0x09, 0x0b, 0xe4, 0xe6];
// the function's parameters, then its locals
const [X, OFFSETS, STOP, WEIGHTS, BIASES, OUT, APART, BLOCKS, TAP, WEIGHT, SOURCE, LEFT, RIGHT, ONE, SUMS] =
  Array.from({ length: 15 }, (_, i) => i);

const MODULE = moduleBytes();

function moduleBytes() {
  const type = [1, 0x60, 8, I32, I32, I32, I32, I32, I32, I32, I32, 0];
  const imported = [1, 1, 0x6d, 1, 0x6d, 2, 0, 1]; // the memory m.m of a page or more
  const exported = [1, 1, 0x67, 0, 0]; // the function, as g
  const locals = [2, 3, I32, 3 + 2 * OUTPUTS, V128];
  const body = [...locals, ...functionBody(), END];
  const code = [1, ...unsigned(body.length), ...body];
  /** @type {(id: number, content: number[]) => number[]} */
  const section = (id, content) => [id, ...unsigned(content.length), ...content];
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, type), ...section(2, imported), ...section(3, [1, 0]), ...section(7, exported),
    ...section(10, code),
  ]);
}

/** @type {() => number[]} */
function functionBody() {
  const outputs = Array.from({ length: OUTPUTS }, (_, o) => o);
  return [
    LOOP, EMPTY,
    ...outputs.flatMap((o) => [
      GET, BIASES, ...vector(V_SPLAT_LOAD, 2, 4 * o), TEE, SUMS + 2 * o, SET, SUMS + 2 * o + 1,
    ]),
    GET, OFFSETS, SET, TAP, GET, WEIGHTS, SET, WEIGHT,
    ...tapLoop(outputs),
    GET, OUT, SET, SOURCE,
    ...outputs.flatMap((o) => [
      GET, SOURCE, GET, SUMS + 2 * o, ...vector(V_STORE, 4, 0),
      GET, SOURCE, GET, SUMS + 2 * o + 1, ...vector(V_STORE, 4, 16),
      GET, SOURCE, GET, APART, ADD, SET, SOURCE,
    ]),
    ...moved(X, 4 * BLOCK), ...moved(OUT, 4 * BLOCK),
    GET, BLOCKS, CONST, 1, SUB, TEE, BLOCKS, BRANCH_IF, 0,
    END,
  ];
}

/** @type {(outputs: number[]) => number[]} */
function tapLoop(outputs) {
  return [
    LOOP, EMPTY,
    GET, X, GET, TAP, LOAD, 2, 0, ADD, TEE, SOURCE, ...vector(V_LOAD, 4, 0), SET, LEFT,
    GET, SOURCE, ...vector(V_LOAD, 4, 16), SET, RIGHT,
    ...outputs.flatMap((o) => [
      GET, WEIGHT, ...vector(V_SPLAT_LOAD, 2, 4 * o), SET, ONE,
      ...[LEFT, RIGHT].flatMap((side, s) => [
        GET, SUMS + 2 * o + s, GET, ONE, GET, side, ...vector(V_MUL), ...vector(V_ADD), SET, SUMS + 2 * o + s,
      ]),
    ]),
    ...moved(WEIGHT, 4 * OUTPUTS),
    GET, TAP, CONST, 4, ADD, TEE, TAP, GET, STOP, LESS, BRANCH_IF, 0,
    END,
  ];
}

/** @type {(local: number, bytes: number) => number[]} */
function moved(local, bytes) {
  return [GET, local, CONST, bytes, ADD, SET, local];
}

/** An instruction on vectors; of memory with its alignment and offset. @type {(code: number, ...at: number[]) => number[]} */
function vector(code, ...at) {
  return [SIMD, ...unsigned(code), ...at];
}

/** LEB128. @type {(value: number) => number[]} */
function unsigned(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}
