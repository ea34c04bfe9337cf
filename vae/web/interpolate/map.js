// The small map: the plane that holds both ends and the paths between them.

import { listenToHand } from "../plane/hand.js";
import { levelsOfClass } from "../core/class_prior.js";
import { keyStep, moveOnPlane, planeAlong, shadow } from "../core/latent.js";
import { spreadLine } from "../plane/line.js";
import { classAt } from "./ends.js";
import {
  drawDot,
  drawHandle,
  drawLead,
  drawRoute,
  drawTypicalRing,
  drawPathName,
  handlePlaces,
} from "./marks.js";
import { planeThrough } from "./plane.js";
import { posteriorMarks } from "./posteriors.js";
import { viewOf, widenedTo } from "./view.js";
import { createPlane } from "../plane/plane.js";
import { watchSize } from "../parts/size_watch.js";

/** @import { Decoder, NetworkHeader, Numbers, Plane, Points } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { HandActions } from "../plane/hand.js" */
/** @import { Frame, Spot } from "../plane/sketch.js" */
/** @import { View } from "../plane/view.js" */
/** @import { Side } from "./address.js" */
/** @import { Ends } from "./ends.js" */
/** @import { InterpolatorRefs } from "./layout.js" */
/** @import { Style } from "./strip.js" */
/** @import { Route } from "./strips.js" */

/** Where both ends are. @typedef {{a: Float64Array, b: Float64Array}} Places */
/** @typedef {{move(side: Side, z: Float64Array): void, rest(): void}} PathActions */

const PATH_POINTS = 96;
const HANDLE_REACH = 22; // CSS pixels within which a press takes a handle
const PATH_ZOOM = 1.5;
/** @type {Record<string, number[] | undefined>} */
const PATH_ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Make the map; `act.move(side, z)` follows the hand with an end, `act.rest()` hears it let go.
 * @type {(refs: InterpolatorRefs, act: PathActions) => PathMap}
 */
export function createPathMap(refs, act) {
  return new PathMap(refs, act);
}

class PathMap {
  /** @type {Plane | null} */
  axes = null;
  /** @type {Places | null} */
  ends = null;
  /** The same with what was encoded there. @type {Ends | null} */
  images = null;
  /** @type {Theme | null} */
  theme = null;
  /** @type {Route[]} */
  routes = [];
  /** The routes' places on the plane. @type {Spot[][]} */
  lines = [];
  time = 0;
  /** The end that a press beside the handles moves. @type {Side} */
  active = "a";
  /** The end under the hand, and where both were before it came. @type {Side | null} */
  taken = null;
  /** @type {Places | null} */
  before = null;
  /** @type {NetworkHeader | null} */
  header = null;
  /** @type {Record<string, Style>} */
  styles = {};
  /** Radius of the circle of typical |z|, 0 for none. */
  ring = 0;
  fitted = true;
  /** The class whose prior is drawn, where each has its own. @type {number | null} */
  told = null;

  /** @param {InterpolatorRefs} refs @param {PathActions} act */
  constructor(refs, act) {
    this.refs = refs;
    this.act = act;
    this.plane = createPlane(refs.plane);
    this.plane.setPrior(null); // none is known yet
    this.plane.setOverlay((context, frame) => this.overlay(context, frame));
    this.hand = listenToHand(refs.plane, this.plane, this.handActions());
    /** @type {(factor: number) => () => void} */
    const middle = (factor) => () => {
      this.plane.zoom(factor, refs.plane.clientWidth / 2, refs.plane.clientHeight / 2);
      this.moved();
    };
    refs.zoomIn.onclick = middle(PATH_ZOOM);
    refs.zoomOut.onclick = middle(1 / PATH_ZOOM);
    refs.zoomPath.onclick = () => this.fitPath();
    refs.zoomReset.onclick = () => this.fit();
    refs.plane.onkeydown = (/** @type {KeyboardEvent} */ event) => this.key(event);
    this.observer = watchSize(refs.plane, () => this.resized());
  }

  stop() {
    this.observer.disconnect();
    this.hand.stop();
  }

