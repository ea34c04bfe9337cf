// The hand on q: it takes the centre, the rim or the knob on it, by pointer or by keys, and zooms.

import { keyed } from "./keys.js";
import { CURSORS, gripAt, pulled, REACH } from "./shape.js";

/** @import { createPlane } from "../plane/plane.js" */
/** @import { Spot } from "../plane/sketch.js" */
/** @import { Normal } from "./lattice.js" */
/** @import { Grip } from "./shape.js" */

/**
 * `q()` is what lies on the plane, `turns()` whether it may lie askew; `take(q)` hears of each q that
 * the hand makes of it, `release()` that it let go.
 * @typedef {{q: () => Normal | null, turns: () => boolean, take: (q: Normal) => void, release: () => void}} HandActions
 */

export class Hand {
  /** @type {Grip | null} */
  #grip = null;

  /** @param {HTMLCanvasElement} canvas @param {ReturnType<typeof createPlane>} plane @param {HandActions} act */
  constructor(canvas, plane, act) {
    this.canvas = canvas;
    this.plane = plane;
    this.act = act;
    canvas.onpointerdown = (event) => this.#press(event);
    canvas.onpointermove = (event) => this.#follow(event);
    canvas.onpointerup = canvas.onpointercancel = () => this.#release();
    canvas.onwheel = (event) => this.#zoom(event);
    canvas.onkeydown = (event) => this.#key(event);
  }

  get holds() {
    return this.#grip !== null;
  }

  /** @type {(event: PointerEvent) => void} */
  #press(event) {
    const q = this.act.q();
    if (!q || event.button !== 0) return;
    this.#grip = this.#at(q, event, event.pointerType === "touch" ? REACH.touch : REACH.mouse);
    if (!this.#grip) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.focus({ preventScroll: true });
    event.preventDefault();
  }

  /** @type {(event: PointerEvent) => void} */
  #follow(event) {
    const q = this.act.q();
    if (!q) return;
    if (this.#grip) {
      this.act.take(pulled(q, this.#grip, ...this.#place(q, event), this.act.turns()));
      return;
    }
    const grip = this.#at(q, event, REACH.mouse);
    this.canvas.style.cursor = grip ? CURSORS[grip.part] : "default";
  }

  #release() {
    if (!this.#grip) return;
    this.#grip = null;
    this.act.release();
  }

  /** What of q is near the pointer. @type {(q: Normal, event: PointerEvent, reach: number) => Grip | null} */
  #at(q, event, reach) {
    const scale = this.plane.toScreen(1, 0)[0] - this.plane.toScreen(0, 0)[0];
    return gripAt(q, ...this.#place(q, event), reach / scale);
  }

  /** Where the pointer is; a q of one dimension stays at its height. @type {(q: Normal, event: PointerEvent) => Spot} */
  #place(q, { offsetX, offsetY }) {
    const [a, b] = this.plane.toPlane(offsetX, offsetY);
    return [a, q.sd.length > 1 ? b : q.b];
  }

  /** @type {(event: WheelEvent) => void} */
  #zoom(event) {
    event.preventDefault();
    const notches = Math.max(-3, Math.min(3, -event.deltaY / (event.deltaMode === 0 ? 100 : 3)));
    this.plane.zoom(1.2 ** notches, event.offsetX, event.offsetY);
    this.plane.draw();
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key(event) {
    const q = this.act.q();
    // brackets are typed with AltGr on some keyboards, which reads as ctrl and alt together
    const plain = event.getModifierState("AltGraph") || !(event.ctrlKey || event.metaKey || event.altKey);
    const next = q && plain ? keyed(q, event.key, event.shiftKey) : null;
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.act.take(next);
  }
}
