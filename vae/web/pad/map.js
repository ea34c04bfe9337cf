// The plane of the pad: the map of encoded images, the hand on it, what follows the hand.

import { element, shownVector } from "../parts/dom.js";
import { paintManifold } from "../plane/backdrop.js";
import { listenToHand } from "../plane/hand.js";
import { levelsOfClass } from "../core/class_prior.js";
import { moveOnPlane, shadow } from "../core/latent.js";
import { isKnown, posteriorOfPoint, projectedCloud } from "../core/posterior.js";
import { classColour } from "../parts/theme.js";
import { createPlane } from "../plane/plane.js";
import { watchSize } from "../parts/size_watch.js";
import { spreadEllipse, spreadLine } from "../plane/line.js";

/** @import { Decoder, NetworkHeader, Numbers, Plane, Points, Posterior } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { HandActions } from "../plane/hand.js" */
/** @import { Layers } from "../plane/plane.js" */
/** @import { Mark } from "../plane/sketch.js" */
/** @import { View } from "../plane/view.js" */
/** @import { PadRefs } from "./layout.js" */

/**
 * What the hand does on the map, and the z that it holds.
 * @typedef {object} MapActions
 * @property {(z: Float64Array) => void} look
 * @property {(z: Float64Array) => void} hold
 * @property {() => void} leave
 * @property {() => void} release
 * @property {(row: number) => void} near
 * @property {() => Float64Array} held
 * @property {() => void} viewed
 */

const ZOOM_STEP = 1.5;

/**
 * Make the map on `refs.plane`. `act.look(z)`, `act.hold(z)`, `act.leave()`, `act.release()`
 * follow the hand; `act.near(row)` hears which encoded image it is on, −1 for none; `act.viewed()`
 * hears that the view came to rest. `act.held()` gives the held z.
 * @type {(refs: PadRefs, act: MapActions) => PadMap}
 */
export function createMap(refs, act) {
  return new PadMap(refs, act);
}

class PadMap {
  /** @type {Plane | null} */
  axes = null;
  /** @type {Decoder | null} */
  net = null;
  /** @type {Points | null} */
  points = null;
  /** @type {Theme | null} */
  theme = null;
  /** @type {Layers | null} */
  layers = null;
  /** Whether the view is the one of all points. */
  fitted = true;
  /** @type {Mark[]} */
  marks = [];
  /** The row of the point whose posterior is shown. @type {number | null} */
  found = null;
  /** What was held before a press. @type {Float64Array | null} */
  before = null;
  stopPainting = () => {};

  /** @param {PadRefs} refs @param {MapActions} act */
  constructor(refs, act) {
    this.refs = refs;
    this.act = act;
    this.plane = createPlane(refs.plane);
    this.plane.setLayers({ backdrop: false });
    this.hand = listenToHand(refs.plane, this.plane, this.handActions());
    refs.zoomIn.onclick = () => this.zoomAtMiddle(ZOOM_STEP);
    refs.zoomOut.onclick = () => this.zoomAtMiddle(1 / ZOOM_STEP);
    refs.zoomReset.onclick = () => this.fit();
    this.observer = watchSize(refs.plane, () => this.resized());
  }

  stop() {
    this.observer.disconnect();
    this.hand.stop();
    this.stopPainting();
  }

  /** @type {() => HandActions} */
  handActions() {
    const { act } = this;
    /** @type {(a: number, b: number) => Float64Array} */
    const place = (a, b) => (this.axes ? moveOnPlane(act.held(), this.axes, a, b) : act.held());
    /** @type {<A extends unknown[]>(go: (...values: A) => void) => (...values: A) => void} */
    const ready = (go) => (...values) => this.axes && go(...values);
    return {
      look: ready((a, b) => act.look(place(a, b))),
      hold: ready((a, b) => act.hold(place(a, b))),
      begin: () => {
        this.before = act.held();
      },
      cancel: ready(() => this.before && act.hold(this.before)),
      leave: ready(() => act.leave()),
      release: ready(() => act.release()),
      near: ready((index, x, y) => this.near(index, x, y)),
      moved: () => {
        this.fitted = false;
        this.plane.draw();
      },
      viewed: () => this.viewed(),
    };
  }

  /** @type {(net: Decoder) => void} */
  setModel(net) {
    this.net = net;
    this.points = null;
    this.marks = [];
    this.fitted = true;
    this.find(-1);
    this.plane.setPoints(null);
    this.plane.setBackdrop(null);
    this.plane.setVisible(new Set());
    this.plane.setPrior(net.header.latent.rings);
    this.plane.setNames(net.header.class_names);
  }

  /** @type {(points: Points | null) => void} */
  setPoints(points) {
    this.points = points;
    this.plane.setPoints(points && points.zDim === 1 ? spreadLine(points) : points);
    if (this.fitted) this.fit();
    else this.plane.draw();
  }

  /** The points have moved in place: the plane and the ellipse on it follow; the view stays. */
  glided() {
    const { points, found, refs } = this;
    if (!points) return;
    if (points.zDim === 1) this.plane.setPoints(spreadLine(points));
    else this.plane.pointsMoved();
    const { hidden } = refs.tip;
    if (found !== null) this.find(found);
    refs.tip.hidden = hidden;
  }

  /** @type {(axes: Plane) => void} */
  setAxes(axes) {
    this.axes = axes;
    this.setPrior();
    if (axes.u.length === 1) this.plane.setAxes([1, 0], [0, 1], ["z1", "spread out for the eye"]);
    else this.plane.setAxes(axes.u, axes.v, axes.labels);
    this.plane.setBackdrop(null);
    this.fit();
  }

