// A picture made like a data set's images: inverted, stretched, scaled and centred.
//
// The same as vae/data/picture_fit.py, on the same numbers. A picture is {channels, height, width,
// values}, C·H·W levels in [0, 1]. Where it also has {gain, shift} its levels are
// gain·value + shift, which spares each treatment a copy of a million of them. A treatment is
// {invert, stretch, centre}; a framing {box, middle, centre} as in vae/data/sources.py, or null.

import { resampledPicture } from "./resample.js";

/** @import { Shape } from "../core/header.js" */

/** @typedef {Float32Array | Float64Array} Levels */

/**
 * @typedef {object} Picture
 * @property {number} channels
 * @property {number} height
 * @property {number} width
 * @property {Levels} values
 * @property {number} [gain]
 * @property {number} [shift]
 */

/** @typedef {{box: number, middle: "mass" | "box", centre: number}} Framing */
/** @typedef {{invert: boolean, stretch: boolean, centre: boolean}} Treatment */
/** A window on a picture, in its pixels. @typedef {{left: number, top: number, width: number, height: number}} Part */

const FULL_RANGE = 0.98; // share of all levels from which on there is nothing to stretch
const INK = 0.25; // share of the strongest contrast with the ground from which on a pixel is ink
const COARSE_SIDE = 128; // pixels of the longer side in which levels and ink are looked for
const PLACED = 1; // pixels of the model's shape by which an image in its place may be off

/** @type {WeakMap<Levels, Picture>} */
const coarsePictures = new WeakMap(); // a picture's values → the picture averaged down

/**
 * Pixels C·height·width in [0, 1] of a picture; every one is the average of the area it covers.
 * @type {(picture: Picture, shape: Shape, framing: Framing | null, treatment: Treatment) => Levels}
 */
export function fittedPicture(picture, [, height, width], framing, treatment) {
  const toned = tonedPicture(picture, treatment, framing);
  const ground = edgeLevel(toned);
  if (!framing || !treatment.centre) {
    const middle = middleOf(toned, height, width);
    return unitLevels(resampledPicture(toned, middle, height, width, ground)).values;
  }
  let part = aroundInk(toned, ground, framing, height, width);
  if (framing.middle === "mass") {
    const first = unitLevels(resampledPicture(toned, part, height, width, ground));
    part = movedWindow(part, inkCentre(first, ground), framing, height, width);
  }
  const small = resampledPicture(toned, part, height, width, ground);
  return unitLevels(asStrong(small, toned, ground)).values;
}

/**
 * Give ink the contrast that it had: an average over a thin line and its ground is faint.
 * @type {(small: Picture, picture: Picture, ground: number) => Picture}
 */
function asStrong(small, picture, ground) {
  const found = strongest(mapLevels(small, (value) => Math.abs(value - ground)).values);
  if (found === 0) return small;
  const gain = Math.max(1, inkContrast(picture, ground) / found);
  return mapLevels(small, (value) => ground + (value - ground) * gain);
}

/**
 * Mean contrast of the ink: the strongest pixels of a photograph alone are noise.
 * @type {(picture: Picture, ground: number) => number}
 */
function inkContrast({ values, gain = 1, shift = 0 }, ground) {
  /** @type {(value: number) => number} */
  const contrast = (value) => Math.abs(Math.min(1, Math.max(0, gain * value + shift)) - ground);
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, contrast(values[i]));
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const found = contrast(values[i]);
    if (found < most / 2) continue;
    sum += found;
    count += 1;
  }
  return sum / count;
}

/**
 * Invert and stretch; where the data set's ground is black, the picture's becomes black.
 * @type {(picture: Picture, treatment: {invert: boolean, stretch: boolean}, framing: Framing | null) => Picture}
 */
export function tonedPicture(picture, { invert, stretch }, framing) {
  const upright = invert ? { ...picture, gain: -1, shift: 1 } : picture;
  if (!stretch) return upright;
  const [low, high] = stretchLevels(upright, framing);
  if (!(high > low)) return upright;
  const { gain = 1, shift = 0 } = upright;
  return { ...picture, gain: gain / (high - low), shift: (shift - low) / (high - low) };
}

