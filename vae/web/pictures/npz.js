// Arrays as a file that NumPy opens: .npy (NumPy Enhancement Proposal 1) in a zip.

import { crc32, zip } from "./zip.js";

/** Numbers of a shape, or one text. @typedef {{values: Uint8Array | Float32Array | Float64Array | BigInt64Array, shape: number[]} | string} Stored */

/** @type {[Function, string][]} */
const TYPES = [[Uint8Array, "|u1"], [Float32Array, "<f4"], [Float64Array, "<f8"], [BigInt64Array, "<i8"]];
const ALIGNED = 64;

/** The bytes of an .npz file. @type {(arrays: Record<string, Stored>) => Blob} */
export function npz(arrays) {
  const entries = Object.entries(arrays).map(([name, stored]) => {
    const bytes = npy(stored);
    return { name: `${name}.npy`, content: bytes, size: bytes.length, sum: crc32(bytes) };
  });
  return zip(entries, "application/octet-stream");
}

/** @type {(stored: Stored) => Uint8Array<ArrayBuffer>} */
function npy(stored) {
  const { type, shape, bytes } = typeof stored === "string" ? textOf(stored) : numbersOf(stored);
  const sides = shape.map((side) => `${side},`).join(" ");
  const told = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  const padding = ALIGNED - ((10 + told.length + 1) % ALIGNED);
  const head = `${told}${" ".repeat(padding)}\n`;
  const found = new Uint8Array(10 + head.length + bytes.length);
  found.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length & 255, head.length >> 8]);
  found.set(new TextEncoder().encode(head), 10);
  found.set(bytes, 10 + head.length);
  return found;
}

/** @type {(stored: Exclude<Stored, string>) => {type: string, shape: number[], bytes: Uint8Array}} */
function numbersOf({ values, shape }) {
  const [, type] = TYPES.find(([kind]) => values instanceof kind) ?? [null, ""];
  if (shape.reduce((product, side) => product * side, 1) !== values.length) {
    throw new Error(`${values.length} numbers are no array of ${shape}`);
  }
  return { type, shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

// NumPy keeps a text as its code points, four bytes each
/** @type {(text: string) => {type: string, shape: number[], bytes: Uint8Array}} */
function textOf(text) {
  const points = Uint32Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
  return { type: `<U${Math.max(1, points.length)}`, shape: [], bytes: new Uint8Array(points.length ? points.buffer : new ArrayBuffer(4)) };
}
