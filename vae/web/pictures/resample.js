// A picture averaged over the areas of another grid of pixels.

/** @import { Part, Picture } from "./fit.js" */

/**
 * Average a picture over the areas of height × width pixels laid over a window of it.
 * @type {(picture: Picture, part: Part, height: number, width: number, outside: number) => Picture}
 */
export function resampledPicture(picture, part, height, width, outside) {
  const { channels, gain = 1, shift = 0 } = picture;
  const down = areaShares(part.top, part.height / height, height, picture.height);
  const across = areaShares(part.left, part.width / width, width, picture.width);
  const values = new Float64Array(channels * height * width);
  // rows first, so that each level is read once
  const line = new Float64Array(picture.width);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      line.fill(0);
      for (const [row, share] of down[y].parts) {
        const from = (c * picture.height + row) * picture.width;
        for (let x = 0; x < line.length; x++) line[x] += share * picture.values[from + x];
      }
      for (let x = 0; x < width; x++) {
        const { parts } = across[x];
        let sum = 0;
        for (let k = 0; k < parts.length; k++) sum += parts[k][1] * line[parts[k][0]];
        const inside = down[y].total * across[x].total;
        values[(c * height + y) * width + x] = gain * sum + shift * inside + outside * (1 - inside);
      }
    }
  }
  return { channels, height, width, values };
}

// Which of `size` pixels each of `count` areas covers, and their share in it.
/** @type {(start: number, step: number, count: number, size: number) => {parts: [number, number][], total: number}[]} */
function areaShares(start, step, count, size) {
  return Array.from({ length: count }, (_, i) => {
    const low = start + step * i;
    const [first, last] = [Math.max(0, Math.floor(low)), Math.min(size, Math.ceil(low + step))];
    /** @type {[number, number][]} */
    const parts = [];
    for (let j = first; j < last; j++) {
      const overlap = Math.min(low + step, j + 1) - Math.max(low, j);
      if (overlap > 0) parts.push([j, overlap / step]);
    }
    return { parts, total: parts.reduce((sum, [, share]) => sum + share, 0) };
  });
}
