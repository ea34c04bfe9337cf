// Snapshots of a run: where they lie, and what is in one.

import { readPayload } from "../core/payload.js";

/** @import { Points, Shape } from "../core/header.js" */

/** A snapshot as the live answer lists it. @typedef {[step: number, file: string]} SnapshotEntry */

/**
 * @typedef {object} TrainFrame
 * @property {number} step
 * @property {string[]} axes names
 * @property {Shape} shape
 * @property {Points} points
 * @property {Uint8Array} original
 * @property {Uint8Array} reconstruction
 * @property {Uint8Array} sample
 */

/** @typedef {{shape: number[], offset: number}} Entry */
/** @typedef {{count: number, step: number, axes: string[], image_shape: Shape, arrays: Record<string, Entry>}} SnapshotHeader */

const TRAIN_FORMAT = "vae-snapshot";
const TRAIN_VERSION = 1;

/**
 * Fetch a snapshot, [step, file] as the live answer lists it; throws where it is gone.
 * @type {(address: string, entry: SnapshotEntry) => Promise<TrainFrame>}
 */
export async function fetchTrainFrame(address, [step, file]) {
  const answer = await fetch(`${address}/snapshot/${step}?v=${encodeURIComponent(file)}`);
  if (!answer.ok) throw new Error(`there is no snapshot of step ${step}`);
  return parseTrainFrame(await answer.arrayBuffer());
}

/**
 * Read a snapshot: {step, axes, points, shape, original, reconstruction, sample}. `points` is what
 * the plane takes, projected to two dimensions; images are Uint8Array of N·C·H·W.
 * @type {(buffer: ArrayBuffer) => TrainFrame}
 */
export function parseTrainFrame(buffer) {
  const payload = readPayload(buffer, TRAIN_FORMAT, TRAIN_VERSION);
  const { header, start } = /** @type {{header: SnapshotHeader, start: number}} */ (payload);
  const { count, arrays } = header;
  /** @type {(name: string, width: number) => [ArrayBuffer, number, number]} */
  const part = (name, width) => {
    const { shape, offset } = arrays[name];
    const length = shape.reduce((product, side) => product * side, 1);
    if (start + offset + length * width > buffer.byteLength) {
      throw new Error(`the snapshot is cut short inside ${name}`);
    }
    return [buffer, start + offset, length];
  };
  const label = new Int16Array(...part("label", 2));
  const index = Uint32Array.from({ length: count }, (_, i) => i);
  const [loc, scale] = [new Float32Array(...part("loc", 4)), new Float32Array(...part("scale", 4))];
  return {
    step: header.step,
    axes: header.axes,
    shape: header.image_shape,
    points: { count, zDim: 2, loc, scale, label, index, near: null },
    original: new Uint8Array(...part("original", 1)),
    reconstruction: new Uint8Array(...part("reconstruction", 1)),
    sample: new Uint8Array(...part("sample", 1)),
  };
}
