// The two losses as they fall: thin where a step's own data say it, strong where data say it that no
// step sees.

import { element } from "../../parts/dom.js";
import { paperOf } from "../paper.js";

/** @import { Theme } from "../../parts/theme.js" */
/** @import { Report, Training } from "./training.js" */

/** @typedef {{reconstruction: string, kl: string, steps: string, label: string}} Words */

const [LEFT, RIGHT, TOP, BOTTOM] = [40, 8, 10, 20];
const FEWEST = 100; // steps that the axis shows at least

export class Curve {
  canvas = element("canvas", { class: "toy-curve", role: "img", "data-testid": "toy-curve" });

  /** @param {Words} words */
  constructor(words) {
    this.words = words;
  }

  /** @type {(training: Training, theme: Theme) => void} */
  draw({ batches, held, steps }, theme) {
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const { context, width, height } = paper;
    const [low, high] = rangeOf([...batches, ...held]);
    const last = Math.max(FEWEST, steps);
    /** @type {(step: number) => number} */
    const across = (step) => LEFT + (step / last) * (width - LEFT - RIGHT);
    /** @type {(nats: number) => number} */
    const down = (nats) => TOP + (1 - (nats - low) / (high - low)) * (height - TOP - BOTTOM);
    this.#axes(paper, low, high, last, down, theme);
    /** @type {(reports: Report[], key: "reconstruction" | "kl", colour: string, strong: boolean) => void} */
    const line = (reports, key, colour, strong) => {
      context.beginPath();
      for (const report of reports) context.lineTo(across(report.step), down(report[key]));
      [context.strokeStyle, context.lineWidth, context.globalAlpha] = [colour, strong ? 2 : 1, strong ? 1 : 0.35];
      context.stroke();
      context.globalAlpha = 1;
      const newest = strong ? reports.at(-1) : null;
      if (newest) dot(context, across(newest.step), down(newest[key]), colour);
    };
    const thin = thinned(batches, width);
    for (const key of /** @type {const} */ (["reconstruction", "kl"])) {
      const colour = key === "kl" ? theme.accent : theme.text;
      line(thin, key, colour, false);
      line(held, key, colour, true);
    }
    this.canvas.setAttribute("aria-label", this.words.label);
  }

  /** @type {(paper: import("../paper.js").Paper, low: number, high: number, last: number, down: (nats: number) => number, theme: Theme) => void} */
  #axes({ context, width, height }, low, high, last, down, theme) {
    [context.fillStyle, context.strokeStyle, context.lineWidth] = [theme.text, theme.border, 1];
    [context.textAlign, context.textBaseline] = ["right", "middle"];
    for (const nats of ticksOf(low, high)) {
      const y = Math.round(down(nats)) + 0.5;
      context.beginPath();
      context.moveTo(LEFT, y);
      context.lineTo(width - RIGHT, y);
      context.stroke();
      context.fillText(String(nats).replace("-", "−"), LEFT - 6, y);
    }
    context.textBaseline = "bottom";
    context.fillText(`${last.toLocaleString("en")} ${this.words.steps}`, width - RIGHT, height);
    context.textAlign = "left";
    context.fillText("0", LEFT, height);
  }
}

/** Where a loss stands: the first one has no line yet. @type {(context: CanvasRenderingContext2D, x: number, y: number, colour: string) => void} */
function dot(context, x, y, colour) {
  context.beginPath();
  context.arc(x, y, 3, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}

/** At most two a pixel, each the mean of its own. @type {(reports: Report[], width: number) => Report[]} */
function thinned(reports, width) {
  const each = Math.max(1, Math.ceil(reports.length / (2 * width)));
  if (each === 1) return reports;
  return Array.from({ length: Math.ceil(reports.length / each) }, (_, i) => {
    const some = reports.slice(i * each, (i + 1) * each);
    /** @type {(key: keyof Report) => number} */
    const mean = (key) => some.reduce((sum, report) => sum + report[key], 0) / some.length;
    return { step: mean("step"), reconstruction: mean("reconstruction"), kl: mean("kl") };
  });
}

/** @type {(reports: Report[]) => [number, number]} */
function rangeOf(reports) {
  let [low, high] = [0, 1];
  for (const { reconstruction, kl } of reports) {
    low = Math.min(low, reconstruction, kl);
    high = Math.max(high, reconstruction, kl);
  }
  return [low, high + 0.05 * (high - low)];
}

/** Round numbers, about four of them. @type {(low: number, high: number) => number[]} */
export function ticksOf(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}
