// The gradients of all draws as points, about their mean: how far a single draw may be off.

import { element } from "../../parts/dom.js";
import { paperOf } from "../paper.js";

/** @import { Theme } from "../../parts/theme.js" */

const SHARE = 0.98; // of the points that lie within the axes

export class Scatter {
  canvas = element("canvas", { class: "rep-scatter", role: "img" });

  /** @param {string} testid @param {string} label */
  constructor(testid, label) {
    this.canvas.dataset.testid = testid;
    this.canvas.setAttribute("aria-label", label);
  }

  /** @type {(gradients: number[][], mean: number[], reach: number, theme: Theme) => void} */
  draw(gradients, mean, reach, theme) {
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const { context, width, height } = paper;
    const half = Math.min(width, height) / 2;
    /** @type {(at: number[]) => [number, number]} */
    const spot = ([a, b]) => [width / 2 + (a / reach) * half, height / 2 - (b / reach) * half];
    [context.strokeStyle, context.lineWidth] = [theme.border, 1];
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.moveTo(width / 2, 0);
    context.lineTo(width / 2, height);
    context.stroke();
    [context.fillStyle, context.globalAlpha] = [theme.text, 0.5];
    for (const gradient of gradients) {
      const [x, y] = spot(gradient);
      context.fillRect(x - 1, y - 1, 2, 2);
    }
    context.globalAlpha = 1;
    if (gradients.length) this.#mean(context, ...spot(mean), theme);
    [context.fillStyle, context.textAlign, context.textBaseline] = [theme.text, "right", "top"];
    // what will be seen here after the first draw
    if (!gradients.length) context.fillText("∂f/∂μ", width - 6, 6);
    if (gradients.length) context.fillText(`±${Math.round(reach).toLocaleString("en")}`, width / 2 + half - 4, height / 2 + 4);
  }

  /** @type {(context: CanvasRenderingContext2D, x: number, y: number, theme: Theme) => void} */
  #mean(context, x, y, theme) {
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    [context.fillStyle, context.strokeStyle, context.lineWidth] = [theme.accent, theme.background, 1.5];
    context.fill();
    context.stroke();
  }
}

/** A round number within which nearly all of the points lie. @type {(gradients: number[][]) => number} */
export function reachOf(gradients) {
  const sizes = gradients.map((gradient) => Math.max(...gradient.map(Math.abs))).toSorted((a, b) => a - b);
  const most = sizes[Math.floor(SHARE * (sizes.length - 1))] ?? 1;
  const power = 10 ** Math.floor(Math.log10(most || 1));
  return power * ([1, 2, 5].find((times) => times * power >= most) ?? 10);
}
