// ε in the hand: a pad of standard normal noise, its draws, and which way the loss falls.

import { element } from "../../parts/dom.js";
import { paperOf } from "../paper.js";

/** @import { Numbers } from "../../core/header.js" */
/** @import { Theme } from "../../parts/theme.js" */

const REACH = 3;
const STEP = 0.1; // of ε, by an arrow key
const ARROW = 34; // pixels
const SHOWN = 400; // of the draws, the newest
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {(value: number) => number} */
const inside = (value) => Math.max(-REACH, Math.min(REACH, value));

export class NoisePad {
  canvas = element("canvas", { class: "rep-pad", role: "img", tabIndex: 0, "data-testid": "rep-pad" });
  /** @type {[number, number]} */
  noise = [1, 0.5];

  /** @param {string} label @param {() => void} moved */
  constructor(label, moved) {
    this.label = label;
    const { canvas } = this;
    canvas.onpointerdown = canvas.onpointermove = (event) => {
      if (event.type === "pointerdown") canvas.setPointerCapture(event.pointerId);
      // a mouse need not press
      else if (event.pointerType !== "mouse" && !canvas.hasPointerCapture(event.pointerId)) return;
      const { width, height } = canvas.getBoundingClientRect();
      this.noise = [inside(REACH * ((event.offsetX / width) * 2 - 1)), inside(REACH * (1 - (event.offsetY / height) * 2))];
      moved();
    };
    canvas.onkeydown = (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      const step = event.shiftKey ? 10 * STEP : STEP;
      this.noise = [inside(this.noise[0] + step * arrow[0]), inside(this.noise[1] + step * arrow[1])];
      moved();
    };
  }

  /** `downhill` is the way in ε that f falls. @type {(noises: Numbers[], downhill: Numbers, theme: Theme) => void} */
  draw(noises, downhill, theme) {
    this.canvas.setAttribute("aria-label", `${this.label}: ${this.noise.map((value) => value.toFixed(1)).join(", ")}`);
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const { context, width } = paper;
    /** @type {(eps: Numbers) => [number, number]} */
    const spot = (eps) => [(eps[0] / REACH + 1) * width / 2, (1 - eps[1] / REACH) * width / 2];
    [context.strokeStyle, context.lineWidth] = [theme.border, 1];
    for (const ring of [1, 2]) {
      context.beginPath();
      context.arc(width / 2, width / 2, (ring / REACH) * (width / 2), 0, 2 * Math.PI);
      context.stroke();
    }
    [context.fillStyle, context.globalAlpha] = [theme.text, 0.45];
    for (const eps of noises.slice(-SHOWN)) {
      const [x, y] = spot(eps);
      context.fillRect(x - 1, y - 1, 2, 2);
    }
    context.globalAlpha = 1;
    const [x, y] = spot(this.noise);
    pointTo(context, x, y, downhill, theme);
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    [context.fillStyle, context.strokeStyle, context.lineWidth] = [theme.accent, theme.background, 2];
    context.fill();
    context.stroke();
  }
}

/** @type {(context: CanvasRenderingContext2D, x: number, y: number, way: Numbers, theme: Theme) => void} */
function pointTo(context, x, y, way, theme) {
  const length = Math.hypot(way[0], way[1]);
  if (!length) return;
  const [dx, dy] = [way[0] / length, -way[1] / length];
  const [endX, endY] = [x + ARROW * dx, y + ARROW * dy];
  [context.strokeStyle, context.fillStyle, context.lineWidth] = [theme.accent, theme.accent, 2];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(endX, endY);
  context.stroke();
  context.beginPath();
  context.moveTo(endX + 7 * dx, endY + 7 * dy);
  context.lineTo(endX - 5 * dy, endY + 5 * dx);
  context.lineTo(endX + 5 * dy, endY - 5 * dx);
  context.fill();
}
