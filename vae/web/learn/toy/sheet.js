// The sheet that points are drawn on, with the decoder's net over it: the latent plane as the decoder
// bends it onto the points.

import { element } from "../../parts/dom.js";
import { classColour } from "../../parts/theme.js";
import { cross } from "./map.js";
import { paperOf } from "../paper.js";
import { spiral } from "./points.js";

/** @import { Theme } from "../../parts/theme.js" */
/** @import { Point } from "./points.js" */
/** @import { Training } from "./training.js" */

const APART = 0.04; // between points of a line, in the sheet's own measure
const STEP = 0.05; // of the pen, by an arrow key
const [REACH, LINES, PARTS] = [2, 9, 32]; // of the net: ±2 of z, so many lines either way, parts of each
const RADIUS = 2.6;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class PointSheet {
  canvas = element("canvas", { class: "toy-sheet", role: "img", tabIndex: 0, "data-testid": "toy-sheet" });
  points = spiral();
  /** Where the pen is that keys move. @type {[number, number] | null} */
  #pen = null;
  #line = 0;

  /** @param {string} label @param {(points: boolean) => void} changed hears whether there are other points */
  constructor(label, changed) {
    this.changed = changed;
    this.canvas.setAttribute("aria-label", label);
    this.canvas.onpointerdown = (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#pen = null;
      this.#line += 1;
      this.#put(this.#under(event));
    };
    this.canvas.onpointermove = (event) => {
      if (!this.canvas.hasPointerCapture(event.pointerId)) return;
      const [at, last] = [this.#under(event), this.points.at(-1)?.at];
      if (!last || Math.hypot(at[0] - last[0], at[1] - last[1]) >= APART) this.#put(at);
    };
    this.canvas.onkeydown = (event) => this.#key(event);
  }

  clear() {
    [this.points, this.#line] = [[], -1];
    this.changed(true);
  }

  fresh() {
    [this.points, this.#line] = [spiral(), 0];
    this.changed(true);
  }

  /** @type {(training: Training, z: [number, number], theme: Theme) => void} */
  draw(training, z, theme) {
    const paper = paperOf(this.canvas);
    if (!paper) return;
    const { context, width } = paper;
    /** @type {(at: ArrayLike<number>) => [number, number]} */
    const spot = (at) => [(at[0] + 1) * width / 2, (1 - at[1]) * width / 2];
    net(context, training, spot, theme);
    for (const { at, label } of this.points) {
      context.beginPath();
      context.arc(...spot(at), RADIUS, 0, 2 * Math.PI);
      context.fillStyle = classColour(label, theme);
      context.fill();
    }
    cross(context, ...spot(training.decode(z)), theme);
    if (this.#pen) cross(context, ...spot(this.#pen), { ...theme, accent: theme.text });
  }

  /** @type {(at: [number, number]) => void} */
  #put(at) {
    /** @type {Point} */
    const point = { at, label: Math.max(0, this.#line) % 10 };
    this.points.push(point);
    this.changed(true);
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key(event) {
    const arrow = ARROWS[event.key];
    const [x, y] = this.#pen ?? [0, 0];
    if (arrow) this.#pen = [bounded(x + STEP * arrow[0]), bounded(y + STEP * arrow[1])];
    else if (event.key === " " || event.key === "Enter") this.#put([x, y]);
    else return;
    event.preventDefault();
    this.changed(false);
  }

  /** @type {(event: PointerEvent) => [number, number]} */
  #under(event) {
    const { width, height } = this.canvas.getBoundingClientRect();
    return [bounded((event.offsetX / width) * 2 - 1), bounded(1 - (event.offsetY / height) * 2)];
  }
}

/** @type {(value: number) => number} */
const bounded = (value) => Math.max(-1, Math.min(1, value));

/** @type {(context: CanvasRenderingContext2D, training: Training, spot: (at: ArrayLike<number>) => [number, number], theme: Theme) => void} */
function net(context, training, spot, theme) {
  [context.strokeStyle, context.lineWidth, context.globalAlpha] = [theme.text, 1, 0.3];
  for (let line = 0; line < LINES; line++) {
    const fixed = REACH * ((2 * line) / (LINES - 1) - 1);
    for (const across of [true, false]) {
      context.beginPath();
      for (let part = 0; part <= PARTS; part++) {
        const along = REACH * ((2 * part) / PARTS - 1);
        context.lineTo(...spot(training.decode(across ? [along, fixed] : [fixed, along])));
      }
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}
