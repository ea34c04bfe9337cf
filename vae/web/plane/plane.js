// The latent plane on a canvas: the map of encoded points and, above it, what follows the hand.
//
// Three pictures lie behind each other. The cloud's raster holds the points. The map joins
// background, backdrop, cloud, rings and axes. A cursor that moves costs one copy of the map and a
// few strokes.
//
// The plane attaches no listeners: its owner turns pointer events into calls, then calls draw().
// Lengths are CSS pixels from the canvas' upper left corner; b grows upwards.

import { Camera } from "./camera.js";
import { Cloud } from "./cloud.js";
import { sketchLevels } from "./levels.js";
import { projectedEllipse, projectedOutline } from "../core/posterior.js";
import {
  sketchBackdrop,
  sketchCursor,
  sketchMark,
  sketchOrigin,
  sketchPosterior,
  sketchRings,
  sketchTicks,
  sketchTrail,
} from "./sketch.js";

const PLANE_THEME = { text: "#31333f", background: "#ffffff", accent: "#d33682" };

/** Make a plane that draws on `canvas` in the colours of `theme`, see `readTheme`. */
export function createPlane(canvas, { theme = {} } = {}) {
  return new LatentPlane(canvas, theme);
}

class LatentPlane {
  #canvas;
  #map;
  #camera = new Camera();
  #cloud;
  #theme;
  #names = null;
  /** @type {any} */
  #prior = true;
  #layers = { points: true, rings: true, backdrop: true };
  #backdrop = null;
  #cursor = null;
  #ellipse = null;
  #trail = [];
  #marks = [];
  #overlay = null;
  #stale = true;

  constructor(canvas, theme) {
    this.#canvas = canvas;
    this.#map = canvas.ownerDocument.createElement("canvas");
    this.#cloud = new Cloud(canvas.ownerDocument.createElement("canvas"));
    this.setTheme(theme);
    this.resize();
  }

  /** Show points as `parsePoints` gives them, or null for none; axes of another length fall. */
  setPoints(points) {
    this.#cloud.setPoints(points);
    this.#stale = true;
  }

  /** The places of the points have changed, and nothing else of them. */
  pointsMoved() {
    this.#cloud.pointsMoved();
    this.#stale = true;
  }

  /** Look along the unit vectors u (to the right) and v (upwards); names are written beside. */
  setAxes(u, v, names = null) {
    this.#cloud.setAxes(u, v);
    this.#names = names;
    this.#stale = true;
  }

  /** Look at (cx, cy), with `span` plane units across the smaller side. */
  setView(view) {
    this.#camera.setView(view);
    this.#moved();
  }

  view() {
    return this.#camera.view();
  }

  setTheme(theme) {
    this.#theme = { ...PLANE_THEME, ...theme };
    this.#cloud.setTheme(this.#theme);
    this.#stale = true;
  }

  /** Hide the labels in the set; −1 stands for points without one. */
  setVisible(hidden) {
    this.#cloud.setHidden(hidden);
    this.#stale = true;
  }

  /** The prior to draw and to fit: true for a standard normal's rings, levels, or null. */
  setPrior(prior) {
    this.#prior = prior;
    this.#stale = true;
  }

  /** Write the classes' names, by label, among their points; an empty list for none. */
  setNames(classes) {
    this.#cloud.setNames(classes);
    this.#stale = true;
  }

  setLayers(layers) {
    this.#layers = { ...this.#layers, ...layers };
    this.#stale = true;
  }

  /** Lay a picture, upper edge b1, over [a0, a1, b0, b1] behind the points; null takes it away. */
  setBackdrop(picture, extent = null) {
    this.#backdrop = picture ? { picture, extent } : null;
    this.#stale = true;
  }

  /** The cross-hair: {a, b, held} or null. */
  setCursor(cursor) {
    this.#cursor = cursor;
  }

  /** The posterior under the hand, as in posterior.js, with its color; or null. */
  setEllipse(ellipse) {
    this.#ellipse = ellipse;
  }

  /** Places that were held, oldest first: [[a, b], …]. */
  setTrail(places) {
    this.#trail = places;
  }

  /** Named places: [{a, b, ra, rb, angle, label, color, samples: [[a, b], …]}]. */
  setMarks(marks) {
    this.#marks = marks;
  }

  /** Let `draw(context, frame)`, a frame as in sketch.js, draw above the map; null for nothing. */
  setOverlay(draw) {
    this.#overlay = draw;
  }

  /** Take the canvas' size from the page; `box` is an observer's devicePixelContentBoxSize[0]. */
  resize(box = null) {
    const { width, height } = this.#canvas.getBoundingClientRect();
    const ratio = this.#canvas.ownerDocument.defaultView.devicePixelRatio || 1;
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

  toScreen(a, b) {
    return this.#camera.toScreen(a, b);
  }

  toPlane(px, py) {
    return this.#camera.toPlane(px, py);
  }

  /** Move what is seen by (dx, dy) pixels. */
  pan(dx, dy) {
    this.#camera.pan(dx, dy);
    this.#moved();
  }

  /** Enlarge by `factor`, keeping the place under (px, py) where it is. */
  zoom(factor, px, py) {
    this.#camera.zoom(factor, px, py);
    this.#moved();
  }

  /** The row of the shown point nearest to (px, py), at most `reach` pixels away, or −1. */
  nearest(px, py, reach) {
    if (!this.#layers.points) return -1;
    return this.#cloud.nearest(this.#camera.mapping(), px, py, reach);
  }

  draw() {
    const { width, height } = this.#canvas;
    if (!width || !height) return;
    if (this.#stale) this.#drawMap();
    const context = this.#canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#map, 0, 0);
    const frame = this.#frame(context);
    if (this.#trail.length) sketchTrail(context, frame, this.#trail);
    for (const mark of this.#marks) sketchMark(context, frame, mark);
    if (this.#ellipse) sketchPosterior(context, frame, this.#posterior());
    if (this.#overlay) this.#overlay(context, frame);
    if (this.#cursor) sketchCursor(context, frame, this.#cursor);
  }

  #drawMap() {
    const context = this.#map.getContext("2d");
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
    if (this.#layers.rings && this.#prior) this.#drawPrior(context, frame);
    if (points) this.#cloud.drawNames(context, frame);
    sketchTicks(context, frame, this.#axisNames());
    this.#stale = false;
  }

  #drawPrior(context, frame) {
    if (this.#prior.levels) sketchLevels(context, frame, this.#prior);
    else sketchRings(context, frame);
  }

  #frame(context) {
    const { width, height, ratio } = this.#camera.size;
    context.setTransform(this.#canvas.width / width, 0, 0, this.#canvas.height / height, 0, 0);
    const { x, y } = this.#camera.mapping();
    const toScreen = (a, b) => [a * x.scale + x.shift, b * y.scale + y.shift];
    return { width, height, ratio, scale: x.scale, theme: this.#theme, toScreen };
  }

  #posterior() {
    const { loc, color } = this.#ellipse;
    const [u, v] = this.#cloud.axes();
    const along = (axis) => axis.reduce((sum, share, k) => sum + share * loc[k], 0);
    const shape = projectedEllipse(this.#ellipse, u, v);
    const outline = projectedOutline(this.#ellipse, u, v);
    return { a: along(u), b: along(v), ...shape, outline, color: color ?? this.#theme.accent };
  }

  // z1, z2, … where an axis is one of the latent dimensions.
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
