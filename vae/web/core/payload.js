// What every payload shares: a 4-byte little-endian header length, a JSON header that is padded so
// that the data start at a multiple of 4 bytes, and the data.

/**
 * Read a payload's header, of which the reader knows more, and find where its data start, in bytes;
 * throw on damage.
 * @type {(buffer: ArrayBuffer, format: string, version: number) => {header: unknown, start: number}}
 */
export function readPayload(buffer, format, version) {
  const size = buffer.byteLength;
  if (size < 4) throw new Error(`${format}: ${size} bytes are no payload`);
  const length = new DataView(buffer).getUint32(0, true);
  const start = 4 + length;
  if (start > size) throw new Error(`${format}: cut short inside the header`);
  if (start % 4 !== 0) throw new Error(`${format}: the data do not start at a multiple of 4 bytes`);
  let header = null;
  try {
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  } catch {
    throw new Error(`${format}: the header is not JSON`);
  }
  if (header?.format !== format) throw new Error(`this is not a ${format} payload`);
  if (header.version !== version) {
    throw new Error(`${format}: version ${header.version}; this page reads version ${version}`);
  }
  return { header, start };
}

/** @type {Float32Array | null} */
let floatOfHalf = null;

/**
 * Turn float16 bit patterns into a Float32Array, by a table of all 65,536 of them.
 * @type {(halves: Uint16Array) => Float32Array}
 */
export function floatsFromHalves(halves) {
  floatOfHalf ??= Float32Array.from({ length: 65536 }, (_, bits) => floatFromHalf(bits));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = floatOfHalf[halves[i]];
  return values;
}

/** @type {(bits: number) => number} */
function floatFromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
