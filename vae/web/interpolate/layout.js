// The Interpolate page's skeleton: every element that the other parts fill and listen to.

import { button, choice, element, menu } from "../parts/dom.js";
import { loadingWords } from "../parts/load.js";

/** @import { Side } from "./address.js" */

/** A path: its name, and what the page calls it. @typedef {{name: string, words: string}} Method */
/** @typedef {ReturnType<typeof endCell>} EndCell */

/**
 * @typedef {object} MiddleCell
 * @property {string} name
 * @property {HTMLElement} root
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} box
 * @property {HTMLElement} numbers
 */

/**
 * @typedef {{root: HTMLElement, middles: MiddleCell[], stage: HTMLElement} &
 *   ReturnType<typeof endCells> & ReturnType<typeof scrubRow> & ReturnType<typeof mapParts> &
 *   ReturnType<typeof stripParts> & ReturnType<typeof frameParts>} InterpolatorRefs
 */

export const FRAMES = { least: 3, most: 64, first: 11 };
export const OVERSHOOTS = [["0", "none"], ["0.1", "10 %"], ["0.25", "25 %"], ["0.5", "50 %"]];

/**
 * Build the elements inside `root` for paths [{name, words}] and name them.
 * @type {(root: HTMLElement, methods: Method[]) => InterpolatorRefs}
 */
export function buildInterpolator(root, methods) {
  const middles = methods.map(middleCell);
  const refs = {
    root, middles, ...endCells(), ...scrubRow(), ...mapParts(), ...stripParts(), ...frameParts(),
  };
  const top = element("div", { class: "pad-top" }, refs.title, refs.swap, refs.share, refs.help);
  const cells = [refs.a.root, ...middles.map((cell) => cell.root), refs.b.root];
  refs.stage.append(...cells);
  refs.stage.style.setProperty("--ip-cells", String(cells.length));
  const below = element("div", { class: "ip-below" }, refs.stripsBox, refs.mapBox);
  root.replaceChildren(top, refs.notice, refs.stage, refs.scrub, refs.panel, below, refs.live);
  return refs;
}

function frameParts() {
  const square = { class: "pad-button pad-square", "aria-label": "help" };
  return {
    notice: element("div", { class: "pad-notice", role: "alert", hidden: true }),
    live: element("p", { class: "pad-live", "aria-live": "polite" }),
    share: button("share", { title: "copy a link to this path" }),
    swap: button("swap A and B", { title: "go the other way (key x)" }),
    help: button("?", { ...square, title: "how to move (key ?)" }),
    title: element("span", { class: "pad-title" }),
    stage: element("div", { class: "ip-stage" }),
    panel: element("section", { class: "ip-panel", "aria-label": "choose an end", hidden: true }),
  };
}

/** @type {(testid: string, words: string) => {canvas: HTMLCanvasElement, box: HTMLElement}} */
function picture(testid, words) {
  const canvas = element("canvas", {
    class: "pad-image",
    role: "img",
    "aria-label": words,
    "data-testid": testid,
  });
  const box = element("div", { class: "pad-image-box ip-image-box" }, canvas, loadingWords());
  return { canvas, box };
}

function endCells() {
  return { a: endCell("a"), b: endCell("b") };
}

/** @param {Side} side */
function endCell(side) {
  const letter = side.toUpperCase();
  const { canvas, box } = picture(`image-${side}`, `image ${letter}`);
  const original = element("img", { class: "ip-original", alt: "the original image", hidden: true });
  const words = element("p", { class: "ip-words" });
  const classes = menu(`${letter}: image of class`, [], () => {});
  const ways = menu(`${letter}: another way`, [], () => {});
  const another = button("another", { hidden: true });
  const line = element("div", { class: "ip-ways" }, another, classes, ways);
  const head = element("div", { class: "ip-head" }, element("h2", { textContent: letter }), original, words);
  const root = element("div", { class: `ip-cell ip-end ip-end-${side}` }, head, box, line);
  return { side, letter, root, canvas, box, original, words, another, classes, ways };
}

/** @type {(method: Method) => MiddleCell} */
function middleCell({ name, words }) {
  const { canvas, box } = picture(`image-${name}`, `${words} path`);
  const swatch = element("span", { class: `ip-swatch ip-swatch-${name}`, "aria-hidden": "true" });
  const head = element("div", { class: "ip-head" }, swatch, element("h2", { textContent: words }));
  const numbers = element("p", { class: "ip-numbers" });
  const root = element("div", { class: "ip-cell ip-middle" }, head, box, numbers);
  return { name, root, canvas, box, numbers };
}

function scrubRow() {
  const play = button("play", { class: "pad-button ip-play", title: "play and pause (space)" });
  const slider = element("input", {
    type: "range",
    class: "ip-slider",
    min: "0",
    max: "1",
    step: "any",
    value: "0.5",
    "aria-label": "position",
  });
  const time = element("output", { class: "ip-time" });
  const scrub = element("div", { class: "ip-scrub" }, play, slider, time);
  return { play, slider, time, scrub };
}

function stripParts() {
  const frames = element("input", {
    type: "number",
    class: "ip-number",
    min: FRAMES.least,
    max: FRAMES.most,
    value: FRAMES.first,
    "aria-label": "images on a strip",
  });
  const overshoot = menu("beyond the ends", OVERSHOOTS, () => {});
  const size = menu("size of an image in downloads", [], () => {});
  /** @type {(text: string, input: HTMLElement) => HTMLElement} */
  const labelled = (text, input) => element("label", {}, `${text} `, input);
  const bar = element("div", { class: "pad-bar ip-bar" });
  bar.append(
    labelled("images", frames),
    labelled("beyond the ends", overshoot),
    labelled("download at", size),
  );
  const strips = element("div", { class: "ip-strips" });
  const about = element("p", { class: "pad-small ip-about" });
  const command = element("code", { class: "ip-command" });
  const copy = button("copy", { title: "copy the command" });
  const line = element("div", { class: "ip-command-line" }, command, copy);
  const more = element("details", {}, element("summary", { textContent: "the same as a command" }), line);
  const stripsBox = element("div", { class: "ip-strips-box" }, bar, strips, about, more);
  return { frames, overshoot, size, strips, about, command, copy, stripsBox };
}

function mapParts() {
  const plane = element("canvas", {
    class: "pad-plane",
    role: "img",
    tabIndex: 0,
    "aria-label": "map of the paths",
    "data-testid": "path-map",
  });
  const square = (/** @type {string} */ text, /** @type {string} */ name) =>
    button(text, { class: "pad-button pad-square", "aria-label": name, title: name });
  const [zoomIn, zoomOut] = [square("+", "zoom in"), square("−", "zoom out")];
  const zoomReset = button("whole map", { title: "show all points and both paths" });
  const zoomPath = button("the path", { title: "zoom to A, B and the paths between them" });
  const zoom = element("div", { class: "ip-zoom" }, zoomIn, zoomOut, zoomPath, zoomReset);
  const planeBox = element("div", { class: "pad-plane-box ip-plane-box" }, plane);
  const sides = choice("end that a press on the map moves", { a: "A", b: "B" }, () => {});
  const sidesLine = element("div", { class: "ip-sides" }, "a press on the map moves", sides.root, zoom);
  const mapWords = element("p", { class: "pad-small ip-about" });
  const mapBox = element("section", { class: "ip-map", "aria-label": "map of the paths" });
  mapBox.append(planeBox, sidesLine, mapWords);
  return { plane, zoomIn, zoomOut, zoomPath, zoomReset, sides, mapWords, mapBox };
}
