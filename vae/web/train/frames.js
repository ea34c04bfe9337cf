// Snapshots of a run: where they lie, and what is in one.

import { readPayload } from "../core/payload.js";

const TRAIN_FORMAT = "vae-snapshot";
const TRAIN_VERSION = 1;

/** Fetch a snapshot, [step, file] as the live answer lists it; throws where it is gone. */
export async function fetchTrainFrame(address, [step, file]) {
  const answer = await fetch(`${address}/snapshot/${step}?v=${encodeURIComponent(file)}`);
  if (!answer.ok) throw new Error(`there is no snapshot of step ${step}`);
  return parseTrainFrame(await answer.arrayBuffer());
}

/**
 * Read a snapshot: {step, axes, points, shape, original, reconstruction, sample}. `points` is what
 * the plane takes, projected to two dimensions; images are Uint8Array of N·C·H·W.
 */
export function parseTrainFrame(buffer) {
  const { header, start } = readPayload(buffer, TRAIN_FORMAT, TRAIN_VERSION);
  const { count, arrays } = header;
  const view = (name, type) => {
    const { shape, offset } = arrays[name];
    const length = shape.reduce((product, side) => product * side, 1);
    if (start + offset + length * type.BYTES_PER_ELEMENT > buffer.byteLength) {
      throw new Error(`the snapshot is cut short inside ${name}`);
    }
    return new type(buffer, start + offset, length);
  };
  const index = Uint32Array.from({ length: count }, (_, i) => i);
  const [loc, scale] = [view("loc", Float32Array), view("scale", Float32Array)];
  return {
    step: header.step,
    axes: header.axes,
    shape: header.image_shape,
    points: { count, zDim: 2, loc, scale, label: view("label", Int16Array), index },
    original: view("original", Uint8Array),
    reconstruction: view("reconstruction", Uint8Array),
    sample: view("sample", Uint8Array),
  };
}