  /** Take the prior's lines: where each class has its own, those of the class that is told. */
  setPrior() {
    const { axes, net } = this;
    const told = net?.classes ? net.label : null;
    this.plane.setPrior(net && axes ? net.header.latent.rings || levelsOfClass(net.header, axes, told) : null);
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.plane.setTheme(theme);
    this.plane.draw();
  }

  /** @type {(layers: Layers) => void} */
  setLayers(layers) {
    this.layers = layers;
    this.plane.setLayers(layers);
    this.plane.draw();
    this.repaint();
  }

  /** @type {(hidden: Set<number>) => void} */
  setHidden(hidden) {
    this.plane.setVisible(hidden);
    this.plane.draw();
  }

  /** @type {(view: View) => void} */
  setView(view) {
    this.plane.setView(view);
    this.fitted = false;
    this.plane.draw();
    this.repaint();
  }

  /**
   * Draw the cross-hair at z, with a dot at the held z while another is looked at.
   * @type {(z: Numbers, held: Numbers) => void}
   */
  show(z, held) {
    if (!this.axes) return;
    const [a, b] = shadow(z, this.axes);
    this.plane.setCursor({ a, b, held: z === held });
    const [x, y] = shadow(held, this.axes);
    const anchor = z === held ? [] : [{ a: x, b: y, ra: 0, rb: 0 }];
    this.plane.setMarks([...anchor, ...this.marks]);
    this.plane.draw();
  }

  /** @type {(places: Numbers[]) => void} */
  showTrail(places) {
    const { axes } = this;
    this.plane.setTrail(axes ? places.map((z) => shadow(z, axes)) : []);
    this.plane.draw();
  }

  /**
   * Mark a posterior that has a name, with draws from it; null takes it away.
   * @type {(posterior: Posterior | null, label?: string, samples?: Numbers[]) => void}
   */
  mark(posterior, label, samples = []) {
    this.marks = [];
    const { axes, net } = this;
    if (!posterior || !axes || !net) return;
    const [a, b] = shadow(posterior.loc, axes);
    const spots = samples.map((z) => shadow(z, axes));
    this.marks = [{ a, b, ...projectedCloud(posterior, net.header, axes), label, samples: spots }];
  }

  /** @type {(index: number, x: number, y: number) => void} */
  near(index, x, y) {
    this.act.near(index);
    if (index === (this.found ?? -1)) {
      if (index >= 0) this.placeTip(x, y);
      return;
    }
    this.find(index);
    if (index >= 0) this.placeTip(x, y);
  }

  /**
   * Show the posterior of a point, its ellipse on the map and its numbers beside the hand.
   * @type {(index: number) => void}
   */
  find(index) {
    const { tip } = this.refs;
    const { points, net, theme } = this;
    this.found = index < 0 ? null : index;
    tip.hidden = index < 0;
    if (index < 0 || !points || !net || !theme) {
      this.plane.setEllipse(null);
      return;
    }
    const posterior = posteriorOfPoint(points, index, net.header);
    const label = points.label[index];
    const color = classColour(label, theme);
    const known = isKnown(posterior, net.header) ? posterior : { ...posterior, scale: null };
    const drawn = points.zDim === 1 ? spreadEllipse(points, index) : known;
    this.plane.setEllipse({ ...drawn, color });
    tip.replaceChildren(...describePoint(net.header, label, posterior));
  }

  /** @type {(x: number, y: number) => void} */
  placeTip(x, y) {
    const { tip, plane } = this.refs;
    const left = x + 18 + tip.offsetWidth > plane.clientWidth ? x - 14 - tip.offsetWidth : x + 18;
    const top = y + 18 + tip.offsetHeight > plane.clientHeight ? y - 14 - tip.offsetHeight : y + 18;
    tip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  /** @type {(factor: number) => void} */
  zoomAtMiddle(factor) {
    const { plane } = this.refs;
    this.plane.zoom(factor, plane.clientWidth / 2, plane.clientHeight / 2);
    this.fitted = false;
    this.plane.draw();
    this.viewed();
  }

  fit() {
    this.plane.fit();
    this.fitted = true;
    this.plane.draw();
    this.viewed();
  }

  resized() {
    this.plane.resize();
    if (this.fitted) this.plane.fit();
    this.plane.draw();
    this.repaint();
  }

  viewed() {
    this.repaint();
    this.act.viewed();
  }

  /** Compute the manifold for what is seen now; the old one stays until the new one has begun. */
  repaint() {
    this.stopPainting();
    if (!this.net || !this.axes) return;
    if (!this.layers?.backdrop || this.net.remote) {
      this.plane.setBackdrop(null);
      return;
    }
    const { clientWidth: width, clientHeight: height } = this.refs.plane;
    if (!width || !height) return;
    const [low, high] = [this.plane.toPlane(0, height), this.plane.toPlane(width, 0)];
    const area = { low, high, width, height };
    this.stopPainting = paintManifold(this.net, this.act.held(), this.axes, area, (sheet, bounds) => {
      this.plane.setBackdrop(sheet, bounds);
      this.plane.draw();
    });
  }
}

/** @type {(header: NetworkHeader, label: number, posterior: Posterior) => HTMLElement[]} */
function describePoint(header, label, { loc, scale }) {
  const name = label < 0 ? "no class" : header.class_names[label] ?? `class ${label}`;
  /** @type {(text: string) => HTMLElement} */
  const line = (text) => element("div", { textContent: text });
  const spread = header.has_density
    ? `${header.factorises ? "σ" : "marginal σ"} ${shownVector(scale ?? [], 3)}`
    : "this model gives a point, no σ";
  const place = header.has_density ? "μ" : "z";
  return [element("strong", { textContent: name }), line(`${place} ${shownVector(loc)}`), line(spread)];
}
