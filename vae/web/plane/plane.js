// The latent plane on a canvas: the map of encoded points and, above it, what follows the hand.
//
// Three pictures lie behind each other. The cloud's raster holds the points. The map joins
// background, backdrop, cloud, rings and axes. A cursor that moves costs one copy of the map and a
// few strokes.
//
// The plane attaches no listeners: its owner turns pointer events into calls, then calls draw().
// Lengths are CSS pixels from the canvas' upper left corner; b grows upwards.

import { contextOf } from "../parts/dom.js";
import { Camera } from "./camera.js";
import { Cloud } from "./cloud.js";
import { Foreground } from "./foreground.js";
import { sketchLevels } from "./levels.js";
import { sketchBackdrop, sketchRings } from "./sketch.js";
import { sketchOrigin, sketchTicks } from "./ticks.js";

/** @import { Numbers, Points } from "../core/header.js" */
/** @import { PointPosterior } from "./foreground.js" */
/** @import { Context, Cursor, Frame, Mark, PlaneTheme, Spot } from "./sketch.js" */
/** @import { Prior, View } from "./view.js" */

/** Which layers are drawn. @typedef {{points: boolean, rings: boolean, backdrop: boolean}} Layers */

const PLANE_THEME = { text: "#31333f", background: "#ffffff", accent: "#d33682" };

/**
 * Make a plane that draws on `canvas` in the colours of `theme`, see `readTheme`.
 * @type {(canvas: HTMLCanvasElement, options?: {theme?: Partial<PlaneTheme>}) => LatentPlane}
 */
export function createPlane(canvas, { theme = {} } = {}) {
  return new LatentPlane(canvas, theme);
}

export class LatentPlane {
  #canvas;
  #map;
  #camera = new Camera();
  #foreground = new Foreground();
  #cloud;
  /** @type {PlaneTheme} */
  #theme;
  /** @type {string[] | null} */
  #names = null;
  /** @type {Prior} */
  #prior = true;
  #layers = { points: true, rings: true, backdrop: true };
  /** @type {{picture: HTMLCanvasElement, extent: number[]} | null} */
  #backdrop = null;
  #stale = true;

  /** @param {HTMLCanvasElement} canvas @param {Partial<PlaneTheme>} theme */
  constructor(canvas, theme) {
    this.#canvas = canvas;
    this.#map = document.createElement("canvas");
    this.#theme = { ...PLANE_THEME, ...theme };
    this.#cloud = new Cloud(document.createElement("canvas"), this.#theme);
    this.resize();
  }

  /**
   * Show points as `parsePoints` gives them, or null for none; axes of another length fall.
   * @type {(points: Points | null) => void}
   */
  setPoints(points) {
    this.#cloud.setPoints(points);
    this.#stale = true;
  }

  /** The places of the points have changed, and nothing else of them. */
  pointsMoved() {
    this.#cloud.pointsMoved();
    this.#stale = true;
  }

  /**
   * Look along the unit vectors u (to the right) and v (upwards); names are written beside.
   * @type {(u: Numbers, v: Numbers, names?: string[] | null) => void}
   */
  setAxes(u, v, names = null) {
    this.#cloud.setAxes(u, v);
    this.#names = names;
    this.#stale = true;
  }

  /**
   * Look at (cx, cy), with `span` plane units across the smaller side.
   * @type {(view: View) => void}
   */
  setView(view) {
    this.#camera.setView(view);
    this.#moved();
  }

  /** @type {() => View} */
  view() {
    return this.#camera.view();
  }

  /** @type {(theme: Partial<PlaneTheme>) => void} */
  setTheme(theme) {
    this.#theme = { ...PLANE_THEME, ...theme };
    this.#cloud.setTheme(this.#theme);
    this.#stale = true;
  }

  /**
   * Hide the labels in the set; −1 stands for points without one.
   * @type {(hidden: Iterable<number>) => void}
   */
  setVisible(hidden) {
    this.#cloud.setHidden(hidden);
    this.#stale = true;
  }

  /** The prior to draw and to fit. @type {(prior: Prior) => void} */
  setPrior(prior) {
    this.#prior = prior;
    this.#stale = true;
  }

  /**
   * Write the classes' names, by label, among their points; an empty list for none.
   * @type {(classes: string[]) => void}
   */
  setNames(classes) {
    this.#cloud.setNames(classes);
    this.#stale = true;
  }

  /** @type {(layers: Partial<Layers>) => void} */
  setLayers(layers) {
    this.#layers = { ...this.#layers, ...layers };
    this.#stale = true;
  }

  /**
   * Lay a picture, upper edge b1, over [a0, a1, b0, b1] behind the points; null takes it away.
   * @type {(picture: HTMLCanvasElement | null, extent?: number[]) => void}
   */
  setBackdrop(picture, extent = []) {
    this.#backdrop = picture ? { picture, extent } : null;
    this.#stale = true;
  }

  /** The cross-hair: {a, b, held} or null. @type {(cursor: Cursor | null) => void} */
  setCursor(cursor) {
    this.#foreground.cursor = cursor;
  }

  /**
   * The posterior under the hand: {loc, scale, color}, arrays of z_dim numbers, or null.
   * @type {(ellipse: PointPosterior | null) => void}
   */
  setEllipse(ellipse) {
    this.#foreground.ellipse = ellipse;
  }

