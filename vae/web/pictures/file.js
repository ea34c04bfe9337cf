// A picture file as numbers, read in the browser; nothing is uploaded.

import { pngHeader, readWidePng } from "./png.js";
import { extremes, resampledPicture } from "./fit.js";

const PICTURE_BYTES = 20_000_000; // as in vae/data/pictures.py
const PICTURE_PIXELS = 40_000_000;
const PICTURE_SIDE = 1024;
const LUMINANCE = [0.299, 0.587, 0.114];

/**
 * Read a picture file as a viewer shows it, on white and the right way up:
 * {picture: {channels, height, width, values}, wide}. `wide` is a file of 16 bits a level. Throw
 * one sentence where there is nothing to read.
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
    if (error.isOurs) throw error;
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

function checkPixels({ name }, width, height) {
  if (width * height <= PICTURE_PIXELS) return;
  const error = new Error(`${name} has more than the 40 million pixels that are read; save it smaller.`);
  throw Object.assign(error, { isOurs: true });
}

function shrunkPicture(picture) {
  const share = PICTURE_SIDE / Math.max(picture.width, picture.height);
  if (share >= 1) return picture;
  const [height, width] = [picture.height, picture.width].map((side) => Math.max(1, Math.round(side * share)));
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  return resampledPicture(picture, whole, height, width, 0);
}

function bitmapLevels(bitmap, channels) {
  const share = Math.min(1, PICTURE_SIDE / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * share)));
  const paper = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
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

/** Whether no more than two of 256 levels are between the darkest and the lightest pixel. */
export function isEmptyPicture(picture, wide) {
  const [low, high] = extremes(picture);
  return high - low < (wide ? 0.5 / 65_535 : 2.5 / 255);
}
