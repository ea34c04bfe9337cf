// Sheets of small images: originals over their reconstructions, and samples of the prior.

import { contextOf } from "../parts/dom.js";

/** @import { Shape } from "../core/header.js" */
/** @import { TrainFrame } from "./frames.js" */

/** @typedef {{put(bytes: Uint8Array, index: number, column: number, top: number): void, done(): void}} Sheet */

const PAIR_GAP = 1; // image pixels between an original and its reconstruction

// Image pixels between neighbours: a hand's breadth for small images as for large ones.
/** @type {(shape: Shape) => number} */
function trainSheetGap([, , width]) {
  return Math.max(1, Math.round(width / 14));
}

/**
 * Draw originals, each over its reconstruction, `columns` pairs in a row.
 * @type {(canvas: HTMLCanvasElement, frame: TrainFrame, columns?: number) => void}
 */
export function drawTrainPairs(canvas, { original, reconstruction, shape }, columns = 8) {
  const [, height] = shape;
  const pair = 2 * height + PAIR_GAP;
  const [count, space] = [trainCount(original, shape), trainSheetGap(shape)];
  const sheet = trainSheet(canvas, shape, columns, Math.ceil(count / columns), pair, 2 * space);
  for (let i = 0; i < count; i++) {
    const top = Math.floor(i / columns) * (pair + 2 * space);
    sheet.put(original, i, i % columns, top);
    sheet.put(reconstruction, i, i % columns, top + height + PAIR_GAP);
  }
  sheet.done();
}

/**
 * Draw images in rows of `columns`.
 * @type {(canvas: HTMLCanvasElement, frame: TrainFrame, columns?: number) => void}
 */
export function drawTrainSamples(canvas, { sample, shape }, columns = 4) {
  const [, height] = shape;
  const [count, space] = [trainCount(sample, shape), trainSheetGap(shape)];
  const sheet = trainSheet(canvas, shape, columns, Math.ceil(count / columns), height, space);
  for (let i = 0; i < count; i++) {
    sheet.put(sample, i, i % columns, Math.floor(i / columns) * (height + space));
  }
  sheet.done();
}

/** @type {(bytes: Uint8Array, shape: Shape) => number} */
function trainCount(bytes, shape) {
  return bytes.length / (shape[0] * shape[1] * shape[2]);
}

/**
 * A picture of the sheet's own pixels; the style sheet enlarges it without smoothing.
 * @type {(canvas: HTMLCanvasElement, shape: Shape, columns: number, rows: number, row: number, gap: number) => Sheet}
 */
function trainSheet(canvas, shape, columns, rows, row, gap) {
  const [channels, height, width] = shape;
  const space = trainSheetGap(shape);
  const across = columns * (width + space) - space;
  const down = rows * (row + gap) - gap;
  if (canvas.width !== across || canvas.height !== down) {
    [canvas.width, canvas.height] = [across, down];
    canvas.style.aspectRatio = `${across} / ${down}`;
  }
  const context = contextOf(canvas);
  const image = context.createImageData(across, down);
  const plane = width * height;
  return {
    put(bytes, index, column, top) {
      const from = index * channels * plane;
      const left = column * (width + space);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const pixel = from + y * width + x;
          const at = 4 * ((top + y) * across + left + x);
          for (let c = 0; c < 3; c++) image.data[at + c] = bytes[pixel + (channels > 1 ? c : 0) * plane];
          image.data[at + 3] = 255;
        }
      }
    },
    done: () => context.putImageData(image, 0, 0),
  };
}
