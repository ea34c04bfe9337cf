// Files in a zip without compression (PKWARE's APPNOTE, 4.3).

/**
 * A file of an archive: `sum` is the `crc32` of its bytes.
 * @typedef {{name: string, content: BlobPart, size: number, sum: number}} Entry
 */

const [LOCAL, CENTRAL, ENDING] = [0x04034b50, 0x02014b50, 0x06054b50];
const VERSION = 20;
const UTF8 = 0x800; // the flag that names are so
const FIRST_DAY = 0x21; // 1 January 1980: the same files give the same archive
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** @type {(entries: Entry[], type?: string) => Blob} */
export function zip(entries, type = "application/zip") {
  /** @type {BlobPart[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const index = [];
  let at = 0;
  for (const { name, content, size, sum } of entries) {
    const title = new TextEncoder().encode(name);
    const head = record([[4, LOCAL], ...described(sum, size, title.length)]);
    parts.push(head, title, content);
    const place = record([[4, CENTRAL], [2, VERSION], ...described(sum, size, title.length),
      [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]);
    index.push(place, title);
    at += head.length + title.length + size;
  }
  const size = index.reduce((sum, { length }) => sum + length, 0);
  const ending = record([[4, ENDING], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, at], [2, 0]]);
  return new Blob([...parts, ...index, ending], { type });
}

/** What both records of an entry say: version, flags, method, time, date, sum, sizes, lengths of texts. */
/** @type {(sum: number, size: number, title: number) => [number, number][]} */
function described(sum, size, title) {
  return [[2, VERSION], [2, UTF8], [2, 0], [2, 0], [2, FIRST_DAY], [4, sum], [4, size], [4, size], [2, title], [2, 0]];
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

/** @type {(bytes: Uint8Array) => number} */
export function crc32(bytes) {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) rest = CRC[(rest ^ bytes[i]) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
