// One model's map: its encoded images on a plane, what is lit up, what is selected, the path.

import { planeOf, defaultPlane, planeAlong, shadow } from "../core/latent.js";
import { priorLevels } from "../core/density.js";
import { posteriorOfPoint } from "../core/posterior.js";
import { element } from "../parts/dom.js";
import { watchSize } from "../parts/size_watch.js";
import { Camera } from "../plane/camera.js";
import { Cloud } from "../plane/cloud.js";
import { spreadEllipse, spreadLine } from "../plane/line.js";
import { createPlane } from "../plane/plane.js";

/** @import { Axes, NetworkHeader, Points } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Context, Frame, PlaneTheme, Spot } from "../plane/sketch.js" */
/** @import { Column } from "./column.js" */

/** Two ends and where the hand is between them, places of z. @typedef {{a: Float64Array, b: Float64Array, z: Float64Array}} Route */

const REACH = 14; // CSS pixels within which the hand is on a point
const DOT = 5.5; // CSS pixels, radius of what is lit up

export class MapPicture {
  /** @type {Axes} */
  axes = { u: [1, 0], v: [0, 1] };
  /** What the plane shows: of one dimension spread over two. @type {Points | null} */
  points = null;
  /** What was said of the plane. */
  words = "";
  /** Where the lit image stands among the points, −1 for none. */
  lit = -1;
  /** @type {Spot[]} */
  outline = [];
  /** The cross-hair of the keys. @type {Spot | null} */
  cursor = null;
  /** @type {Route | null} */
  route = null;
  /** @type {Theme | null} */
  theme = null;
  #chosen = 0;
  /** @type {Cloud | null} */
  #cloud = null;
  #camera = new Camera();

  /** @param {Column} column */
  constructor(column) {
    this.column = column;
    this.canvas = element("canvas", { class: "cmp-map", tabIndex: 0, role: "img", "data-testid": "compare-map" });
    this.box = element("div", { class: "cmp-map-box" }, this.canvas);
    this.plane = createPlane(this.canvas);
    this.plane.setPrior(null);
    this.plane.setOverlay((context, frame) => this.#overlay(context, frame));
    this.observer = watchSize(this.canvas, () => this.#resized());
  }

  stop() {
    this.observer.disconnect();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.plane.setTheme(theme);
    this.#cloud?.setTheme(theme);
  }

  /** Take the model's points, once they are there. @type {() => void} */
  open() {
    const { drawing, points } = this.column;
    if (!drawing || !points || this.points) return;
    const { header } = drawing.net;
    const line = points.zDim === 1;
    const { u, v, words, labels } = planeFor(header);
    [this.axes, this.words] = [line ? { u: [1, 0], v: [0, 1] } : { u, v }, words];
    this.points = line ? spreadLine(points) : points;
    this.plane.setPoints(this.points);
    this.plane.setAxes(this.axes.u, this.axes.v, labels);
    // on a plane of many dimensions the prior's levels say nothing of how far z itself is
    const shown = points.zDim <= 2;
    this.plane.setLayers({ rings: shown && !line, backdrop: false });
    this.plane.setPrior(shown && header.has_density ? header.latent.rings || priorLevels(header, { u, v }) : null);
    this.plane.fit();
  }

  /** The points have moved with β. */
  moved() {
    if (this.column.points?.zDim === 1) this.points = spreadLine(this.column.points);
    if (this.column.points?.zDim === 1) this.plane.setPoints(this.points);
    else this.plane.pointsMoved();
    this.#cloud = null;
  }

  /** The row of the split of the image under a place of the canvas, or −1. @type {(x: number, y: number, reach?: number) => number} */
  rowAt(x, y, reach = REACH) {
    const at = this.points ? this.plane.nearest(x, y, reach) : -1;
    return at < 0 || !this.points ? -1 : this.points.index[at];
  }

  /** Light up an image by its row; null for none. @type {(row: number | null) => void} */
  light(row) {
    const { points, drawing, places } = this.column;
    this.lit = row === null ? -1 : places.get(row) ?? -1;
    this.canvas.dataset.lit = this.lit < 0 ? "" : String(row);
    if (!points || !drawing || this.lit < 0) return this.plane.setEllipse(null);
    const of = points.zDim === 1 ? spreadEllipse(points, this.lit) : posteriorOfPoint(points, this.lit, drawing.net.header);
    this.plane.setEllipse(of.scale ? { ...of, scale: of.scale } : null);
  }

  /**
   * Show these rows in their colours and all others faint; null shows all alike.
   * @type {(rows: Set<number> | null) => void}
   */
  select(rows) {
    const { points } = this;
    if (!points || (!rows && !this.#cloud)) return;
    this.#cloud = null;
    this.plane.setPoints(rows ? { ...points, label: new Int16Array(points.count).fill(-1) } : points);
    const chosen = rows ? Array.from(points.index.keys()).filter((k) => rows.has(points.index[k])) : [];
    this.#chosen = chosen.length;
    this.canvas.dataset.selected = String(chosen.length);
    if (!rows) return;
    this.#cloud = new Cloud(element("canvas"), this.#colours());
    this.#cloud.setPoints(some(points, chosen));
    this.#cloud.setAxes(this.axes.u, this.axes.v);
  }

  /** Rows of the split whose places lie inside. @type {(inside: (a: number, b: number) => boolean) => number[]} */
  rowsIn(inside) {
    const { points, axes } = this;
    if (!points) return [];
    const { loc, zDim, index } = points;
    return Array.from(index).filter((_, k) => inside(...shadow(loc.subarray(k * zDim, (k + 1) * zDim), axes)));
  }

  draw() {
    this.plane.draw();
  }

  /** @type {() => PlaneTheme} */
  #colours() {
    return this.theme ?? { text: "#000000", background: "#ffffff", accent: "#c8360a" };
  }

  #resized() {
    this.plane.resize();
    this.plane.fit();
    this.draw();
  }

  /** @type {(context: Context, frame: Frame) => void} */
  #overlay(context, frame) {
    if (this.#cloud && this.#chosen) {
      const { width, height, ratio } = frame;
      this.#camera.size = { width, height, ratio };
      this.#camera.setView(this.plane.view());
      context.save();
      this.#cloud.draw(context, this.#camera);
      context.restore();
    }
    if (this.route) this.#drawRoute(context, frame, this.route);
    if (this.outline.length > 1) drawOutline(context, frame, this.outline);
    if (this.lit >= 0) this.#drawLit(context, frame);
    if (this.cursor) drawCross(context, frame, this.cursor);
  }

  /** @type {(context: Context, frame: Frame) => void} */
  #drawLit(context, frame) {
    const { points, axes, lit } = this;
    if (!points) return;
    const place = frame.toScreen(...shadow(points.loc.subarray(lit * points.zDim, (lit + 1) * points.zDim), axes));
    dot(context, frame, place, DOT, frame.theme.accent);
  }

