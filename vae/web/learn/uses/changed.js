// What can be done to an image so that it is no longer like the images that a model was trained on; as
// in `vae/learn/changed.py`.

/** @import { Numbers, Shape } from "../../core/header.js" */

/** @typedef {(pixels: Numbers, shape: Shape, other: Numbers) => Float32Array} Change */

/** @type {(from: (row: number, column: number, height: number, width: number) => [number, number]) => Change} */
function moved(from) {
  return (pixels, [channels, height, width]) => Float32Array.from({ length: channels * height * width }, (_, at) => {
    const [channel, inside] = [Math.floor(at / (height * width)), at % (height * width)];
    const [row, column] = from(Math.floor(inside / width), inside % width, height, width);
    return pixels[(channel * height + row) * width + column];
  });
}

/** By name; `other` is another image of the same shape. @type {Record<string, Change>} */
export const CHANGES = {
  same: (pixels) => Float32Array.from(pixels),
  mirrored: moved((row, column, _, width) => [row, width - 1 - column]),
  upside_down: moved((row, column, height) => [height - 1 - row, column]),
  two: (pixels, _, other) => Float32Array.from(pixels, (value, i) => Math.max(value, other[i])),
  negative: (pixels) => Float32Array.from(pixels, (value) => 1 - value),
  empty: (pixels) => new Float32Array(pixels.length),
};
