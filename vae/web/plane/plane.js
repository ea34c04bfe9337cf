// The latent plane on a canvas: the map of encoded points and, above it, what follows the hand.
//
// Three pictures lie behind each other. The raster holds the points and is written anew only when
// points, axes, view, colours or visibility change. The map joins background, backdrop, raster,
// rings and axes. A cursor that moves costs one copy of the map and a few strokes.
//
// The plane attaches no listeners: its owner turns pointer events into calls, then calls draw().
// Lengths are CSS pixels from the canvas' upper left corner; b grows upwards.

import {
  labelsInOrder,
  nearestSlot,
  pointAtSlot,
  projectPoints,
} from "../core/points.js";
import { classSpots, sketchNames } from "./names.js";
import { countInView, liftAlphas, makeStamp, paintPoints, pointStyle } from "./raster.js";
import {
  projectedEllipse,
  sketchBackdrop,
  sketchCursor,
  sketchMark,
  sketchOrigin,
  sketchPosterior,
  sketchRings,
  sketchTicks,
  sketchTrail,
} from "./sketch.js";
import { checkedView, fittedView, planeMapping } from "./view.js";
import { inksByLabel } from "./inks.js";

const PLANE_THEME = { text: "#31333f", background: "#ffffff", accent: "#d33682" };
const RASTER_MARGIN = 16; // device pixels around the picture, so that no point is cut at its edge

/** Make a plane that draws on `canvas` in the colours of `theme`, see `readTheme`. */
export function createPlane(canvas, { theme = {} } = {}) {
  return new LatentPlane(canvas, theme);
}

class LatentPlane {
  #canvas;
  #map;
  #raster;
  #image = null;
  #size = { width: 0, height: 0, ratio: 1 };
  #theme;
  #points = null;
  #labels = new Int16Array(0);
  #inks = null;
  #projected = null;
  #axes = null;
  #names = null;
  #view = fittedView(null, this.#size);
  #hidden = new Set();
  #prior = true;
  #classes = [];
  #spots = null;
  #layers = { points: true, rings: true, backdrop: true };
  #backdrop = null;
  #cursor = null;
  #ellipse = null;
  #trail = [];
  #marks = [];
  #overlay = null;
  #stale = { raster: true, map: true };

  constructor(canvas, theme) {
    this.#canvas = canvas;
    this.#map = canvas.ownerDocument.createElement("canvas");
    this.#raster = canvas.ownerDocument.createElement("canvas");
    this.setTheme(theme);
    this.resize();
  }