  /** Places that were held, oldest first: [[a, b], …]. @type {(places: Spot[]) => void} */
  setTrail(places) {
    this.#foreground.trail = places;
  }

  /**
   * Named places: [{a, b, ra, rb, angle, label, color, samples: [[a, b], …]}].
   * @type {(marks: Mark[]) => void}
   */
  setMarks(marks) {
    this.#foreground.marks = marks;
  }

  /**
   * Let `draw(context, frame)`, a frame as in sketch.js, draw above the map; null for nothing.
   * @type {(draw: ((context: Context, frame: Frame) => void) | null) => void}
   */
  setOverlay(draw) {
    this.#foreground.overlay = draw;
  }

  /**
   * Take the canvas' size from the page; `box` is an observer's devicePixelContentBoxSize[0].
   * @type {(box?: ResizeObserverSize | null) => void}
   */
  resize(box = null) {
    const { width, height } = this.#canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const columns = box?.inlineSize ?? Math.round(width * ratio);
    const rows = box?.blockSize ?? Math.round(height * ratio);
    const same = columns === this.#canvas.width && rows === this.#canvas.height;
    const { size } = this.#camera;
    if (same && ratio === size.ratio && width === size.width) return;
    this.#camera.size = { width, height, ratio };
    for (const canvas of [this.#canvas, this.#map]) [canvas.width, canvas.height] = [columns, rows];
    this.#cloud.resized();
    this.#stale = true;
  }

  /** Show all points, and the prior's lines where these leave the points large enough to see. */
  fit() {
    this.#camera.fit(this.#cloud.projected(), this.#prior);
    this.#moved();
  }

  /** @type {(a: number, b: number) => Spot} */
  toScreen(a, b) {
    return this.#camera.toScreen(a, b);
  }

  /** @type {(px: number, py: number) => Spot} */
  toPlane(px, py) {
    return this.#camera.toPlane(px, py);
  }

  /** Move what is seen by (dx, dy) pixels. @type {(dx: number, dy: number) => void} */
  pan(dx, dy) {
    this.#camera.pan(dx, dy);
    this.#moved();
  }

  /**
   * Enlarge by `factor`, keeping the place under (px, py) where it is.
   * @type {(factor: number, px: number, py: number) => void}
   */
  zoom(factor, px, py) {
    this.#camera.zoom(factor, px, py);
    this.#moved();
  }

  /**
   * The row of the shown point nearest to (px, py), at most `reach` pixels away, or −1.
   * @type {(px: number, py: number, reach: number) => number}
   */
  nearest(px, py, reach) {
    if (!this.#layers.points) return -1;
    return this.#cloud.nearest(this.#camera.mapping(), px, py, reach);
  }

  draw() {
    const { width, height } = this.#canvas;
    if (!width || !height) return;
    if (this.#stale) this.#drawMap();
    const context = contextOf(this.#canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#map, 0, 0);
    this.#foreground.draw(context, this.#frame(context), this.#cloud.axes());
  }

  #drawMap() {
    const context = contextOf(this.#map);
    const frame = this.#frame(context);
    const { width, height } = this.#camera.size;
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.#theme.background;
    context.fillRect(0, 0, width, height);
    const points = this.#layers.points && this.#cloud.count > 0;
    if (this.#backdrop && this.#layers.backdrop) {
      const { picture, extent } = this.#backdrop;
      sketchBackdrop(context, frame, picture, extent, points ? 0.5 : 1);
    }
    sketchOrigin(context, frame);
    if (points) {
      this.#cloud.draw(context, this.#camera);
      this.#frame(context);
    }
    if (this.#layers.rings) this.#drawPrior(context, frame);
    if (points) this.#cloud.drawNames(context, frame);
    sketchTicks(context, frame, this.#axisNames());
    this.#stale = false;
  }

  /** @type {(context: Context, frame: Frame) => void} */
  #drawPrior(context, frame) {
    const prior = this.#prior;
    if (prior === true) sketchRings(context, frame);
    else if (prior) sketchLevels(context, frame, prior);
  }

  /** @type {(context: Context) => Frame} */
  #frame(context) {
    const { width, height, ratio } = this.#camera.size;
    context.setTransform(this.#canvas.width / width, 0, 0, this.#canvas.height / height, 0, 0);
    const { x, y } = this.#camera.mapping();
    /** @type {Frame["toScreen"]} */
    const toScreen = (a, b) => [a * x.scale + x.shift, b * y.scale + y.shift];
    return { width, height, ratio, scale: x.scale, theme: this.#theme, toScreen };
  }

  // z1, z2, … where an axis is one of the latent dimensions.
  /** @type {() => string[]} */
  #axisNames() {
    if (this.#names) return this.#names;
    return this.#cloud.axes().map((axis) => {
      const dimension = axis.findIndex((share) => Math.abs(share - 1) < 1e-9);
      return dimension < 0 ? "" : `z${dimension + 1}`;
    });
  }

  // The map is made of the cloud's raster, so what outdates the raster outdates both.
  #moved() {
    this.#cloud.moved();
    this.#stale = true;
  }
}