/**
 * Levels [low, high] that become black and white when a picture is stretched.
 * @type {(picture: Picture, framing: Framing | null) => [number, number]}
 */
export function stretchLevels(picture, framing) {
  const [low, high] = extremes(coarsePicture(picture));
  const ground = edgeLevel(picture);
  return [framing && ground < (low + high) / 2 ? ground : low, high];
}

/**
 * Median of a picture's outermost pixels: what its ink lies on.
 * @type {(picture: Picture) => number}
 */
export function edgeLevel(picture) {
  const seen = coarsePicture(picture);
  const { height, width } = seen;
  const grey = greyLevels(seen);
  const edge = grey.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || x === width - 1 || y === 0 || y === height - 1;
  }).sort();
  const half = edge.length >> 1;
  return edge.length % 2 ? edge[half] : (edge[half - 1] + edge[half]) / 2;
}

/**
 * Treatments that come into question, the plainest choice for equals first.
 * @type {(picture: Picture, shape: Shape, framing: Framing | null, wide: boolean) => Treatment[]}
 */
export function treatmentsOf(picture, shape, framing, wide) {
  const centre = framing !== null && !isPlaced(picture, shape, framing);
  const [low, high] = extremes(picture);
  const narrow = high - low < FULL_RANGE;
  const usual = framing ? [true, false] : [false, true];
  const choices = narrow ? (wide ? [true] : usual) : [false];
  return choices.flatMap((stretch) => [false, true].map((invert) => ({ invert, stretch, centre })));
}

/**
 * The treatment that makes a picture most like a data set's images: log p(x|z), by
 * `logPx(pixels)`, nearest to their `usual` range [low, high]. Where these are null a ground
 * brighter than grey is inverted if the data set's is black. Before each comparison `goesOn()` is
 * awaited, so that the hand is heard in between; once it gives false nothing is proposed: null.
 * @type {(picture: Picture, shape: Shape, framing: Framing | null, wide: boolean, usual: number[] | null, logPx: ((pixels: Levels) => number | null) | null, goesOn?: () => Promise<boolean>) => Promise<Treatment | null>}
 */
export async function proposeTreatment(
  picture, shape, framing, wide, usual, logPx, goesOn = async () => true,
) {
  const options = treatmentsOf(picture, shape, framing, wide);
  if (!usual || !logPx) {
    const bright = Boolean(framing) && edgeLevel(tonedPicture(picture, options[0], null)) > 0.5;
    return options.find(({ invert }) => invert === bright) ?? options[0];
  }
  let [best, nearest] = [options[0], Infinity];
  for (const option of options) {
    // none is nearer than within the range, and of equals the first stays
    if (nearest === 0) break;
    if (!(await goesOn())) return null;
    const value = logPx(fittedPicture(picture, shape, framing, option)) ?? NaN;
    const distance = Math.max(0, usual[0] - value, value - usual[1]);
    if (distance < nearest) [best, nearest] = [option, distance];
  }
  return best;
}

/**
 * Whether a picture of the model's shape already is where the data set's images are.
 * @type {(picture: Picture, shape: Shape, framing: Framing) => boolean}
 */
export function isPlaced(picture, [channels, height, width], framing) {
  const same = picture.channels === channels && picture.height === height && picture.width === width;
  if (!same) return false;
  const ground = edgeLevel(picture);
  const part = aroundInk(picture, ground, framing, height, width);
  const [x, y] = framing.middle === "mass"
    ? inkCentre(picture, ground)
    : [part.left + framing.centre * width, part.top + framing.centre * height];
  const off = Math.max(Math.abs(x - framing.centre * width), Math.abs(y - framing.centre * height));
  return off <= PLACED && Math.abs(width - part.width) * framing.box <= 2 * PLACED;
}

/**
 * A picture averaged down for a look at its levels; once, however they are treated.
 * @type {(picture: Picture) => Picture}
 */
