// A latent plane of two dimensions under the hand: the codes of a model, a cursor, and what an
// exhibit draws above them. Hover looks, a press or a drag moves, arrows step.

import { createPlane } from "../plane/plane.js";

/** @import { Numbers, Points } from "../core/header.js" */
/** @import { Context, Frame } from "../plane/sketch.js" */
/** @import { Prior } from "../plane/view.js" */
/** @import { Theme } from "../parts/theme.js" */

/**
 * `move(a, b, held)` while the hand is on the plane, `rest()` when it lets go, `step(da, db)` by an
 * arrow in parts of what is seen, `enter(on)` as the hand comes and goes.
 * @typedef {{move: (a: number, b: number, held: boolean) => void, rest: () => void, step: (da: number, db: number) => void, enter: (on: boolean) => void}} PlaneActions
 */

const STEP = 1 / 60; // of the span, that an arrow moves; ten times that with shift
/** @type {Record<string, [number, number] | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class CodePlane {
  #held = false;
  #fitted = false;

  /** @param {HTMLCanvasElement} canvas @param {Theme} theme @param {PlaneActions} act */
  constructor(canvas, theme, act) {
    this.canvas = canvas;
    this.plane = createPlane(canvas, { theme });
    canvas.tabIndex = 0;
    /** @type {(event: PointerEvent) => void} */
    const move = ({ offsetX, offsetY }) => act.move(...this.plane.toPlane(offsetX, offsetY), this.#held);
    canvas.onpointerdown = (event) => {
      this.#held = true;
      canvas.setPointerCapture(event.pointerId);
      move(event);
    };
    canvas.onpointermove = (event) => {
      if (this.#held || event.pointerType !== "touch") move(event);
    };
    canvas.onpointerup = canvas.onpointercancel = () => {
      this.#held = false;
      act.rest();
    };
    canvas.onpointerenter = () => act.enter(true);
    canvas.onpointerleave = () => act.enter(false);
    canvas.onkeydown = (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const size = this.plane.view().span * STEP * (event.shiftKey ? 10 : 1);
      act.step(arrow[0] * size, arrow[1] * size);
    };
  }

  /** @type {(points: Points | null, prior: Prior, names?: string[]) => void} */
  setPoints(points, prior, names = ["z1", "z2"]) {
    this.plane.setPoints(points);
    this.plane.setAxes([1, 0], [0, 1], names);
    this.plane.setPrior(prior);
    this.#fitted = false;
  }

  /** Draw above the codes. @type {(draw: (paper: Context, frame: Frame) => void) => void} */
  setOverlay(draw) {
    this.plane.setOverlay(draw);
  }

  /** @type {(z: Numbers | null, held: boolean) => void} */
  at(z, held) {
    this.plane.setCursor(z && { a: z[0], b: z[1], held });
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.plane.setTheme(theme);
  }

  resized() {
    this.#fitted = false;
  }

  draw() {
    this.plane.resize();
    if (!this.#fitted) this.plane.fit();
    this.#fitted = this.canvas.clientWidth > 0;
    this.plane.draw();
  }
}
