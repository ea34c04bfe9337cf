// A picture file, brought into the shape of a model's images in the browser; nothing is uploaded.

const PICTURE_BYTES = 20_000_000; // as in vae/pictures.py
const PICTURE_PIXELS = 40_000_000;
const PICTURE_SIDE = 2048; // canvas pixels of the middle part that is averaged exactly
const LUMINANCE = [0.299, 0.587, 0.114];

/** Read a picture file's middle as C·H·W pixels in [0, 1]; throw one sentence where it is none. */
export async function readPicture(file, shape) {
  if (file.size > PICTURE_BYTES) {
    const size = (file.size / 1e6).toFixed(1);
    throw new Error(`${file.name} has ${size} MB, more than the 20 MB that are read; save it smaller.`);
  }
  let bitmap = null;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    const remedy = "choose a PNG, JPEG, GIF or WebP file";
    throw new Error(`${file.name} is no picture that this browser can read; ${remedy}.`);
  }
  try {
    if (bitmap.width * bitmap.height > PICTURE_PIXELS) {
      throw new Error(`${file.name} has more than the 40 million pixels that are read; save it smaller.`);
    }
    return fittedPixels(bitmap, shape);
  } finally {
    bitmap.close();
  }
}

/** The middle of a picture, as large as the shape's proportions allow, averaged over each pixel. */
function fittedPixels(bitmap, [channels, height, width]) {
  const part = Math.min(bitmap.width / width, bitmap.height / height);
  const [across, down] = [part * width, part * height];
  const grain = Math.min(1, PICTURE_SIDE / Math.max(across, down));
  const [columns, rows] = [across, down].map((side) => Math.max(1, Math.round(side * grain)));
  const paper = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
  // transparent places become white, as paper is
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, columns, rows);
  paper.imageSmoothingQuality = "high";
  const [left, top] = [(bitmap.width - across) / 2, (bitmap.height - down) / 2];
  paper.drawImage(bitmap, left, top, across, down, 0, 0, columns, rows);
  const { data } = paper.getImageData(0, 0, columns, rows);
  return areaAverages(data, columns, rows, channels, height, width);
}

/** Average RGBA bytes over the areas of width × height pixels; C·H·W, grey where C is 1. */
export function areaAverages(data, columns, rows, channels, height, width) {
  const pixels = new Float32Array(channels * height * width);
  const [spansX, spansY] = [areaSpans(columns, width), areaSpans(rows, height)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = areaColour(data, columns, spansX[x], spansY[y]);
      const at = y * width + x;
      if (channels === 1) pixels[at] = LUMINANCE.reduce((sum, share, c) => sum + share * colour[c], 0);
      else for (let c = 0; c < 3; c++) pixels[c * height * width + at] = colour[c];
    }
  }
  return pixels;
}

// Which of `from` pixels each of `to` covers, and how much of each: [[index, share], …].
function areaSpans(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const [low, high] = [(i * from) / to, ((i + 1) * from) / to];
    const first = Math.floor(low);
    const last = Math.min(from, Math.max(first + 1, Math.ceil(high - 1e-9)));
    return Array.from({ length: last - first }, (_, j) => {
      const at = first + j;
      return [at, Math.min(high, at + 1) - Math.max(low, at)];
    });
  });
}

function areaColour(data, columns, spanX, spanY) {
  const sum = [0, 0, 0];
  let area = 0;
  for (const [y, shareY] of spanY) {
    for (const [x, shareX] of spanX) {
      const at = 4 * (y * columns + x);
      const share = shareX * shareY;
      area += share;
      for (let c = 0; c < 3; c++) sum[c] += share * data[at + c];
    }
  }
  return sum.map((value) => value / (255 * area));
}

/** Mean of an image's outermost pixels: near 1 for ink on paper, near 0 for light on black. */
export function borderMean(pixels, [channels, height, width]) {
  let [sum, count] = [0, 0];
  for (let i = 0; i < channels * height * width; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    if (x > 0 && x < width - 1 && y > 0 && y < height - 1) continue;
    sum += pixels[i];
    count += 1;
  }
  return sum / count;
}
