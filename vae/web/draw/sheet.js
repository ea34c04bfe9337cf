// The large sheet: strokes with undo, and the image that they make.

import { contextOf, element } from "../parts/dom.js";
import { listenToPen } from "../pictures/drawing.js";
import { createPaper, inkPixels, paintStrokes } from "../pictures/strokes.js";

/** @import { Framing } from "../pictures/fit.js" */
/** @import { Stroke } from "../pictures/strokes.js" */
/** @import { Shape } from "../core/header.js" */

const GRAIN = 24; // canvas pixels per model pixel
const PLAIN = { scale: 1, dx: 0, dy: 0 };
const INK = "#ffffff";

export class Sheet {
  /** @type {Stroke[]} */
  strokes = [];
  colour = INK;
  /** What was there before each change, the newest last. @type {Stroke[][]} */
  #before = [];
  #frame = 0;

  /**
   * `changed()` hears of each change once the pen has left the sheet.
   * @param {number} side @param {Framing} framing @param {() => void} changed
   */
  constructor(side, framing, changed) {
    /** @type {Shape} */
    const shape = [1, side, side];
    this.framing = framing;
    this.changed = changed;
    this.paper = createPaper(shape);
    this.canvas = element("canvas", {
      width: side * GRAIN,
      height: side * GRAIN,
      class: "pad-sheet draw-sheet",
      role: "img",
      tabIndex: 0,
      "data-testid": "drawing-sheet",
    });
    this.hint = element("span", { class: "pad-hint" });
    this.root = element("div", { class: "pad-sheet-box draw-sheet-box" }, this.canvas, this.hint);
    const began = () => {
      this.canvas.focus({ preventScroll: true });
      this.#before.push(this.strokes);
    };
    listenToPen(this.canvas, shape, this, () => this.#soon(), () => this.#settle(), began);
    this.#draw();
  }

  get isEmpty() {
    return !this.strokes.length;
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  undo() {
    const before = this.#before.pop();
    if (before) this.#put(before);
  }

  clear() {
    if (this.isEmpty) return;
    this.#before.push(this.strokes);
    this.#put([]);
  }

  /** A fresh sheet, or what was on it before the page was loaded. @type {(strokes?: Stroke[]) => void} */
  fresh(strokes = []) {
    this.#before = strokes.map((_, i) => strokes.slice(0, i));
    this.#put(strokes);
  }

  /** The image in [0, 1], placed as the data set's are. @type {() => Float32Array} */
  pixels() {
    return inkPixels(this.paper, this.strokes, this.framing);
  }

  /** Let a hand draw, or not, and say what for. @type {(open: boolean, hint: string, name: string) => void} */
  open(open, hint, name) {
    this.root.classList.toggle("draw-closed", !open);
    this.hint.textContent = hint;
    this.canvas.setAttribute("aria-label", name);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
  }

  /** @type {(strokes: Stroke[]) => void} */
  #put(strokes) {
    this.strokes = strokes;
    this.#settle();
  }

  #settle() {
    cancelAnimationFrame(this.#frame);
    this.#draw();
    this.changed();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    this.hint.hidden = !this.isEmpty;
    paintStrokes(contextOf(this.canvas), this.strokes, PLAIN, GRAIN);
  }
}
