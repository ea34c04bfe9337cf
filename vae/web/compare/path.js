// One path between the same two test images in every model, scrubbed by one slider.

import { decode, drawPixels } from "../core/decoder.js";
import { lerp } from "../core/paths.js";
import { className } from "../core/told.js";
import { contextOf, element, setPressed } from "../parts/dom.js";
import { numbersText } from "../parts/query.js";
import { thumbOf } from "./images.js";
import { Row } from "./row.js";
import { Strip } from "./strip.js";

/** @import { Code, Column } from "./column.js" */
/** @import { Compare } from "./compare.js" */

const STEPS = 7;
const NO_PATH = "A path needs two test images.";
const NO_ENDS = "Its file holds no codes of these two images, and their pixels are not on this machine.";

/** Where a path begins and ends in a model. @typedef {{a: Code, b: Code}} Route */

/** What is drawn of a model's path. @typedef {{now: HTMLCanvasElement, strip: Strip, route: Route | null}} Drawn */

export class PathRow extends Row {
  /** @type {WeakMap<Column, Drawn>} */
  drawn = new WeakMap();
  /** The end that the next press of an image sets. @type {0 | 1 | null} */
  armed = null;
  frames = 0;
  #job = 0;

  /** @param {Compare} page */
  constructor(page) {
    super("path", "One path");
    this.page = page;
    this.slider = element("input", {
      type: "range", min: "0", max: "1", step: "0.005", "aria-label": "place on the path", class: "cmp-slider",
    });
    this.slider.value = String(page.state.time);
    this.slider.oninput = () => this.scrub(Number(this.slider.value));
    this.slider.onchange = () => page.keep();
    this.sides = /** @type {const} */ ([0, 1]).map((side) => this.#side(side));
    this.words = element("p", { class: "cmp-note" });
    const ends = element("div", { class: "cmp-ends" }, ...this.sides);
    this.head.append(ends, element("div", { class: "pad-slider cmp-scrub" }, this.slider), this.words);
  }

  /** @type {(side: 0 | 1) => HTMLButtonElement} */
  #side(side) {
    const name = `${"AB"[side]}: no image yet`;
    return element("button", { type: "button", class: "cmp-original", "aria-label": name, onclick: () => this.arm(side) });
  }

  stop() {
    cancelAnimationFrame(this.#job);
    this.#job = 0;
  }

  /** Let the next press of an image choose this end; once more, and it does not. @type {(side: 0 | 1 | null) => void} */
  arm(side) {
    this.armed = this.armed === side ? null : side;
    this.drawHead();
  }

  drawHead() {
    const { ends, shape, state, names } = this.page;
    this.sides.forEach((made, side) => {
      const end = ends?.[side];
      setPressed(made, this.armed === side);
      made.setAttribute("aria-label", `${"AB"[side]}: ${end ? this.page.words(end) : "no image"}; press to choose another`);
      const letter = element("span", { class: "cmp-end", textContent: "AB"[side], "aria-hidden": "true" });
      made.replaceChildren(...(end ? [thumbOf(end, shape, names[end.label] ?? "")] : []), letter);
    });
    if (Number(this.slider.value) !== state.time) this.slider.value = String(state.time);
    this.slider.style.setProperty("--pad-zero", "50%");
    this.words.textContent = this.armed === null
      ? "Straight from A to B in each model's z. Press A or B to choose another image."
      : `Press a test image above: it becomes ${"AB"[this.armed]}.`;
  }

  /** @type {(column: Column) => void} */
  draw(column) {
    const { page } = this;
    const cell = this.cell(column);
    if (column.wrong) return cell.lack(column.wrong);
    if (!column.drawing || !column.complete || !page.looked) return;
    if (!page.ends) {
      this.drawn.delete(column);
      return cell.lack(NO_PATH);
    }
    const { net, many } = column.drawing;
    const [a, b] = page.ends.map((end) => page.codeOf(column, end));
    const drawn = this.drawn.get(column) ??
      { now: element("canvas", { class: "cmp-now", role: "img" }), strip: new Strip(STEPS, "cmp-film"), route: null };
    this.drawn.set(column, drawn);
    const before = drawn.route;
    drawn.route = a && b ? { a, b } : null;
    if (!a || !b) return cell.lack(NO_ENDS);
    const route = { a, b };
    // both codes stand there by now: one object for each image, encoder and β
    if (before?.a === a && before.b === b) return;
    const times = Array.from({ length: STEPS }, (_, k) => k / (STEPS - 1));
    drawn.strip.clear(STEPS, net.shape, `the path in ${column.title}, from A to B`);
    const zs = times.map((t) => placeAt(route, t));
    many.decode(zs, (k) => toldAt(route, times[k]), (pixels, k) => drawn.strip.put(k, pixels));
    drawn.strip.show();
    drawn.now.setAttribute("aria-label", `the image at this place of the path in ${column.title}`);
    cell.show(wordsOf(net.header, route), drawn.now, drawn.strip.canvas);
    this.#now(column);
  }

  /** Go to a place of the path, in all models with the next frame. @type {(time: number) => void} */
  scrub(time) {
    this.page.state.time = time;
    this.#job ||= requestAnimationFrame(() => this.#frame());
  }

  #frame() {
    this.#job = 0;
    for (const column of this.page.columns) this.#now(column);
    this.page.maps.drawSoon();
    this.frames += 1;
    Object.assign(this.page.root.dataset, { at: this.page.state.time, frames: this.frames });
  }

  /** Where the path is now in a model; null where it has none. @type {(column: Column) => {a: Float64Array, b: Float64Array, z: Float64Array} | null} */
  placesIn(column) {
    const route = this.drawn.get(column)?.route;
    if (!route) return null;
    return { a: placeAt(route, 0), b: placeAt(route, 1), z: placeAt(route, this.page.state.time) };
  }

  /** @type {(column: Column) => void} */
  #now(column) {
    const drawn = this.drawn.get(column);
    if (!drawn?.route || !column.drawing) return;
    const { net } = column.drawing;
    const { time } = this.page.state;
    const z = placeAt(drawn.route, time);
    drawPixels(contextOf(drawn.now), decode(net, z, toldAt(drawn.route, time) ?? net.label), net.shape);
    this.cell(column).root.dataset.z = numbersText(z);
  }
}

/** @type {(route: Route, time: number) => Float64Array} */
function placeAt({ a, b }, time) {
  return lerp(Float64Array.from(a.posterior.loc), b.posterior.loc, time);
}

/** The class of the nearer end. @type {(route: Route, time: number) => number | null} */
function toldAt({ a, b }, time) {
  return time < 0.5 ? a.label : b.label;
}

/** @type {(header: import("../core/header.js").NetworkHeader, route: Route) => string} */
function wordsOf(header, { a, b }) {
  if (a.label === null || b.label === null) return "";
  if (a.label === b.label) return `Told class ${className(header, a.label)}.`;
  return `Told class ${className(header, a.label)}, from the middle on ${className(header, b.label)}.`;
}
