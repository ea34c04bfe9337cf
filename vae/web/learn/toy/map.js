// The latent map as it forms: where the encoder puts each of the data, over the prior's rings.

import { element } from "../../parts/dom.js";
import { classColour } from "../../parts/theme.js";
import { paperOf } from "../paper.js";

/** @import { Theme } from "../../parts/theme.js" */
/** @import { Drawn, Training } from "./training.js" */

const LEAST_REACH = 3; // of z that is shown
const STEP = 0.1; // of z, by an arrow key
const RADIUS = 2.6;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class LatentMap {
  canvas = element("canvas", { class: "toy-map", role: "img", tabIndex: 0, "data-testid": "toy-map", "data-symbol": "z" });
  /** The place that is decoded. @type {[number, number]} */
  z = [0, 0];
  #reach = LEAST_REACH;

  /** @param {string} label @param {() => void} moved */
  constructor(label, moved) {
    this.canvas.setAttribute("aria-label", label);
    this.canvas.onpointermove = this.canvas.onpointerdown = (event) => {
      const { width, height } = this.canvas.getBoundingClientRect();
      this.z = [this.#reach * ((event.offsetX / width) * 2 - 1), this.#reach * (1 - (event.offsetY / height) * 2)];
      moved();
    };
    this.canvas.onkeydown = (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      const [a, b] = this.z;
      const step = event.shiftKey ? 10 * STEP : STEP;
      /** @type {(value: number) => number} */
      const inside = (value) => Math.max(-this.#reach, Math.min(this.#reach, value));
      this.z = [inside(a + step * arrow[0]), inside(b + step * arrow[1])];
      moved();
    };
  }

  /** @type {(training: Training, data: Float64Array[], labels: number[], drawn: Drawn[], theme: Theme) => void} */
  draw(training, data, labels, drawn, theme) {
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const { context, width } = paper;
    const codes = data.map((x) => training.encode(x));
    this.#reach = codes.reduce((reach, [a, b]) => Math.max(reach, Math.ceil(Math.max(Math.abs(a), Math.abs(b)) + 0.2)), LEAST_REACH);
    /** @type {(a: number, b: number) => [number, number]} */
    const spot = (a, b) => [(a / this.#reach + 1) * width / 2, (1 - b / this.#reach) * width / 2];
    [context.strokeStyle, context.lineWidth] = [theme.border, 1];
    for (const ring of [1, 2]) {
      context.beginPath();
      context.arc(width / 2, width / 2, (ring / this.#reach) * (width / 2), 0, 2 * Math.PI);
      context.stroke();
    }
    codes.forEach(([a, b], i) => {
      context.beginPath();
      context.arc(...spot(a, b), RADIUS, 0, 2 * Math.PI);
      context.fillStyle = classColour(labels[i], theme);
      context.fill();
    });
    for (const { code, z } of drawn) thread(context, spot(code[0], code[1]), spot(z[0], z[1]), theme);
    this.#name(context, spot, theme);
    cross(context, ...spot(...this.z), theme);
  }

  /** Names of the rings, over the points. @type {(context: CanvasRenderingContext2D, spot: (a: number, b: number) => [number, number], theme: Theme) => void} */
  #name(context, spot, theme) {
    [context.textAlign, context.textBaseline, context.lineWidth] = ["center", "middle", 4];
    [context.strokeStyle, context.fillStyle] = [theme.background, theme.text];
    for (const ring of [1, 2]) {
      const place = spot(ring * Math.SQRT1_2, ring * Math.SQRT1_2);
      context.strokeText(`${ring}σ`, ...place);
      context.fillText(`${ring}σ`, ...place);
    }
  }
}

/** From the μ of an image to a draw of its z. @type {(context: CanvasRenderingContext2D, from: [number, number], to: [number, number], theme: Theme) => void} */
function thread(context, from, to, theme) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  [context.strokeStyle, context.lineWidth, context.globalAlpha] = [theme.accent, 1, 0.6];
  context.stroke();
  context.beginPath();
  context.arc(...to, RADIUS, 0, 2 * Math.PI);
  [context.fillStyle, context.globalAlpha] = [theme.accent, 1];
  context.fill();
}

/** @type {(context: CanvasRenderingContext2D, x: number, y: number, theme: Theme) => void} */
export function cross(context, x, y, theme) {
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.moveTo(x - 12, y);
  context.lineTo(x - 3, y);
  context.moveTo(x + 3, y);
  context.lineTo(x + 12, y);
  context.moveTo(x, y - 12);
  context.lineTo(x, y - 3);
  context.moveTo(x, y + 3);
  context.lineTo(x, y + 12);
  for (const [colour, width] of /** @type {[string, number][]} */ ([[theme.background, 6], [theme.accent, 2]])) {
    [context.strokeStyle, context.lineWidth] = [colour, width];
    context.stroke();
  }
}
