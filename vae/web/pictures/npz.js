// Arrays as a file that NumPy opens: .npy (NumPy Enhancement Proposal 1) in a zip without compression
// (PKWARE's APPNOTE, 4.3).

/** @typedef {{name: string, bytes: Uint8Array<ArrayBuffer>}} Entry */

/** Numbers of a shape, or one text. @typedef {{values: Uint8Array | Float32Array | Float64Array | BigInt64Array, shape: number[]} | string} Stored */

/** @type {[Function, string][]} */
const TYPES = [[Uint8Array, "|u1"], [Float32Array, "<f4"], [Float64Array, "<f8"], [BigInt64Array, "<i8"]];
const ALIGNED = 64;
const [LOCAL, CENTRAL, ENDING] = [0x04034b50, 0x02014b50, 0x06054b50];
const VERSION = 20;
const FIRST_DAY = 0x21; // 1 January 1980: the same arrays give the same file
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** The bytes of an .npz file. @type {(arrays: Record<string, Stored>) => Blob} */
export function npz(arrays) {
  const entries = Object.entries(arrays).map(([name, stored]) => ({ name: `${name}.npy`, bytes: npy(stored) }));
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const index = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const title = new TextEncoder().encode(name);
    const sum = crc32(bytes);
    const head = record([[4, LOCAL], ...described(sum, bytes.length, title.length)]);
    parts.push(head, title, bytes);
    const place = record([[4, CENTRAL], [2, VERSION], ...described(sum, bytes.length, title.length),
      [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]);
    index.push(place, title);
    at += head.length + title.length + bytes.length;
  }
  const size = index.reduce((sum, { length }) => sum + length, 0);
  const ending = record([[4, ENDING], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, at], [2, 0]]);
  return new Blob([...parts, ...index, ending], { type: "application/octet-stream" });
}

/** What both records of an entry say: version, flags, method, time, date, sum, sizes, lengths of texts. */
/** @type {(sum: number, size: number, title: number) => [number, number][]} */
function described(sum, size, title) {
  return [[2, VERSION], [2, 0], [2, 0], [2, 0], [2, FIRST_DAY], [4, sum], [4, size], [4, size], [2, title], [2, 0]];
}

/** Numbers of two or four bytes, little endian. @type {(fields: [number, number][]) => Uint8Array<ArrayBuffer>} */
function record(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [length]) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [length, value] of fields) {
    if (length === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += length;
  }
  return bytes;
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

/** @type {(bytes: Uint8Array) => number} */
function crc32(bytes) {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) rest = CRC[(rest ^ bytes[i]) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
