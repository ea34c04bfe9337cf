// From strokes of a brush to the pixels that an encoder takes.

import { contextOf } from "../parts/dom.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Framing } from "./fit.js" */

/** @typedef {{colour: string, points: number[][]}} Stroke */
/** @typedef {{scale: number, dx: number, dy: number}} Placed */

/**
 * @typedef {object} Paper
 * @property {CanvasRenderingContext2D} context
 * @property {Float32Array} pixels
 * @property {number} channels
 * @property {number} height
 * @property {number} width
 */

const GRAIN = 8; // canvas pixels per model pixel, averaged
const BRUSHES = [[3.1, 0.35], [1.9, 1]]; // widths in model pixels and opacities: soft rim, firm core
const LARGEST_SCALE = 6;

/** A canvas and its way back to pixels for images of [C, H, W]. @type {(shape: Shape) => Paper} */
export function createPaper([channels, height, width]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * GRAIN, height * GRAIN];
  const context = contextOf(canvas, { willReadFrequently: true });
  const pixels = new Float32Array(channels * height * width);
  return { context, pixels, channels, height, width };
}

/**
 * Pixels of strokes [{colour, points: [[x, y], …]}] in units of model pixels. With a framing
 * {box, middle, centre} they lie as a data set's images do: scaled into its box, and their mass or
 * their box in its middle.
 * @type {(paper: Paper, strokes: Stroke[], framing: Framing | null) => Float32Array}
 */
export function inkPixels(paper, strokes, framing) {
  if (!framing || !strokes.length) return rendered(paper, strokes, { scale: 1, dx: 0, dy: 0 });
  const fitted = fitBox(paper, strokes, framing);
  if (framing.middle !== "mass") return rendered(paper, strokes, fitted);
  const [x, y] = centreOfMass(paper, rendered(paper, strokes, fitted));
  const dx = fitted.dx + framing.centre * paper.width - x;
  const dy = fitted.dy + framing.centre * paper.height - y;
  return rendered(paper, strokes, { scale: fitted.scale, dx, dy });
}

/** @type {(paper: Paper, strokes: Stroke[], framing: Framing) => Placed} */
function fitBox({ width, height }, strokes, { box, centre }) {
  const points = strokes.flatMap((stroke) => stroke.points);
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const rim = BRUSHES[BRUSHES.length - 1][0];
  const room = box * Math.min(width, height) - rim;
  const scale = Math.min(LARGEST_SCALE, room / Math.max(1e-6, right - left, bottom - top));
  const dx = centre * width - scale * (left + right) / 2;
  const dy = centre * height - scale * (top + bottom) / 2;
  return { scale, dx, dy };
}

/** @type {(paper: Paper, strokes: Stroke[], place: Placed) => Float32Array} */
function rendered(paper, strokes, place) {
  paintStrokes(paper.context, strokes, place, GRAIN);
  return averaged(paper);
}

/**
 * Paint strokes on black; `grain` canvas pixels make one model pixel.
 * @type {(context: CanvasRenderingContext2D, strokes: Stroke[], place: Placed, grain: number) => void}
 */
export function paintStrokes(context, strokes, { scale, dx, dy }, grain) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(grain, 0, 0, grain, 0, 0);
  [context.lineCap, context.lineJoin] = ["round", "round"];
  for (const [lineWidth, opacity] of BRUSHES) {
    [context.lineWidth, context.globalAlpha] = [lineWidth, opacity];
    for (const { colour, points } of strokes) {
      context.strokeStyle = colour;
      context.beginPath();
      const [[x, y], ...rest] = points;
      context.moveTo(x * scale + dx, y * scale + dy);
      // a line of no length is a dot under a round cap
      for (const [px, py] of rest.length ? rest : [[x, y]]) {
        context.lineTo(px * scale + dx, py * scale + dy);
      }
      context.stroke();
    }
  }
}

/** @type {(paper: Paper) => Float32Array} */
function averaged({ context, pixels, channels, height, width }) {
  const { data } = context.getImageData(0, 0, width * GRAIN, height * GRAIN);
  const weight = 1 / (255 * GRAIN * GRAIN);
  pixels.fill(0);
  for (let y = 0; y < height * GRAIN; y++) {
    const row = Math.floor(y / GRAIN) * width;
    for (let x = 0; x < width * GRAIN; x++) {
      const from = 4 * (y * width * GRAIN + x);
      const to = row + Math.floor(x / GRAIN);
      for (let c = 0; c < channels; c++) pixels[c * height * width + to] += data[from + c] * weight;
    }
  }
  return pixels;
}

/** @type {(paper: Paper, pixels: Float32Array) => [number, number]} */
function centreOfMass({ width, height }, pixels) {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    mass += pixels[i];
    sumX += pixels[i] * ((i % width) + 0.5);
    sumY += pixels[i] * (Math.floor(i / width) + 0.5);
  }
  return mass ? [sumX / mass, sumY / mass] : [width / 2, height / 2];
}
