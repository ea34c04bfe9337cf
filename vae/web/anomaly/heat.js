// Where in an image it is strange: nats per pixel as a colour over the image.

/** @import { Numbers, Shape } from "../core/header.js" */

const FULL = 255;

/**
 * The nats at which colour begins and is full: the same for all images that are shown.
 * @type {(maps: Numbers[]) => [number, number]}
 */
export function rangeOf(maps) {
  const all = maps.flatMap((map) => Array.from(map)).filter(Number.isFinite).sort((a, b) => a - b);
  if (!all.length) return [0, 1];
  const at = (/** @type {number} */ share) => all[Math.round(share * (all.length - 1))];
  const [low, high] = [at(0.25), at(0.995)];
  return [low, high > low ? high : low + 1];
}

/**
 * Write an image in grey with its nats over it: from the image itself at few over red to yellow.
 * @type {(data: Uint8ClampedArray, pixels: Numbers, map: Numbers, range: [number, number], shape: Shape) => void}
 */
export function paintHeat(data, pixels, map, [low, high], [channels, height, width]) {
  const plane = height * width;
  for (let i = 0; i < plane; i++) {
    const grey = (channels === 3 ? (pixels[i] + pixels[plane + i] + pixels[2 * plane + i]) / 3 : pixels[i]) * FULL * 0.55;
    const heat = Math.min(1, Math.max(0, (map[i] - low) / (high - low)));
    const share = Math.sqrt(heat);
    const colour = ramp(heat);
    for (let k = 0; k < 3; k++) data[4 * i + k] = grey + share * (colour[k] - grey);
    data[4 * i + 3] = FULL;
  }
}

/** A colour that grows lighter all the way, for eyes that tell no hues apart. @type {(heat: number) => number[]} */
export function ramp(heat) {
  const stops = [[60, 10, 60], [190, 40, 50], [250, 140, 30], [255, 240, 150]];
  const at = Math.min(2.9999, 3 * heat);
  const [from, to] = [stops[Math.floor(at)], stops[Math.floor(at) + 1]];
  const share = at - Math.floor(at);
  return from.map((value, k) => value + share * (to[k] - value));
}