  /** Arrows move the chosen end, with shift ten steps. @type {(event: KeyboardEvent) => void} */
  key(event) {
    const arrow = PATH_ARROWS[event.key];
    const { axes, ends, active } = this;
    if (!arrow || !axes || !ends || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const size = keyStep(this.plane.view().span) * (event.shiftKey ? 10 : 1);
    const [a, b] = shadow(ends[active], axes);
    this.act.move(active, moveOnPlane(ends[active], axes, a + size * arrow[0], b + size * arrow[1]));
    this.act.rest();
  }

  /** @type {() => HandActions} */
  handActions() {
    return {
      look: (a, b) => this.point(this.plane.toScreen(a, b)),
      begin: () => {
        [this.taken, this.before] = [null, this.ends];
      },
      hold: (a, b) => this.axes && this.drag(a, b),
      cancel: () => this.taken && this.before && this.act.move(this.taken, this.before[this.taken]),
      release: () => this.taken && this.act.rest(),
      leave: () => {},
      near: () => {},
      moved: () => this.moved(),
      viewed: () => {},
    };
  }

  /** @type {(place: Spot) => void} */
  point(place) {
    this.refs.plane.style.cursor = this.handleAt(place) ? "grab" : "crosshair";
  }

  /** @type {(a: number, b: number) => void} */
  drag(a, b) {
    const { axes, ends } = this;
    if (!axes || !ends) return;
    if (!this.taken) {
      this.taken = this.handleAt(this.plane.toScreen(a, b)) ?? this.active;
      this.activate(this.taken);
    }
    this.act.move(this.taken, moveOnPlane(ends[this.taken], axes, a, b));
  }

  /**
   * The side whose handle is under a place of the canvas, or null.
   * @type {(place: Spot) => Side | null}
   */
  handleAt([x, y]) {
    const { axes, ends } = this;
    if (!axes || !ends) return null;
    /** @type {(side: Side) => Spot} */
    const shown = (side) => this.plane.toScreen(...shadow(ends[side], axes));
    const [a, b] = handlePlaces(shown("a"), shown("b")).map(([px, py]) => Math.hypot(px - x, py - y));
    if (Math.min(a, b) > HANDLE_REACH) return null;
    return a < b ? "a" : "b";
  }

  /** Let a press beside the handles move this end. @type {(side: Side) => void} */
  activate(side) {
    this.active = side;
    this.refs.sides.set(side);
    this.plane.draw();
  }

  /** @type {(net: Decoder) => void} */
  setModel(net) {
    this.header = net.header;
    const { rings } = net.header.latent;
    // in a plane of many dimensions the prior's levels say nothing of how far z itself is
    this.plane.setLayers({ rings: net.zDim <= 2, backdrop: false });
    this.told = null;
    this.plane.setPrior(net.zDim <= 2 && (rings || levelsOfClass(net.header, planeAlong(net.zDim, 0, 1), null)));
    this.ring = rings && net.zDim > 2 ? Math.sqrt(net.zDim) : 0;
    this.fitted = true;
    // what the last model left may have another number of dimensions
    [this.axes, this.ends, this.images, this.routes, this.lines] = [null, null, null, [], []];
    this.plane.setPoints(null);
    this.markPosteriors();
  }

  /** @type {(points: Points | null) => void} */
  setPoints(points) {
    this.plane.setPoints(points && points.zDim === 1 ? spreadLine(points) : points);
    this.lookAlong();
    if (this.fitted) this.fit();
    else this.plane.draw();
  }

  /**
   * Show a path between two ends; `same` keeps the plane, as while the hand moves on it.
   * @type {(ends: Ends, routes: Route[], same: boolean) => void}
   */
  setPath(images, routes, same) {
    const [a, b] = [images.a.z, images.b.z];
    [this.ends, this.images, this.routes, this.lines] = [{ a, b }, images, routes, []];
    if (!this.header) return;
    this.followClass();
    if (!same || !this.axes || this.axes.u.length !== a.length) {
      this.axes = planeThrough(this.header, a, b);
      this.lookAlong();
      if (this.fitted) this.fit();
    }
    const { axes } = this;
    this.lines = routes.map((route) => lineOf(route, axes));
    this.markPosteriors();
    this.plane.draw();
  }

  markPosteriors() {
    const { axes, header, images, theme } = this;
    this.plane.setMarks(axes && header && images && theme ? posteriorMarks(images, header, axes, theme) : []);
  }

  /** @type {(t: number) => void} */
  setTime(t) {
    this.time = t;
    this.followClass();
    this.plane.draw();
  }

  /** Where each class has a prior of its own: draw that of the class which is told at this time. */
  followClass() {
    const { header, images, told } = this;
    if (!header?.latent.by_class || !images || header.z_dim > 2) return;
    this.told = classAt(images, this.time);
    if (this.told !== told) this.plane.setPrior(levelsOfClass(header, planeAlong(header.z_dim, 0, 1), this.told));
  }

  /** @type {(theme: Theme, styles: Record<string, Style>) => void} */
  setTheme(theme, styles) {
    [this.styles, this.theme] = [styles, theme];
    this.plane.setTheme(theme);
    this.markPosteriors();
    this.plane.draw();
  }

  lookAlong() {
    if (!this.axes) return;
    const { u, v, labels } = this.axes;
    if (u.length === 1) this.plane.setAxes([1, 0], [0, 1], ["z1", "spread out for the eye"]);
    else this.plane.setAxes(u, v, labels);
  }

  moved() {
    this.fitted = false;
    this.plane.draw();
  }

  /** Show all points and both paths from end to end. */
  fit() {
    this.fitted = true;
    this.plane.fit();
    if (this.axes) this.plane.setView(this.widened(this.plane.view(), this.axes));
    this.plane.draw();
  }

  /** Show both paths from end to end as large as they fit. */
  fitPath() {
    if (!this.ends) return;
    this.fitted = false;
    this.plane.setView(viewOf(this.lines.flat(), this.refs.plane));
    this.plane.draw();
  }

  /** @type {(view: View, axes: Plane) => View} */
  widened(view, axes) {
    /** @type {Spot[]} */
    const places = this.routes.flatMap(({ at, from, to }) =>
      [from, (from + to) / 2, to].map((t) => shadow(at(t), axes)));
    if (this.ring) places.push([this.ring, this.ring], [-this.ring, -this.ring]);
    return widenedTo(places, view, this.refs.plane);
  }

  resized() {
    this.plane.resize();
    if (this.fitted) this.fit();
    else this.plane.draw();
  }

  // ---- what is drawn above the map --------------------------------------------------------

  /** @type {(context: CanvasRenderingContext2D, frame: Frame) => void} */
  overlay(context, frame) {
    const { ends } = this;
    if (!this.axes || !ends) return;
    if (this.ring) drawTypicalRing(context, frame, this.ring);
    for (const [i, line] of this.lines.entries()) {
      const places = line.map((place) => frame.toScreen(...place));
      drawRoute(context, frame, places, this.styles[this.routes[i].name]);
    }
    for (const [i, route] of this.routes.entries()) {
      const share = (i + 1) / (this.routes.length + 1);
      const other = this.routes.find((one) => one !== route);
      const [place, beside] = [route, other].map((one) => one && this.onScreen(frame, one.at(share)));
      const { colour } = this.styles[route.name];
      if (place) drawPathName(context, frame, route.words, place, beside ?? place, i ? -1 : 1, colour);
    }
    for (const route of this.routes) {
      drawDot(context, frame, this.onScreen(frame, route.at(this.time)), this.styles[route.name].colour);
    }
    const [a, b] = [this.onScreen(frame, ends.a), this.onScreen(frame, ends.b)];
    const [atA, atB] = handlePlaces(a, b);
    drawLead(context, frame, a, atA);
    drawLead(context, frame, b, atB);
    drawHandle(context, frame, atA, "A", this.active === "a");
    drawHandle(context, frame, atB, "B", this.active === "b");
  }

  /** @type {(frame: Frame, z: Numbers) => Spot} */
  onScreen(frame, z) {
    return this.axes ? frame.toScreen(...shadow(z, this.axes)) : frame.toScreen(0, 0);
  }
}

/**
 * A path's places on the plane, once for all the times that the slider draws it.
 * @type {(route: Route, axes: Plane) => Spot[]}
 */
function lineOf({ at, from, to }, axes) {
  return Array.from({ length: PATH_POINTS }, (_, i) =>
    shadow(at(from + (i * (to - from)) / (PATH_POINTS - 1)), axes));
}
