// The small map: the plane that holds both ends and the paths between them.

import { listenToHand } from "../plane/hand.js";
import { priorLevels } from "../core/density.js";
import { keyStep, moveOnPlane, planeOf, shadow } from "../core/latent.js";
import { spreadLine } from "../plane/line.js";
import {
  drawDot,
  drawHandle,
  drawLead,
  drawRoute,
  drawTypicalRing,
  handlePlaces,
  writeName,
} from "./marks.js";
import { norm, sideOf } from "../core/paths.js";
import { createPlane } from "../plane/plane.js";
import { watchSize } from "../parts/size_watch.js";

const PATH_POINTS = 96;
const PATH_MARGIN = 44; // CSS pixels around a path that fills the map
const SHORTEST_SPAN = 0.05; // units of z across the map, when it is zoomed to a very short path
const HANDLE_REACH = 22; // CSS pixels within which a press takes a handle
const AROUND = 1.12; // of the view against the farthest end
const PATH_ZOOM = 1.5;
const PATH_ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * The plane on which the paths between a and b lie: the dimensions themselves where there are no
 * more than two, else the one through a, b and the origin, with b to the right of a.
 */
export function planeThrough(header, a, b) {
  if (header.z_dim === 1) return planeOf(header, "0");
  if (header.z_dim === 2) return planeOf(header, "0,1");
  const along = unit(b.map((value, i) => value - a[i])) ?? unit(a) ?? planeOf(header, "0,1").u;
  // what is left of the farther end beside the line gives the second direction
  const far = norm(a) > norm(b) ? a : b;
  const share = dot(far, along);
  const rest = far.map((value, i) => value - share * along[i]);
  const up = (norm(rest) > 1e-9 * norm(far) ? unit(rest) : null) ?? sideOf(along, 1);
  return { name: "path", u: along, v: up, labels: ["from A to B", "away from 0"] };
}

