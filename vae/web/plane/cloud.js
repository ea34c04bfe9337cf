// The encoded points as a plane shows them: projected, in their colours, drawn as one raster.
//
// The raster is written anew only when points, axes, view, colours or visibility change.

import { labelsInOrder, nearestSlot, pointAtSlot, projectPoints } from "../core/points.js";
import { inksByLabel } from "./inks.js";
import { classSpots, sketchNames } from "./names.js";
import { countInView, liftAlphas, makeStamp, paintPoints, pointStyle } from "./raster.js";

const RASTER_MARGIN = 16; // device pixels around the picture, so that no point is cut at its edge

export class Cloud {
  #raster;
  #image = null;
  #points = null;
  #labels = new Int16Array(0);
  #inks = null;
  #projected = null;
  #axes = null;
  #theme;
  #hidden = new Set();
  #classes = [];
  #spots = null;
  #stale = true;

  /** `raster` is a canvas of the cloud's own. */
  constructor(raster) {
    this.#raster = raster;
  }

  /** Show points as `parsePoints` gives them, or null for none; axes of another length fall. */
  setPoints(points) {
    if (points && this.#axes?.u.length !== points.zDim) this.#axes = null;
    this.#points = points;
    this.#labels = points ? labelsInOrder(points) : new Int16Array(0);
    this.#inks = null;
    this.#forgetProjection();
  }

  /** The places of the points have changed, and nothing else of them. */
  pointsMoved() {
    this.#forgetProjection();
  }

  setAxes(u, v) {
    this.#axes = { u: Float64Array.from(u), v: Float64Array.from(v) };
    this.#forgetProjection();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#recolour();
  }

  setHidden(hidden) {
    this.#hidden = new Set(hidden);
    this.#recolour();
  }

  /** Write these names, by label, among their points; an empty list for none. */
  setNames(classes) {
    this.#classes = classes;
    this.#spots = null;
  }

  /** The canvas has another size. */
  resized() {
    this.#image = null;
    this.#stale = true;
  }

  /** The view has changed. */
  moved() {
    this.#stale = true;
  }

  get count() {
    return this.#points?.count ?? 0;
  }

  /** The unit vectors [u, v] of the plane; the first two dimensions unless told otherwise. */
  axes() {
    const zDim = this.#points?.zDim ?? 2;
    return this.#axes ? [this.#axes.u, this.#axes.v] : [unitVector(zDim, 0), unitVector(zDim, 1)];
  }

  /** Where the points lie on the plane: {a, b} in drawing order, null where there are none. */
  projected() {
    if (this.count) this.#projected ??= projectPoints(this.#points, ...this.axes());
    return this.#projected;
  }

  /** The row of the shown point nearest to (px, py), at most `reach` pixels away, or −1. */
  nearest({ x, y }, px, py, reach) {
    const projected = this.projected();
    if (!projected) return -1;
    const slot = nearestSlot(projected, this.#labels, this.#colours(), x, y, px, py, reach);
    return slot < 0 ? -1 : pointAtSlot(slot, this.count);
  }

  /** Draw the points on a canvas in its device pixels, as the camera sees them. */
  draw(context, camera) {
    if (this.#stale) this.#paint(context.canvas, camera);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#raster, -RASTER_MARGIN, -RASTER_MARGIN);
  }

  drawNames(context, frame) {
    if (!this.#classes.length) return;
    this.#spots ??= classSpots(this.projected(), this.#labels, this.#classes.length);
    const shown = this.#spots.filter(({ label }) => !this.#hidden.has(label));
    sketchNames(context, frame, shown, this.#classes);
  }

  #paint({ width, height }, camera) {
    const [columns, rows] = [width + 2 * RASTER_MARGIN, height + 2 * RASTER_MARGIN];
    const context = this.#raster.getContext("2d");
    if (!this.#image) {
      [this.#raster.width, this.#raster.height] = [columns, rows];
      this.#image = context.createImageData(columns, rows);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(0);
    const projected = this.projected();
    const { x, y } = camera.mapping(width / camera.size.width, RASTER_MARGIN);
    const inView = countInView(projected, x, y, columns, rows);
    const { size, alpha, lift } = pointStyle(inView, width, height, camera.size.ratio);
    const stamp = makeStamp(size, alpha, columns);
    paintPoints(pixels, projected, this.#labels, this.#colours(), x, y, stamp);
    if (lift < 1) liftAlphas(pixels, lift);
    context.putImageData(this.#image, 0, 0);
    this.#stale = false;
  }

  #colours() {
    this.#inks ??= inksByLabel(this.#labels, this.#hidden, this.#theme);
    return this.#inks;
  }

  #recolour() {
    this.#inks = null;
    this.#stale = true;
  }

  #forgetProjection() {
    this.#projected = null;
    this.#spots = null;
    this.#stale = true;
  }
}

function unitVector(length, at) {
  return Float64Array.from({ length }, (_, k) => (k === at ? 1 : 0));
}
