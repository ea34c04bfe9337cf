// A picture file as numbers, read in the browser; nothing is uploaded.

import { pngHeader, readWidePng } from "./png.js";
import { extremes } from "./fit.js";
import { resampledPicture } from "./resample.js";

/** @import { Picture } from "./fit.js" */

/** A picture, and whether its file has 16 bits per level. @typedef {{picture: Picture, wide: boolean}} Opened */

const PICTURE_BYTES = 20_000_000; // as in vae/data/pictures.py
const PICTURE_PIXELS = 40_000_000;
const PICTURE_SIDE = 1024;
/** Said of a picture as it is; whatever else goes wrong means that it is none. */
class TooLarge extends Error {}

const LUMINANCE = [0.299, 0.587, 0.114];

/**
 * Read a picture file as a viewer shows it, on white and the right way up:
 * {picture: {channels, height, width, values}, wide}. `wide` is a file of 16 bits per level. Throw
 * one sentence where there is nothing to read.
 * @type {(file: File, channels: number) => Promise<Opened>}
 */
export async function readPicture(file, channels) {
  if (file.size > PICTURE_BYTES) {
    const size = (file.size / 1e6).toFixed(1);
    throw new Error(`${file.name} has ${size} MB, more than the 20 MB that are read; save it smaller.`);
  }
  const { picture, wide } = await openedPicture(file, channels);
  if (isEmptyPicture(picture, wide)) {
    throw new Error(`${file.name} is empty: all its pixels have the same level; choose another picture.`);
  }
  return { picture, wide };
}

/** @type {(file: File, channels: number) => Promise<Opened>} */
async function openedPicture(file, channels) {
  let bitmap = null;
  let wide = false;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const png = pngHeader(bytes);
    // said by the file itself: it need not be decoded to be refused
    if (png) checkPixels(file, png.width, png.height);
    wide = Boolean(png?.wide);
    const picture = wide ? await readWidePng(bytes, channels) : null;
    if (picture) return { picture: shrunkPicture(picture), wide };
    bitmap = await createImageBitmap(file);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    const remedy = "choose a PNG, JPEG, GIF or WebP file";
    throw new Error(`${file.name} is no picture that this browser can read; ${remedy}.`);
  }
  try {
    checkPixels(file, bitmap.width, bitmap.height);
    return { picture: bitmapLevels(bitmap, channels), wide };
  } finally {
    bitmap.close();
  }
}

/** @type {(file: File, width: number, height: number) => void} */
function checkPixels({ name }, width, height) {
  if (width * height <= PICTURE_PIXELS) return;
  throw new TooLarge(`${name} has more than the 40 million pixels that are read; save it smaller.`);
}

/** @type {(picture: Picture) => Picture} */
function shrunkPicture(picture) {
  const share = PICTURE_SIDE / Math.max(picture.width, picture.height);
  if (share >= 1) return picture;
  const [height, width] = [picture.height, picture.width].map((side) => Math.max(1, Math.round(side * share)));
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  return resampledPicture(picture, whole, height, width, 0);
}

/** @type {(bitmap: ImageBitmap, channels: number) => Picture} */
function bitmapLevels(bitmap, channels) {
  const share = Math.min(1, PICTURE_SIDE / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * share)));
  const paper = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!paper) throw new Error("this browser has no room for another canvas");
  // transparent places become white, as paper is
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, width, height);
  paper.imageSmoothingQuality = "high";
  paper.drawImage(bitmap, 0, 0, width, height);
  const { data } = paper.getImageData(0, 0, width, height);
  const size = height * width;
  const values = new Float32Array(channels * size);
  for (let i = 0; i < size; i++) {
    if (channels === 1) {
      const [red, green, blue] = LUMINANCE;
      const sum = red * data[4 * i] + green * data[4 * i + 1] + blue * data[4 * i + 2];
      // to a whole level, as a viewer's grey picture has it
      values[i] = Math.round(sum) / 255;
    } else for (let c = 0; c < 3; c++) values[c * size + i] = data[4 * i + c] / 255;
  }
  return { channels, height, width, values };
}

/**
 * Whether no more than two of 256 levels are between the darkest and the lightest pixel.
 * @type {(picture: Picture, wide: boolean) => boolean}
 */
export function isEmptyPicture(picture, wide) {
  const [low, high] = extremes(picture);
  return high - low < (wide ? 0.5 / 65_535 : 2.5 / 255);
}
