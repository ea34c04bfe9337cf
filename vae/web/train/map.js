// The latent map as it forms: points glide from where they were to where a new snapshot has them,
// while the view stays calm, or where the hand left it.

import { createPlane } from "../plane/plane.js";
import { watchSize } from "../parts/size_watch.js";
import { trainGlide } from "./motion.js";
import { trainPriorBetween, trainPriorLevels } from "./prior.js";
import { TrainUnder } from "./under.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Points } from "../core/header.js" */
/** @import { View } from "../plane/view.js" */
/** @import { TrainFrame } from "./frames.js" */
/** @import { TrainPrior } from "./prior.js" */

const GLIDE_MS = 600;
const ZOOM_NOTCH = 1.2;
// a fitted view follows only when points leave it, or would fill less than this much of it
const LOOSEST_FIT = 0.72;
const AIR = 1.08;

/**
 * Make the map on a canvas; `moved()` hears that the hand took over the view or gave it back.
 * @type {(canvas: HTMLCanvasElement, moved?: () => void) => TrainMap}
 */
export function createTrainMap(canvas, moved = () => {}) {
  return new TrainMap(canvas, moved);
}

class TrainMap {
  stopGliding = () => {};
  /** Where the points are drawn now. @type {Float32Array | null} */
  shown = null;
  /** The learned prior that is drawn now. @type {TrainPrior | null} */
  prior = null;
  /** Whether the prior is the standard normal, which is drawn as rings. */
  rings = false;
  followed = true;

  /** @param {HTMLCanvasElement} canvas @param {() => void} moved */
  constructor(canvas, moved) {
    this.canvas = canvas;
    this.plane = createPlane(canvas);
    this.plane.setLayers({ backdrop: false });
    this.moved = moved;
    this.under = new TrainUnder(canvas, this.plane);
    this.clear();
    this.observer = watchSize(canvas, () => this.resized());
    this.listen();
  }

  /** Forget all points, as before the first snapshot. */
  clear() {
    this.stopGliding();
    this.stopGliding = () => {};
    this.shown = null;
    this.followed = true;
    this.under.forget();
    this.plane.setPoints(null);
    this.setPrior(null);
    this.plane.fit();
    this.draw();
  }

  /** Draw, and tell in `data-view` what part of the plane is seen: cx,cy,span. */
  draw() {
    this.plane.draw();
    const { cx, cy, span } = this.plane.view();
    this.canvas.dataset.view = [cx, cy, span].map((value) => value.toFixed(4)).join(",");
  }

  stop() {
    this.stopGliding();
    this.observer.disconnect();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.plane.setTheme(theme);
    this.under.setTheme(theme);
    this.draw();
  }

  /** @type {(on: boolean) => void} */
  setRings(on) {
    this.rings = on;
    this.setPrior(this.prior);
    this.draw();
  }

  /** @type {(prior: TrainPrior | null) => void} */
  setPrior(prior) {
    this.prior = prior;
    this.plane.setPrior(this.rings || trainPriorLevels(prior));
  }

  /**
   * Show a snapshot's points; they glide there from where they are.
   * @type {(frame: TrainFrame, milliseconds?: number) => void}
   */
  show(frame, milliseconds = GLIDE_MS) {
    this.stopGliding();
    const { points, prior } = frame;
    const from = this.shown;
    const target = points.loc;
    const glides = from !== null && from.length === target.length && milliseconds > 0;
    const priorAt = trainPriorBetween(this.prior, prior);
    const [before, after] = this.views(frame, glides);
    if (!glides) {
      this.setPrior(prior);
      this.place(points, target, after);
      return;
    }
    const between = new Float32Array(target.length);
    this.stopGliding = trainGlide(milliseconds, (share) => {
      for (let i = 0; i < between.length; i++) between[i] = from[i] + share * (target[i] - from[i]);
      const place = share === 1 ? target : between.slice();
      this.setPrior(priorAt(share));
      this.place(points, place, this.followed ? trainMix(before, after, share) : null);
    });
  }

