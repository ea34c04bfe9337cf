// One of the maps: all images as points, and the one under the hand lit up.

import { element } from "../parts/dom.js";
import { watchSize } from "../parts/size_watch.js";
import { createPlane } from "../plane/plane.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Context, Frame } from "../plane/sketch.js" */
/** @import { View } from "../plane/view.js" */
/** @import { Unpacked } from "./packed.js" */

const REACH = 18; // CSS pixels within which the hand is on a point
const TOUCH_REACH = 30;
const FULL_TURN = 2 * Math.PI;

/** Which image is lit, −1 for none, and those that were near it in the map under the hand. @typedef {{image: number, near: number[]}} Lit */

export class RetrainedMapView {
  /** @type {Float32Array} */
  places = new Float32Array(0);
  /** @type {Lit} */
  lit = { image: -1, near: [] };

  /** `look(image)` hears of the image under the hand, −1 for none. @param {(image: number) => void} look */
  constructor(look) {
    this.canvas = element("canvas", { class: "retrained-map", role: "img" });
    this.title = element("figcaption", { class: "retrained-title" });
    this.root = element("figure", { class: "retrained-figure" }, this.canvas, this.title);
    this.plane = createPlane(this.canvas);
    this.plane.setLayers({ rings: false, backdrop: false });
    this.plane.setPrior(false);
    this.plane.setOverlay((context, frame) => this.sketch(context, frame));
    this.observer = watchSize(this.canvas, () => {
      this.plane.resize();
      this.plane.draw();
    });
    const under = (/** @type {PointerEvent} */ event) => {
      const reach = event.pointerType === "touch" ? TOUCH_REACH : REACH;
      look(this.plane.nearest(event.offsetX, event.offsetY, reach));
    };
    this.canvas.onpointermove = under;
    this.canvas.onpointerdown = under;
    // what a finger has pressed stays lit when it is lifted
    this.canvas.onpointerleave = (event) => event.pointerType === "touch" || look(-1);
  }

  /**
   * Show map `at` of all, under its title; all of them have one view.
   * @type {(maps: Unpacked, at: number, title: string, names: string[], view: View) => void}
   */
  show({ places, labels, rows }, at, title, names, view) {
    this.places = places[at];
    this.title.textContent = title;
    this.canvas.setAttribute("aria-label", `map of ${title}, ${labels.length} images`);
    this.plane.setPoints({
      count: labels.length,
      zDim: 2,
      loc: places[at],
      scale: null,
      label: labels,
      index: rows,
      near: null,
    });
    this.plane.setAxes([1, 0], [0, 1], ["", ""]);
    this.plane.setNames(names);
    this.plane.setView(view);
    this.plane.draw();
  }

  /** @type {(lit: Lit) => void} */
  light(lit) {
    this.lit = lit;
    this.plane.draw();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.plane.setTheme(theme);
    this.plane.draw();
  }

  stop() {
    this.observer.disconnect();
  }

  /** @type {(context: Context, frame: Frame) => void} */
  sketch(context, frame) {
    const { image, near } = this.lit;
    if (image < 0) return;
    for (const one of near) this.ring(context, frame, one, 3.5, frame.theme.text, 1.25);
    this.ring(context, frame, image, 7, frame.theme.accent, 2.5);
  }

  /** @type {(context: Context, frame: Frame, image: number, radius: number, colour: string, width: number) => void} */
  ring(context, { theme, toScreen }, image, radius, colour, width) {
    const [x, y] = toScreen(this.places[2 * image], this.places[2 * image + 1]);
    for (const [stroke, wide] of /** @type {[string, number][]} */ ([
      [theme.background, width + 2],
      [colour, width],
    ])) {
      context.beginPath();
      context.arc(x, y, radius, 0, FULL_TURN);
      context.strokeStyle = stroke;
      context.lineWidth = wide;
      context.stroke();
    }
  }
}