  /** @type {(context: Context, frame: Frame, route: Route) => void} */
  #drawRoute(context, frame, { a, b, z }) {
    // a line has no second axis of its own: the path runs along its middle
    const place = (/** @type {Float64Array} */ at) =>
      frame.toScreen(...(at.length === 1 ? /** @type {Spot} */ ([at[0], 0]) : shadow(at, this.axes)));
    const ends = [place(a), place(b)];
    for (const [colour, width] of /** @type {const} */ ([[frame.theme.background, 4], [frame.theme.text, 1.5]])) {
      context.beginPath();
      context.moveTo(...ends[0]);
      context.lineTo(...ends[1]);
      [context.strokeStyle, context.lineWidth] = [colour, width];
      context.stroke();
    }
    ends.forEach((end, side) => letter(context, frame, end, "AB"[side]));
    dot(context, frame, place(z), 4, frame.theme.text);
  }
}

/**
 * The plane of a model's map, its axes' names, and what is said of it.
 * @type {(header: NetworkHeader) => {u: Axes["u"], v: Axes["v"], labels: string[], words: string}}
 */
function planeFor(header) {
  const { z_dim: zDim } = header;
  if (zDim === 1) {
    return { ...planeAlong(1, 0, 1), labels: ["z1", ""], words: "One dimension: up and down means nothing." };
  }
  if (zDim === 2) return { ...planeAlong(2, 0, 1), words: "" };
  const principal = planeOf(header, "pc");
  if (principal) {
    return { ...principal, labels: ["PC 1", "PC 2"], words: `The two directions of largest variance (PCA), of ${zDim} dimensions.` };
  }
  const plane = defaultPlane(header);
  return { ...plane, words: `${plane.labels.join(" and ")}, of ${zDim} dimensions.` };
}

/** The points at these places alone. @type {(points: Points, kept: number[]) => Points} */
function some(points, kept) {
  const { zDim } = points;
  const loc = new Float32Array(kept.length * zDim);
  kept.forEach((k, to) => loc.set(points.loc.subarray(k * zDim, (k + 1) * zDim), to * zDim));
  return {
    count: kept.length, zDim, loc, scale: null, near: null,
    label: Int16Array.from(kept, (k) => points.label[k]),
    index: Uint32Array.from(kept, (k) => points.index[k]),
  };
}

/** @type {(context: Context, frame: Frame, place: Spot, radius: number, colour: string) => void} */
function dot(context, { theme }, [x, y], radius, colour) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  [context.fillStyle, context.strokeStyle, context.lineWidth] = [colour, theme.background, 2];
  context.fill();
  context.stroke();
}

/** @type {(context: Context, frame: Frame, place: Spot, text: string) => void} */
function letter(context, { theme }, [x, y], text) {
  context.font = `700 12px ${theme.mono ?? "monospace"}`;
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  [context.strokeStyle, context.lineWidth, context.fillStyle] = [theme.background, 4, theme.text];
  context.strokeText(text, x, y - 9);
  context.fillText(text, x, y - 9);
}

/** @type {(context: Context, frame: Frame, corners: Spot[]) => void} */
function drawOutline(context, { theme, toScreen }, corners) {
  context.beginPath();
  corners.forEach(([a, b], k) => context[k ? "lineTo" : "moveTo"](...toScreen(a, b)));
  context.closePath();
  [context.strokeStyle, context.lineWidth] = [theme.accent, 1.5];
  context.stroke();
}

/** @type {(context: Context, frame: Frame, place: Spot) => void} */
function drawCross(context, { theme, toScreen }, [a, b]) {
  const [x, y] = toScreen(a, b);
  context.beginPath();
  context.moveTo(x - 8, y);
  context.lineTo(x + 8, y);
  context.moveTo(x, y - 8);
  context.lineTo(x, y + 8);
  [context.strokeStyle, context.lineWidth] = [theme.accent, 1.5];
  context.stroke();
}
