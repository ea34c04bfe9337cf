// The encoded points as a plane shows them: projected, in their colours, drawn as one raster.
//
// The raster is written anew only when points, axes, view, colours or visibility change.

import { contextOf } from "../parts/dom.js";
import { unitVector } from "../core/latent.js";
import { labelsInOrder, nearestSlot, pointAtSlot, projectPoints } from "../core/points.js";
import { inksByLabel } from "./inks.js";
import { classSpots, sketchNames } from "./names.js";
import { countInView, liftAlphas, makeStamp, paintPoints, pointStyle } from "./raster.js";

/** @import { AxisMapping, Numbers, Points, Projected } from "../core/header.js" */
/** @import { Camera } from "./camera.js" */
/** @import { ClassSpots } from "./names.js" */
/** @import { Context, Frame, PlaneTheme } from "./sketch.js" */

const RASTER_MARGIN = 16; // device pixels around the picture, so that no point is cut at its edge

export class Cloud {
  #raster;
  /** @type {ImageData | null} */
  #image = null;
  /** @type {Points | null} */
  #points = null;
  /** @type {Int16Array} */
  #labels = new Int16Array(0);
  /** @type {Uint32Array | null} */
  #inks = null;
  /** @type {Projected | null} */
  #projected = null;
  /** @type {{u: Float64Array, v: Float64Array} | null} */
  #axes = null;
  #theme;
  /** @type {Set<number>} */
  #hidden = new Set();
  /** @type {string[]} */
  #classes = [];
  /** @type {ClassSpots[] | null} */
  #spots = null;
  #stale = true;

  /**
   * `raster` is a canvas of the cloud's own.
   * @param {HTMLCanvasElement} raster
   * @param {PlaneTheme} theme
   */
  constructor(raster, theme) {
    this.#raster = raster;
    this.#theme = theme;
  }

  /**
   * Show points as `parsePoints` gives them, or null for none; axes of another length fall.
   * @type {(points: Points | null) => void}
   */
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

  /** @type {(u: Numbers, v: Numbers) => void} */
  setAxes(u, v) {
    this.#axes = { u: Float64Array.from(u), v: Float64Array.from(v) };
    this.#forgetProjection();
  }

  /** @type {(theme: PlaneTheme) => void} */
  setTheme(theme) {
    this.#theme = theme;
    this.#recolour();
  }

  /** @type {(hidden: Iterable<number>) => void} */
  setHidden(hidden) {
    this.#hidden = new Set(hidden);
    this.#recolour();
  }

  /**
   * Write these names, by label, among their points; an empty list for none.
   * @type {(classes: string[]) => void}
   */
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

  /**
   * The unit vectors [u, v] of the plane; the first two dimensions unless told otherwise.
   * @type {() => [Float64Array, Float64Array]}
   */
  axes() {
    const zDim = this.#points?.zDim ?? 2;
    return this.#axes ? [this.#axes.u, this.#axes.v] : [unitVector(zDim, 0), unitVector(zDim, 1)];
  }

  /**
   * Where the points lie on the plane: {a, b} in drawing order, null where there are none.
   * @type {() => Projected | null}
   */
  projected() {
    if (this.#points?.count) this.#projected ??= projectPoints(this.#points, ...this.axes());
    return this.#projected;
  }

  /**
   * The row of the shown point nearest to (px, py), at most `reach` pixels away, or −1.
   * @type {(mapping: {x: AxisMapping, y: AxisMapping}, px: number, py: number, reach: number) => number}
   */
  nearest({ x, y }, px, py, reach) {
    const projected = this.projected();
    if (!projected) return -1;
    const slot = nearestSlot(projected, this.#labels, this.#colours(), x, y, px, py, reach);
    return slot < 0 ? -1 : pointAtSlot(slot, this.count);
  }

  /**
   * Draw the points on a canvas in its device pixels, as the camera sees them.
   * @type {(context: Context, camera: Camera) => void}
   */
  draw(context, camera) {
    const projected = this.projected();
    if (!projected) return;
    if (this.#stale) this.#paint(context.canvas, projected, camera);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#raster, -RASTER_MARGIN, -RASTER_MARGIN);
  }

  /** @type {(context: Context, frame: Frame) => void} */
  drawNames(context, frame) {
    const projected = this.projected();
    if (!projected || !this.#classes.length) return;
    this.#spots ??= classSpots(projected, this.#labels, this.#classes.length);
    const shown = this.#spots.filter(({ label }) => !this.#hidden.has(label));
    sketchNames(context, frame, shown, this.#classes);
  }

  /** @type {(canvas: HTMLCanvasElement, projected: Projected, camera: Camera) => void} */
  #paint({ width, height }, projected, camera) {
    const [columns, rows] = [width + 2 * RASTER_MARGIN, height + 2 * RASTER_MARGIN];
    const context = contextOf(this.#raster);
    if (!this.#image) {
      [this.#raster.width, this.#raster.height] = [columns, rows];
      this.#image = context.createImageData(columns, rows);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(0);
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