function dot(x, y) {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

function unit(z) {
  const length = norm(z);
  return length > 0 ? z.map((value) => value / length) : null;
}

/** Make the map; `act.move(side, z)` follows the hand with an end, `act.rest()` hears it let go. */
export function createPathMap(refs, act) {
  const map = new PathMap(refs, act);
  const observer = watchSize(refs.plane, () => map.resized());
  map.stop = () => {
    observer.disconnect();
    map.hand.stop();
  };
  return map;
}

class PathMap {
  stop; refs; act; ends; routes; before; theme; styles;

  constructor(refs, act) {
    [this.refs, this.act] = [refs, act];
    this.plane = createPlane(refs.plane);
    this.plane.setOverlay((context, frame) => this.axes && this.overlay(context, frame));
    [this.axes, this.ends, this.routes, this.lines, this.time] = [null, null, [], [], 0];
    [this.active, this.taken, this.before] = ["a", null, null];
    this.fitted = true;
    this.hand = listenToHand(refs.plane, this.plane, this.handActions());
    const middle = (factor) => () => {
      this.plane.zoom(factor, refs.plane.clientWidth / 2, refs.plane.clientHeight / 2);
      this.moved();
    };
    refs.zoomIn.onclick = middle(PATH_ZOOM);
    refs.zoomOut.onclick = middle(1 / PATH_ZOOM);
    refs.zoomPath.onclick = () => this.fitPath();
    refs.zoomReset.onclick = () => this.fit();
    refs.plane.onkeydown = (event) => this.key(event);
  }

  /** Arrows move the chosen end, with shift ten steps. */
  key(event) {
    const arrow = PATH_ARROWS[event.key];
    if (!arrow || !this.axes || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const size = keyStep(this.plane.view().span) * (event.shiftKey ? 10 : 1);
    const [a, b] = shadow(this.ends[this.active], this.axes);
    this.act.move(this.active, moveOnPlane(
      this.ends[this.active], this.axes, a + size * arrow[0], b + size * arrow[1]));
    this.act.rest();
  }

  handActions() {
    return {
      look: (a, b) => this.point(this.plane.toScreen(a, b)),
      begin: () => {
        [this.taken, this.before] = [null, this.ends];
      },
      hold: (a, b) => this.axes && this.drag(a, b),
      cancel: () => this.taken && this.act.move(this.taken, this.before[this.taken]),
      release: () => this.taken && this.act.rest(),
      leave: () => {},
      near: () => {},
      moved: () => this.moved(),
      viewed: () => {},
    };
  }

  point(place) {
    this.refs.plane.style.cursor = this.axes && this.handleAt(place) ? "grab" : "crosshair";
  }

  drag(a, b) {
    if (!this.taken) {
      this.taken = this.handleAt(this.plane.toScreen(a, b)) ?? this.active;
      this.activate(this.taken);
    }
    this.act.move(this.taken, moveOnPlane(this.ends[this.taken], this.axes, a, b));
  }

  /**
   * The side whose handle is under a place of the canvas, or null.
   * @param {number[]} place
   */
  handleAt([x, y]) {
    const shown = (side) => this.plane.toScreen(...shadow(this.ends[side], this.axes));
    const [a, b] = handlePlaces(shown("a"), shown("b")).map(([px, py]) => Math.hypot(px - x, py - y));
    if (Math.min(a, b) > HANDLE_REACH) return null;
    return a < b ? "a" : "b";
  }

  /** Let a press beside the handles move this end. */
  activate(side) {
    this.active = side;
    this.refs.sides.set(side);
    this.plane.draw();
  }

  setModel(net) {
    this.net = net;
    const { rings } = net.header.latent;
    // in a plane of many dimensions the prior's levels say nothing of how far z itself is
    this.plane.setLayers({ rings: net.zDim <= 2, backdrop: false });
    const axes = planeOf(net.header, net.zDim === 1 ? "0" : "0,1");
    this.plane.setPrior(net.zDim <= 2 && (rings || priorLevels(net.header, axes)));
    this.ring = rings && net.zDim > 2 ? Math.sqrt(net.zDim) : 0;
    this.fitted = true;
    // what the last model left may have another number of dimensions
    [this.axes, this.ends, this.routes, this.lines] = [null, null, [], []];
    this.plane.setPoints(null);
  }

  setPoints(points) {
    this.plane.setPoints(points && points.zDim === 1 ? spreadLine(points) : points);
    this.lookAlong();
    if (this.fitted) this.fit();
    else this.plane.draw();
  }

  /** Show a path between two ends; `same` keeps the plane, as while the hand moves on it. */
  setPath(a, b, routes, same) {
    [this.ends, this.routes, this.lines] = [{ a, b }, routes, []];
    if (!same || !this.axes || this.axes.u.length !== a.length) {
      this.axes = planeThrough(this.net.header, a, b);
      this.lookAlong();
      if (this.fitted) this.fit();
    }
    this.lines = routes.map((route) => this.lineOf(route));
    this.plane.draw();
  }

  // the path's places on the plane, once for all the times that the slider draws it
  lineOf({ at, from, to }) {
    return Array.from({ length: PATH_POINTS }, (_, i) =>
      shadow(at(from + (i * (to - from)) / (PATH_POINTS - 1)), this.axes));
  }

  setTime(t) {
    this.time = t;
    this.plane.draw();
  }

  setTheme(theme, styles) {
    [this.theme, this.styles] = [theme, styles];
    this.plane.setTheme(theme);
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
    if (this.ends) this.plane.setView(this.widened(this.plane.view()));
    this.plane.draw();
  }

  /** Show both paths from end to end as large as they fit. */
  fitPath() {
    if (!this.ends) return;
    this.fitted = false;
    const places = this.lines.flat();
    const [as, bs] = [places.map(([a]) => a), places.map(([, b]) => b)];
    const [left, right] = [Math.min(...as), Math.max(...as)];
    const [low, high] = [Math.min(...bs), Math.max(...bs)];
    const { clientWidth, clientHeight } = this.refs.plane;
    // beside the path there is room for the handles and the names of the paths
    const room = (side) => Math.max(1, side - 2 * PATH_MARGIN);
    const pixel = Math.max((right - left) / room(clientWidth), (high - low) / room(clientHeight));
    const span = Math.max(SHORTEST_SPAN, pixel * Math.min(clientWidth, clientHeight));
    this.plane.setView({ cx: (left + right) / 2, cy: (low + high) / 2, span });
    this.plane.draw();
  }

  widened(view) {
    const places = this.routes.flatMap(({ at, from, to }) =>
      [from, (from + to) / 2, to].map((t) => shadow(at(t), this.axes)));
    if (this.ring) places.push([this.ring, this.ring], [-this.ring, -this.ring]);
    const { clientWidth, clientHeight } = this.refs.plane;
    const smaller = Math.min(clientWidth, clientHeight) || 1;
    const spare = [clientWidth / smaller || 1, clientHeight / smaller || 1];
    const reach = places.map(([a, b]) =>
      Math.max(Math.abs(a - view.cx) / spare[0], Math.abs(b - view.cy) / spare[1]));
    return { ...view, span: Math.max(view.span, 2 * AROUND * Math.max(0, ...reach)) };
  }

  resized() {
    this.plane.resize();
    if (this.fitted) this.fit();
    else this.plane.draw();
  }

  // ---- what is drawn above the map --------------------------------------------------------

  overlay(context, frame) {
    if (this.ring) drawTypicalRing(context, frame, this.ring);
    for (const [i, line] of this.lines.entries()) {
      const places = line.map((place) => frame.toScreen(...place));
      drawRoute(context, frame, places, this.styles[this.routes[i].name]);
    }
    for (const [i, route] of this.routes.entries()) this.drawName(context, frame, route, i);
    for (const route of this.routes) {
      drawDot(context, frame, this.onScreen(frame, route.at(this.time)), this.styles[route.name].colour);
    }
    const places = ["a", "b"].map((side) => this.onScreen(frame, this.ends[side]));
    const handles = handlePlaces(...places);
    places.forEach((place, i) => drawLead(context, frame, place, handles[i]));
    for (const [i, side] of ["a", "b"].entries()) {
      drawHandle(context, frame, handles[i], side.toUpperCase(), side === this.active);
    }
  }

  onScreen(frame, z) {
    return frame.toScreen(...shadow(z, this.axes));
  }

  // beside the path, on the side away from the other ones
  drawName(context, frame, route, i) {
    const share = (i + 1) / (this.routes.length + 1);
    const [x, y] = this.onScreen(frame, route.at(share));
    const others = this.routes.filter((other) => other !== route);
    const [ox, oy] = others.length ? this.onScreen(frame, others[0].at(share)) : [x, y + 1];
    const apart = Math.hypot(x - ox, y - oy);
    const [dx, dy] = apart > 1 ? [(x - ox) / apart, (y - oy) / apart] : [0, i ? -1 : 1];
    const { colour } = this.styles[route.name];
    writeName(context, frame, route.words, x + 14 * dx, y + 14 * dy, dx, colour);
  }
}
