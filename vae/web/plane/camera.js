// What part of the plane a canvas shows, and the way between the plane and its pixels.
//
// Lengths are CSS pixels from the canvas' upper left corner; b grows upwards.

import { checkedView, fittedView, planeMapping } from "./view.js";

/** @import { AxisMapping, Projected } from "../core/header.js" */
/** @import { Prior, Size, View } from "./view.js" */

export class Camera {
  /** @type {Size} */
  size = { width: 0, height: 0, ratio: 1 };
  #view = fittedView(null, this.size);

  /** @type {() => View} */
  view() {
    return { ...this.#view };
  }

  /**
   * Look at (cx, cy), with `span` plane units across the smaller side.
   * @type {(view: View) => void}
   */
  setView({ cx, cy, span }) {
    this.#view = checkedView(cx, cy, span);
  }

  /**
   * Show all points, {a, b} or null, and the prior's lines where they leave the points large.
   * @type {(projected: Projected | null, prior: Prior) => void}
   */
  fit(projected, prior) {
    this.#view = fittedView(projected, this.size, prior);
  }

  /**
   * From plane to pixels; `zoom` and `margin` for device pixels.
   * @type {(zoom?: number, margin?: number) => {x: AxisMapping, y: AxisMapping}}
   */
  mapping(zoom = 1, margin = 0) {
    return planeMapping(this.#view, this.size, zoom, margin);
  }

  /** @type {(a: number, b: number) => [number, number]} */
  toScreen(a, b) {
    const { x, y } = this.mapping();
    return [a * x.scale + x.shift, b * y.scale + y.shift];
  }

  /** @type {(px: number, py: number) => [number, number]} */
  toPlane(px, py) {
    const { x, y } = this.mapping();
    return [(px - x.shift) / x.scale, (py - y.shift) / y.scale];
  }

  /** Move what is seen by (dx, dy) pixels. @type {(dx: number, dy: number) => void} */
  pan(dx, dy) {
    const { cx, cy, span } = this.#view;
    const { scale } = this.mapping().x;
    this.setView({ cx: cx - dx / scale, cy: cy + dy / scale, span });
  }

  /**
   * Enlarge by `factor`, keeping the place under (px, py) where it is.
   * @type {(factor: number, px: number, py: number) => void}
   */
  zoom(factor, px, py) {
    const [a, b] = this.toPlane(px, py);
    this.setView({ ...this.#view, span: this.#view.span / factor });
    const [x, y] = this.toScreen(a, b);
    this.pan(px - x, py - y);
  }
}
