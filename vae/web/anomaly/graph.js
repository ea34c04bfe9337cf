// The two histograms and their axis on one canvas: the same share of either set is as high.

import { contextOf } from "../parts/dom.js";
import { typeScale } from "../parts/type_scale.js";
import { countsOf, shareAt, ticksOf } from "./axis.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Axis } from "./axis.js" */
/** @import { Scores } from "./scores.js" */

const PER_COLUMN = 3; // bars of a histogram over a column of the strip
const GAP = 20; // above the highest bar, where the words stand
const TICK_WIDTH = 74;

/** A canvas as fine as its screen. @type {(canvas: HTMLCanvasElement) => {paper: CanvasRenderingContext2D, width: number, height: number}} */
export function sized(canvas) {
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  const paper = contextOf(canvas);
  paper.setTransform(ratio, 0, 0, ratio, 0, 0);
  paper.clearRect(0, 0, width, height);
  return { paper, width, height };
}

/**
 * What `colour` becomes when so much of it lies on the background.
 * @type {(theme: Theme, colour: string, share: number) => string}
 */
export function mixed({ background }, colour, share) {
  return `color-mix(in srgb, ${colour} ${Math.round(100 * share)}%, ${background})`;
}

/** @type {(canvas: HTMLCanvasElement, scores: Scores, axis: Axis, columns: number, theme: Theme, unit: string) => void} */
export function drawGraph(canvas, { sorted: { normal, foreign } }, axis, columns, theme, unit) {
  const { paper, width, height } = sized(canvas);
  if (!width) return;
  const line = Math.round(14 * typeScale());
  const half = (height - line - 4) / 2;
  const bars = columns * PER_COLUMN;
  const sets = [
    { counts: countsOf(axis, normal, bars), of: normal.length, colour: mixed(theme, theme.text, 0.55), foot: half },
    { counts: countsOf(axis, foreign, bars), of: foreign.length, colour: theme.accent, foot: 2 * half },
  ];
  const highest = Math.max(...sets.flatMap(({ counts, of }) => Array.from(counts, (count) => (of ? count / of : 0))));
  for (const { counts, of, colour, foot } of sets) {
    paper.fillStyle = colour;
    for (let k = 0; k < bars; k++) {
      const [from, to] = [Math.round((k * width) / bars), Math.round(((k + 1) * width) / bars)];
      const tall = counts[k] ? Math.max(1, ((counts[k] / of) / highest) * (half - GAP * typeScale())) : 0;
      paper.fillRect(from, foot - tall, Math.max(1, to - from - 1), tall);
    }
    paper.fillStyle = theme.border;
    paper.fillRect(0, foot, width, 1);
  }
  drawTicks(paper, axis, theme, { width, top: 2 * half + 3, unit });
}

/** @type {(paper: CanvasRenderingContext2D, axis: Axis, theme: Theme, place: {width: number, top: number, unit: string}) => void} */
function drawTicks(paper, axis, theme, { width, top, unit }) {
  const scale = typeScale();
  paper.font = `${11.5 * scale}px ${getComputedStyle(paper.canvas).fontFamily}`;
  paper.fillStyle = mixed(theme, theme.text, 0.68);
  paper.textBaseline = "top";
  const ticks = ticksOf(axis, Math.max(2, Math.floor(width / (TICK_WIDTH * scale))));
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  const digits = axis.log ? null : Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  ticks.forEach((value, k) => {
    const text = numberText(value, digits) + (k === ticks.length - 1 && unit ? ` ${unit}` : "");
    const x = shareAt(axis, value) * width;
    const wide = paper.measureText(text).width;
    paper.fillText(text, Math.min(width - wide, Math.max(0, x - wide / 2)), top);
  });
}

/** @type {(value: number, digits: number | null) => string} */
function numberText(value, digits) {
  const size = Math.abs(value);
  const text = digits === null ? String(Number(size.toPrecision(1))) : size.toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