  /** Show points as `parsePoints` gives them, or null for none; axes of another length fall. */
  setPoints(points) {
    if (points && this.#axes?.u.length !== points.zDim) this.#axes = null;
    this.#points = points;
    this.#labels = points ? labelsInOrder(points) : new Int16Array(0);
    this.#inks = null;
    this.#forgetProjection();
  }

  /** Look along the unit vectors u (to the right) and v (upwards); names are written beside. */
  setAxes(u, v, names = null) {
    this.#axes = { u: Float64Array.from(u), v: Float64Array.from(v) };
    this.#names = names;
    this.#forgetProjection();
  }

  /** Look at (cx, cy), with `span` plane units across the smaller side. */
  setView({ cx, cy, span }) {
    this.#view = checkedView(cx, cy, span);
    this.#redraw("raster");
  }

  view() {
    return { ...this.#view };
  }

  setTheme(theme) {
    this.#theme = { ...PLANE_THEME, ...theme };
    this.#inks = null;
    this.#redraw("raster");
  }

  /** Hide the labels in the set; −1 stands for points without one. */
  setVisible(hidden) {
    this.#hidden = new Set(hidden);
    this.#inks = null;
    this.#redraw("raster");
  }

  /** Whether there is a standard normal prior: without one there are no rings to draw or fit. */
  setPrior(there) {
    this.#prior = there;
    this.#redraw("map");
  }

  /** Write the classes' names, by label, among their points; an empty list for none. */
  setNames(classes) {
    this.#classes = classes;
    this.#spots = null;
    this.#redraw("map");
  }

  setLayers(layers) {
    this.#layers = { ...this.#layers, ...layers };
    this.#redraw("map");
  }

  /** Lay a picture, upper edge b1, over [a0, a1, b0, b1] behind the points; null takes it away. */
  setBackdrop(picture, extent = null) {
    this.#backdrop = picture ? { picture, extent } : null;
    this.#redraw("map");
  }

  /** The cross-hair: {a, b, held} or null. */
  setCursor(cursor) {
    this.#cursor = cursor;
  }

  /** The posterior under the hand: {loc, scale, color}, arrays of z_dim numbers, or null. */
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
    if (same && ratio === this.#size.ratio && width === this.#size.width) return;
    this.#size = { width, height, ratio };
    for (const canvas of [this.#canvas, this.#map]) [canvas.width, canvas.height] = [columns, rows];
    this.#image = null;
    this.#redraw("raster");
  }

  /** Show all points, and the prior's rings where these leave the points large enough to see. */
  fit() {
    const projected = this.#points?.count ? this.#project() : null;
    this.setView(fittedView(projected, this.#size, this.#prior));
  }

  toScreen(a, b) {
    const { x, y } = this.#mapping();
    return [a * x.scale + x.shift, b * y.scale + y.shift];
  }

  toPlane(px, py) {
    const { x, y } = this.#mapping();
    return [(px - x.shift) / x.scale, (py - y.shift) / y.scale];
  }

  /** Move what is seen by (dx, dy) pixels. */
  pan(dx, dy) {
    const { cx, cy, span } = this.#view;
    const { scale } = this.#mapping().x;
    this.setView({ cx: cx - dx / scale, cy: cy + dy / scale, span });
  }

  /** Enlarge by `factor`, keeping the place under (px, py) where it is. */
  zoom(factor, px, py) {
    const [a, b] = this.toPlane(px, py);
    this.setView({ ...this.#view, span: this.#view.span / factor });
    const [x, y] = this.toScreen(a, b);
    this.pan(px - x, py - y);
  }

  /** The row of the shown point nearest to (px, py), at most `reach` pixels away, or −1. */
  nearest(px, py, reach) {
    if (!this.#points || !this.#layers.points) return -1;
    const { x, y } = this.#mapping();
    const projected = this.#project();
    const slot = nearestSlot(projected, this.#labels, this.#colours(), x, y, px, py, reach);
    return slot < 0 ? -1 : pointAtSlot(slot, this.#points.count);
  }

  draw() {
    const { width, height } = this.#canvas;
    if (!width || !height) return;
    if (this.#stale.map) this.#drawMap();
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
    const { width, height } = this.#size;
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.#theme.background;
    context.fillRect(0, 0, width, height);
    const points = this.#layers.points && this.#points?.count > 0;
    if (this.#backdrop && this.#layers.backdrop) {
      const { picture, extent } = this.#backdrop;
      sketchBackdrop(context, frame, picture, extent, points ? 0.5 : 1);
    }
    sketchOrigin(context, frame);
    if (points) {
      if (this.#stale.raster) this.#drawRaster();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(this.#raster, -RASTER_MARGIN, -RASTER_MARGIN);
      this.#frame(context);
    }
    if (this.#layers.rings && this.#prior) sketchRings(context, frame);
    if (points && this.#classes.length) this.#drawNames(context, frame);
    sketchTicks(context, frame, this.#axisNames());
    this.#stale.map = false;
  }

  #drawNames(context, frame) {
    this.#spots ??= classSpots(this.#project(), this.#labels, this.#classes.length);
    const shown = this.#spots.filter(({ label }) => !this.#hidden.has(label));
    sketchNames(context, frame, shown, this.#classes);
  }

  #drawRaster() {
    const { width, height } = this.#canvas;
    const [columns, rows] = [width + 2 * RASTER_MARGIN, height + 2 * RASTER_MARGIN];
    const context = this.#raster.getContext("2d");
    if (!this.#image) {
      [this.#raster.width, this.#raster.height] = [columns, rows];
      this.#image = context.createImageData(columns, rows);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(0);
    const projected = this.#project();
    const { x, y } = this.#mapping(width / this.#size.width, RASTER_MARGIN);
    const inView = countInView(projected, x, y, columns, rows);
    const { size, alpha, lift } = pointStyle(inView, width, height, this.#size.ratio);
    const stamp = makeStamp(size, alpha, columns);
    paintPoints(pixels, projected, this.#labels, this.#colours(), x, y, stamp);
    if (lift < 1) liftAlphas(pixels, lift);
    context.putImageData(this.#image, 0, 0);
    this.#stale.raster = false;
  }

  #mapping(zoom = 1, margin = 0) {
    return planeMapping(this.#view, this.#size, zoom, margin);
  }

  #frame(context) {
    const { width, height, ratio } = this.#size;
    context.setTransform(this.#canvas.width / width, 0, 0, this.#canvas.height / height, 0, 0);
    const { x, y } = this.#mapping();
    const toScreen = (a, b) => [a * x.scale + x.shift, b * y.scale + y.shift];
    return { width, height, ratio, scale: x.scale, theme: this.#theme, toScreen };
  }

  #project() {
    this.#projected ??= projectPoints(this.#points, this.#u(), this.#v());
    return this.#projected;
  }

  #u() {
    return this.#axes?.u ?? unitVector(this.#points?.zDim ?? 2, 0);
  }

  #v() {
    return this.#axes?.v ?? unitVector(this.#points?.zDim ?? 2, 1);
  }

  #colours() {
    this.#inks ??= inksByLabel(this.#labels, this.#hidden, this.#theme);
    return this.#inks;
  }

  #posterior() {
    const { loc, scale, color } = this.#ellipse;
    const [u, v] = [this.#u(), this.#v()];
    const along = (axis) => axis.reduce((sum, share, k) => sum + share * loc[k], 0);
    const shape = projectedEllipse(scale ?? [], u, v);
    return { a: along(u), b: along(v), ...shape, color: color ?? this.#theme.accent };
  }

  // z1, z2, … where an axis is one of the latent dimensions.
  #axisNames() {
    if (this.#names) return this.#names;
    return [this.#u(), this.#v()].map((axis) => {
      const dimension = axis.findIndex((share) => Math.abs(share - 1) < 1e-9);
      return dimension < 0 ? "" : `z${dimension + 1}`;
    });
  }

  #forgetProjection() {
    this.#projected = null;
    this.#spots = null;
    this.#redraw("raster");
  }

  // The map is made of the raster, so what outdates the raster outdates both.
  #redraw(what) {
    this.#stale.map = true;
    if (what === "raster") this.#stale.raster = true;
  }
}

function unitVector(length, at) {
  return Float64Array.from({ length }, (_, k) => (k === at ? 1 : 0));
}
