// PNG files of 16 bits per level, which a canvas cuts to their upper eight.

/** @import { Picture } from "./fit.js" */

/** @typedef {{kind: string, data: Uint8Array<ArrayBuffer>}} Chunk */

// the signature, then a first chunk of 13 bytes by the name IHDR
const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];
/** @type {Record<number, number | undefined>} */
const WIDE_SAMPLES = { 0: 1, 2: 3, 4: 2, 6: 4 }; // numbers per pixel, by the colour type
const WIDE_FULL = 65_535;
const BESIDE_PLAIN = ["tRNS", "eXIf"]; // chunks that change what a viewer shows

/**
 * What bytes that begin as a PNG file say of it: {width, height, wide}; else null.
 * @type {(bytes: Uint8Array<ArrayBuffer>) => {width: number, height: number, wide: boolean} | null}
 */
export function pngHeader(bytes) {
  if (bytes.length <= 33 || !PNG_START.every((value, i) => bytes[i] === value)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20), wide: bytes[24] === 16 };
}

/**
 * Read a PNG of 16 bits as {channels, height, width, values}, levels in [0, 1] on white; null
 * where it is of a kind that is left to the browser: interlaced, turned, with a transparent colour.
 * @type {(bytes: Uint8Array<ArrayBuffer>, channels: number) => Promise<Picture | null>}
 */
export async function readWidePng(bytes, channels) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const samples = WIDE_SAMPLES[bytes[25]];
  const chunks = chunksOf(bytes, view);
  if (!samples || bytes[28] !== 0 || chunks.some(({ kind }) => BESIDE_PLAIN.includes(kind))) return null;
  const packed = chunks.filter(({ kind }) => kind === "IDAT").map(({ data }) => data);
  const line = 2 * samples * width;
  const raw = await inflate(packed, height * (line + 1));
  unfilter(raw, height, line, 2 * samples);
  /** @type {(pixel: number, sample: number) => number} */
  const level = (pixel, sample) => {
    const row = Math.floor(pixel / width);
    const at = row * (line + 1) + 1 + 2 * ((pixel % width) * samples + sample);
    return (raw[at] * 256 + raw[at + 1]) / WIDE_FULL;
  };
  return { channels, height, width, values: levelsOnWhite(level, samples, channels, height * width) };
}

/** @type {(bytes: Uint8Array<ArrayBuffer>, view: DataView) => Chunk[]} */
function chunksOf(bytes, view) {
  /** @type {Chunk[]} */
  const chunks = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) throw new Error("cut short");
    chunks.push({ kind, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** @type {(packed: Uint8Array<ArrayBuffer>[], size: number) => Promise<Uint8Array>} */
async function inflate(packed, size) {
  const raw = new Uint8Array(size);
  const stream = new Blob(packed).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  for (let at = 0; ; ) {
    const { done, value } = await reader.read();
    if (done && at < size) throw new Error("cut short");
    if (done || at >= size) return raw;
    raw.set(value.subarray(0, size - at), at);
    at += value.length;
  }
}

// Undo each line's filter in place (PNG specification, section 9); `step` bytes are a pixel.
/** @type {(raw: Uint8Array, height: number, line: number, step: number) => void} */
function unfilter(raw, height, line, step) {
  for (let y = 0; y < height; y++) {
    const from = y * (line + 1) + 1;
    const kind = raw[from - 1];
    if (kind > 4) throw new Error("unknown filter");
    for (let i = 0; i < line && kind > 0; i++) {
      const left = i < step ? 0 : raw[from + i - step];
      const above = y === 0 ? 0 : raw[from + i - line - 1];
      const corner = i < step || y === 0 ? 0 : raw[from + i - line - 1 - step];
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][kind];
      raw[from + i] += guess;
    }
  }
}

/** @type {(left: number, above: number, corner: number) => number} */
function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** @type {(level: (pixel: number, sample: number) => number, samples: number, channels: number, size: number) => Float32Array} */
function levelsOnWhite(level, samples, channels, size) {
  const coloured = samples > 2;
  const hasAlpha = samples % 2 === 0;
  const values = new Float32Array(channels * size);
  for (let i = 0; i < size; i++) {
    const alpha = hasAlpha ? level(i, samples - 1) : 1;
    /** @type {(sample: number) => number} */
    const shown = (sample) => alpha * level(i, sample) + 1 - alpha;
    const colour = coloured ? [shown(0), shown(1), shown(2)] : [shown(0), shown(0), shown(0)];
    if (channels === 1) values[i] = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
    else for (let c = 0; c < 3; c++) values[c * size + i] = colour[c];
  }
  return values;
}
