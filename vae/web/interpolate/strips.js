// The strips of all paths, one below the other: decoded between two frames, measured on one scale.

import { classAt, HALF_WAY } from "./ends.js";
import { linkFiles, STRIP_GAP } from "./film.js";
import { createStrip } from "./strip.js";

/** @import { Decoder } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Ends } from "./ends.js" */
/** @import { FilmOptions } from "./film.js" */
/** @import { Method } from "./layout.js" */
/** @import { Band, Strip, Style } from "./strip.js" */
/** @import { Quantity } from "./words.js" */

/** @typedef {{jump(t: number): void, worked(done: boolean): void}} StripsActions */

/**
 * A path of these ends, from t to t.
 * @typedef {Method & {from: number, to: number, at: (t: number) => Float64Array}} Route
 */

const STRIP_SLICE_MS = 7; // of the 16.7 between two frames
const CURVE_POINTS = 97;
const ROUGH_POINTS = 25; // of a curve that is slow to compute, while the hand moves
const FINE_MS = 150; // until that curve is computed as finely as others
/** @type {Record<string, number[] | undefined>} */
const DASHES = { lerp: [7, 5] };

export class Strips {
  /**
   * Fill `box` with a strip for each of the methods {name, words}. `act.jump(t)` hears a press,
   * `act.worked(done)` each piece of work.
   * @param {HTMLElement} box
   * @param {Method[]} methods
   * @param {StripsActions} act
   */
  constructor(box, methods, act) {
    this.box = box;
    this.act = act;
    this.all = methods.map((method) => createStrip(method, act.jump));
    this.job = 0;
    /** @type {Decoder | null} */
    this.net = null;
    /** @type {Ends | null} */
    this.ends = null;
    /** @type {Quantity | null} */
    this.quantity = null;
    /** Of all curves: [lowest, highest]. @type {[number, number] | null} */
    this.scale = null;
    /** @type {Band[]} */
    this.bands = [];
    /** @type {Record<string, Style>} */
    this.styles = {};
    this.measured = true;
    this.fine = 0;
    box.replaceChildren(...this.all.map(({ root }) => root));
  }

  stop() {
    cancelAnimationFrame(this.job);
    clearTimeout(this.fine);
  }

  /**
   * Another model, and what is measured along its paths, null for nothing.
   * @type {(net: Decoder, quantity: Quantity | null) => void}
   */
  setModel(net, quantity) {
    [this.net, this.quantity] = [net, quantity];
    for (const strip of this.all) strip.unit.textContent = "";
    this.box.classList.toggle("ip-no-curve", !quantity);
  }

  /**
   * Colours of the curves; returns them by the paths' names.
   * @type {(theme: Theme) => Record<string, Style>}
   */
  setTheme(theme) {
    /** @type {(strip: Strip) => Style} */
    const styleOf = ({ name }) =>
      ({ theme, colour: name === "lerp" ? theme.text : theme.accent, dash: DASHES[name] ?? [] });
    this.styles = Object.fromEntries(this.all.map((strip) => [strip.name, styleOf(strip)]));
    this.draw();
    return this.styles;
  }

  /** @type {(times: number[]) => void} */
  setTimes(times) {
    if (!this.net) return;
    for (const strip of this.all) strip.setTimes(times, this.net.shape);
  }

  /**
   * Follow other paths, one for each strip: decode and measure them between the next frames.
   * @type {(routes: Route[], ends: Ends) => void}
   */
  setPaths(routes, ends) {
    this.ends = ends;
    this.all.forEach((strip, i) => strip.setPath(routes[i].at));
    this.measured = false;
    clearTimeout(this.fine);
    this.job ||= requestAnimationFrame(() => this.work());
  }

  /** @type {(t: number) => void} */
  setTime(t) {
    for (const strip of this.all) strip.setTime(t);
  }

  /** @type {(address: string, ends: Ends, options: FilmOptions) => void} */
  linkFiles(address, ends, options) {
    for (const strip of this.all) linkFiles(strip, address, ends, options);
  }

  resized() {
    for (const strip of this.all) strip.resized();
    this.draw();
  }

  /**
   * Take the images of a path that the server drew.
   * @type {(name: string, picture: ImageBitmap) => void}
   */
  adopt(name, picture) {
    this.all.find((strip) => strip.name === name)?.adopt(picture, STRIP_GAP);
    this.draw();
  }

  /** Decode the strips between two frames, and measure along the paths. */
  work() {
    this.job = 0;
    const end = performance.now() + STRIP_SLICE_MS;
    const { net, ends } = this;
    const left = () => this.all.some(({ stale }) => stale > 0);
    // in turn, or the last strip would stand still while the hand moves an end
    if (net && ends && !net.remote) {
      /** @type {(t: number) => number | null} */
      const classOf = (t) => classAt(ends, t);
      while (left() && performance.now() < end) this.all.forEach((strip) => strip.work(net, classOf));
    }
    const done = Boolean(net?.remote) || !left();
    if (!this.measured) this.measureFirst();
    this.draw();
    this.act.worked(done);
    if (!done) this.job = requestAnimationFrame(() => this.work());
  }

  /** Measure at once; what is slow at few places, and at all of them when the hand rests. */
  measureFirst() {
    this.measured = true;
    const slow = this.quantity?.slow;
    this.measure(slow ? ROUGH_POINTS : CURVE_POINTS);
    if (!slow) return;
    this.fine = setTimeout(() => {
      this.measure(CURVE_POINTS);
      this.draw();
    }, FINE_MS);
  }

  /** @type {(count: number) => void} */
  measure(count) {
    const { ends, quantity } = this;
    if (!quantity || !ends) return;
    const values = this.all.flatMap((strip) => strip.measure(quantity, count, (t) => classAt(ends, t)));
    this.bands = bandsOf(quantity, ends);
    for (const [, , { mean, spread }] of this.bands) values.push(mean - spread, mean + spread);
    // beyond a grid nothing is known: the curve ends there
    const known = values.filter(Number.isFinite);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    this.scale = [low, high];
    for (const strip of this.all) strip.unit.textContent = quantity.scaleWords(low, high);
  }

  draw() {
    for (const strip of this.all) {
      strip.draw();
      if (this.quantity && this.scale) strip.drawCurve(this.quantity, this.scale, this.bands, this.styles[strip.name]);
    }
  }
}

/** Where draws of the prior lie, of each class that is told. @type {(quantity: Quantity, ends: Ends) => Band[]} */
function bandsOf({ typical }, { a, b }) {
  /** @type {(from: number, to: number, label: number | null) => Band[]} */
  const band = (from, to, label) => {
    const found = typical(label);
    return found ? [[from, to, found]] : [];
  };
  if (a.told === b.told) return band(-Infinity, Infinity, a.told);
  return [...band(-Infinity, HALF_WAY, a.told), ...band(HALF_WAY, Infinity, b.told)];
}
