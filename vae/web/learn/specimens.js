// The images of a lesson, as `vae/learn/specimens.py` packs them.

/** @import { Shape } from "../core/header.js" */

/** Pixels in [0, 1], and the class of each. @typedef {{shape: Shape, labels: number[], images: Float32Array[]}} Specimens */

/** @type {(packed: {shape: Shape, labels: number[], pixels: string}) => Specimens} */
export function readSpecimens({ shape, labels, pixels }) {
  const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
  const size = shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== size * labels.length) throw new Error("the lesson's images are cut short");
  const images = labels.map((_, k) =>
    Float32Array.from(bytes.subarray(k * size, (k + 1) * size), (byte) => byte / 255));
  return { shape, labels, images };
}