function coarsePicture({ channels, height, width, values, gain = 1, shift = 0 }) {
  const seen = coarsePictures.get(values) ?? averagedDown({ channels, height, width, values });
  coarsePictures.set(values, seen);
  return mapLevels(seen, (value) => gain * value + shift);
}

/** @type {(picture: Picture) => Picture} */
function averagedDown(picture) {
  const { height: rows, width: columns } = picture;
  const share = COARSE_SIDE / Math.max(rows, columns);
  if (share >= 1) return picture;
  const [height, width] = [rows, columns].map((side) => Math.max(1, Math.floor(side * share + 0.5)));
  const whole = { left: 0, top: 0, width: columns, height: rows };
  return resampledPicture(picture, whole, height, width, 0);
}

// Plain loops: `from`, `reduce` and `for … of` take up to fifty times as long on a million levels.

/** @type {(picture: Picture, change: (value: number) => number) => Picture} */
function mapLevels(picture, change) {
  const values = new Float64Array(picture.values.length);
  for (let i = 0; i < values.length; i++) values[i] = change(picture.values[i]);
  return { ...picture, values };
}

/** @type {(picture: Picture) => Picture} */
function unitLevels(picture) {
  return mapLevels(picture, (value) => Math.min(1, Math.max(0, value)));
}

/** The darkest and the lightest level. @type {(picture: {values: Levels}) => [number, number]} */
export function extremes({ values }) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** @type {(contrasts: Levels) => number} */
function strongest(contrasts) {
  let most = 0;
  for (let i = 0; i < contrasts.length; i++) most = Math.max(most, contrasts[i]);
  return most;
}

/** Mean of the channels, H·W. @type {(picture: Picture) => Float64Array} */
function greyLevels({ channels, height, width, values }) {
  const size = height * width;
  const grey = new Float64Array(size);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) grey[i] += values[c * size + i];
  }
  return grey.map((sum) => sum / channels);
}

/** @type {(picture: Picture, height: number, width: number) => Part} */
function middleOf(picture, height, width) {
  const scale = Math.min(picture.width / width, picture.height / height);
  const [across, down] = [scale * width, scale * height];
  return {
    left: (picture.width - across) / 2,
    top: (picture.height - down) / 2,
    width: across,
    height: down,
  };
}

/** @type {(picture: Picture, ground: number, framing: Framing, height: number, width: number) => Part} */
function aroundInk(picture, ground, framing, height, width) {
  const seen = coarsePicture(picture);
  const contrast = greyLevels(seen).map((value) => Math.abs(value - ground));
  const least = INK * strongest(contrast);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  contrast.forEach((value, i) => {
    if (value < least) return;
    const [x, y] = [i % seen.width, Math.floor(i / seen.width)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  });
  const [grainX, grainY] = [picture.width / seen.width, picture.height / seen.height];
  [left, right, top, bottom] = [left * grainX, right * grainX, top * grainY, bottom * grainY];
  const scale = Math.max(right - left, bottom - top) / (framing.box * Math.min(width, height));
  const [across, down] = [scale * width, scale * height];
  return {
    left: (left + right) / 2 - framing.centre * across,
    top: (top + bottom) / 2 - framing.centre * down,
    width: across,
    height: down,
  };
}

/** @type {(picture: Picture, ground: number) => [number, number]} */
function inkCentre(picture, ground) {
  const { height, width } = picture;
  let [mass, sumX, sumY] = [0, 0, 0];
  greyLevels(picture).forEach((value, i) => {
    const ink = Math.abs(value - ground);
    mass += ink;
    sumX += ink * ((i % width) + 0.5);
    sumY += ink * (Math.floor(i / width) + 0.5);
  });
  return mass ? [sumX / mass, sumY / mass] : [width / 2, height / 2];
}

/** @type {(part: Part, centre: [number, number], framing: Framing, height: number, width: number) => Part} */
function movedWindow(part, [x, y], framing, height, width) {
  return {
    ...part,
    left: part.left + (x - framing.centre * width) * (part.width / width),
    top: part.top + (y - framing.centre * height) * (part.height / height),
  };
}
