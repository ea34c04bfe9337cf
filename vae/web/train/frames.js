// Snapshots of a run: where they lie, and what is in one.

import { floatsFromHalves, readPayload } from "../core/payload.js";

/** @import { Grid, Points, Shape } from "../core/header.js" */
/** @import { TrainPrior } from "./prior.js" */

/** A snapshot as the live answer lists it. @typedef {[step: number, file: string]} SnapshotEntry */

/**
 * @typedef {object} TrainFrame
 * @property {number} step
 * @property {string[]} axes names
 * @property {Shape} shape
 * @property {Points} points
 * @property {TrainPrior | null} prior one that is learned; null for rings and for none
 * @property {Uint8Array} original
 * @property {Uint8Array} reconstruction
 * @property {Uint8Array} sample
 */

/** @typedef {{shape: number[], offset: number}} Entry */
/** @typedef {Omit<Grid, "log_density"> & {draws: number}} PriorPlace */
/** @typedef {{count: number, step: number, axes: string[], image_shape: Shape, prior?: PriorPlace | null, arrays: Record<string, Entry>}} SnapshotHeader */

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
 * Read a snapshot: {step, axes, points, prior, shape, original, reconstruction, sample}. `points`
 * is what the plane takes, projected to two dimensions, with `tril` where covariances are known;
 * images are Uint8Array of N·C·H·W.
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
  /** @type {(name: string) => Float32Array | null} */
  const halves = (name) => (arrays[name] ? floatsFromHalves(new Uint16Array(...part(name, 2))) : null);
  const density = halves("prior");
  return {
    step: header.step,
    axes: header.axes,
    shape: header.image_shape,
    points: { count, zDim: 2, loc, scale, tril: halves("tril"), label, index, near: null },
    prior: header.prior && density ? { ...header.prior, log_density: density } : null,
    original: new Uint8Array(...part("original", 1)),
    reconstruction: new Uint8Array(...part("reconstruction", 1)),
    sample: new Uint8Array(...part("sample", 1)),
  };
}