  /** @type {(points: Points, loc: Float32Array, view: View | null) => void} */
  place(points, loc, view) {
    this.shown = loc;
    this.plane.setPoints({ ...points, loc });
    this.under.setPoints({ ...points, loc });
    if (view && this.followed) this.plane.setView(view);
    this.draw();
  }

  /**
   * The view now, and the one that suits the new points: the same one while that is good enough.
   * @type {(frame: TrainFrame, calm: boolean) => [View, View]}
   */
  views({ points, axes, prior }, calm) {
    const now = this.plane.view();
    this.plane.setPoints(points);
    this.setPrior(prior);
    this.plane.setAxes([1, 0], [0, 1], axes);
    if (!this.followed) return [now, now];
    this.plane.fit();
    const fit = this.plane.view();
    this.plane.setView(now);
    if (!calm) return [fit, fit];
    /** @type {(a: View, b: View) => number} */
    const reach = (a, b) => Math.max(Math.abs(a.cx - b.cx), Math.abs(a.cy - b.cy));
    const outside = fit.span + 2 * reach(fit, now) > now.span * AIR;
    const loose = fit.span < now.span * LOOSEST_FIT;
    return [now, outside || loose ? { ...fit, span: fit.span * 1.02 } : now];
  }

  fit() {
    this.followed = true;
    this.plane.fit();
    this.draw();
    this.moved();
  }

  /** @type {(factor: number, x?: number, y?: number) => void} */
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    this.plane.zoom(factor, x, y);
    this.taken();
  }

  /** @type {(dx: number, dy: number) => void} */
  pan(dx, dy) {
    this.plane.pan(dx, dy);
    this.taken();
  }

  taken() {
    this.followed = false;
    this.draw();
    this.moved();
  }

  resized() {
    this.plane.resize();
    if (this.followed) this.plane.fit();
    this.draw();
  }

  listen() {
    const { canvas } = this;
    /** @type {number[] | null} */
    let last = null;
    canvas.onpointerdown = (event) => {
      this.under.look(event);
      // a finger's drag scrolls the page; the buttons zoom for it
      if (event.pointerType === "touch") return;
      canvas.setPointerCapture(event.pointerId);
      last = [event.offsetX, event.offsetY];
    };
    // a finger that is lifted leaves what it pressed to be looked at
    canvas.onpointerleave = ({ pointerType }) => pointerType === "touch" || this.under.leave();
    canvas.onpointermove = (event) => {
      if (!last) {
        this.under.look(event);
        return;
      }
      this.pan(event.offsetX - last[0], event.offsetY - last[1]);
      last = [event.offsetX, event.offsetY];
    };
    canvas.onpointerup = canvas.onpointercancel = () => {
      last = null;
    };
    canvas.onwheel = (event) => {
      event.preventDefault();
      const notches = Math.max(-3, Math.min(3, -event.deltaY / (event.deltaMode === 0 ? 100 : 3)));
      this.zoom(ZOOM_NOTCH ** notches, event.offsetX, event.offsetY);
    };
    canvas.ondblclick = () => this.fit();
    canvas.onkeydown = (event) => this.key(event);
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const step = event.shiftKey ? 80 : 20;
    /** @type {Record<string, (() => void) | undefined>} */
    const moves = {
      ArrowLeft: () => this.pan(step, 0),
      ArrowRight: () => this.pan(-step, 0),
      ArrowUp: () => this.pan(0, step),
      ArrowDown: () => this.pan(0, -step),
      "+": () => this.zoom(ZOOM_NOTCH),
      "=": () => this.zoom(ZOOM_NOTCH),
      "-": () => this.zoom(1 / ZOOM_NOTCH),
      0: () => this.fit(),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  }
}

/** @type {(from: View, to: View, share: number) => View} */
function trainMix(from, to, share) {
  /** @type {(key: "cx" | "cy") => number} */
  const mix = (key) => from[key] + share * (to[key] - from[key]);
  // spans differ by factors, so they pass through their geometric means
  const span = from.span * (to.span / from.span) ** share;
  return { cx: mix("cx"), cy: mix("cy"), span };
}
