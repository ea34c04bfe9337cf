// The first rows: ten test images and what comes back of them, and one of them large.

import { headerOfClass } from "../core/class_prior.js";
import { drawPixels } from "../core/decoder.js";
import { divergence, isScored, logLikelihoodOf } from "../core/likeness.js";
import { button, contextOf, element, menu, setOptions, setPressed, shownNumber } from "../parts/dom.js";
import { Row } from "./row.js";
import { Strip } from "./strip.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Code, Column, Picked } from "./column.js" */
/** @import { Compare } from "./compare.js" */

const ACROSS = 5;
const ALL = "all";
const NO_IMAGES = "No model here has a map: there are no test images to choose from.";
const NO_CODES = "Its file holds no codes of these images, and their pixels are not on this machine.";

export class ImagesRow extends Row {
  /** @type {WeakMap<Column, Strip>} */
  strips = new WeakMap();
  /** What stands in each strip, and its log p(x|z) in nats. @type {WeakMap<Column, {codes: (Code | null)[], nats: number[]}>} */
  drawn = new WeakMap();
  /** @type {HTMLButtonElement[]} */
  buttons = [];

  /** @param {Compare} page */
  constructor(page) {
    super("images", "Ten test images");
    this.page = page;
    this.grid = element("div", { class: "cmp-originals", role: "group", "aria-label": "test images" });
    this.classes = menu("class of the images", [], (value) => page.others(value === ALL ? null : Number(value)));
    const others = button("ten others", { onclick: () => page.others(this.label) });
    this.words = element("p", { class: "cmp-note" });
    // the images first: they stand in one line with what comes back of them
    this.head.replaceChildren(this.grid, this.title, element("div", { class: "cmp-tools" }, others, this.classes), this.words);
  }

  get label() {
    return this.classes.value === ALL || !this.classes.value ? null : Number(this.classes.value);
  }

  /** @type {(names: string[]) => void} */
  setClasses(names) {
    this.classes.hidden = names.length === 0;
    const options = [[ALL, "all classes"], ...names.map((name, label) => [String(label), name])];
    if (options.length !== this.classes.options.length) setOptions(this.classes, options);
  }

  /** Show the images themselves. */
  drawHead() {
    const { images, ends, state, shape, names } = this.page;
    this.title.textContent = images.length === 10 ? "Ten test images" : `${images.length} test images`;
    const root = this.grid.getRootNode();
    const held = root instanceof ShadowRoot ? this.buttons.findIndex((made) => made === root.activeElement) : -1;
    this.buttons = images.map((image, k) => {
      const made = element("button", {
        type: "button", class: "cmp-original", "aria-label": this.page.words(image),
        onclick: () => this.page.press(image.row),
      }, thumbOf(image, shape, names[image.label] ?? String(k + 1)));
      const side = ends?.findIndex((end) => end.row === image.row) ?? -1;
      if (side >= 0) made.append(element("span", { class: "cmp-end", textContent: "AB"[side], "aria-hidden": "true" }));
      setPressed(made, state.large === image.row);
      return made;
    });
    this.grid.replaceChildren(...this.buttons);
    // who goes by keyboard stays where they were
    this.buttons[held]?.focus();
    this.words.textContent = this.page.absent
      ? "The images are not on this machine: what is decoded are the codes that each model's file holds."
      : "";
  }

  /** @type {(column: Column) => void} */
  draw(column) {
    const { page } = this;
    const cell = this.cell(column);
    if (column.wrong) return cell.lack(column.wrong);
    if (!column.drawing || !column.complete || !page.looked) return;
    if (!page.images.length) return cell.lack(NO_IMAGES);
    const { net } = column.drawing;
    const codes = page.images.map((image) => page.codeOf(column, image));
    if (codes.every((code) => code === null)) return cell.lack(NO_CODES);
    const strip = stripOf(this.strips, column, (k) => page.press(page.images[k].row));
    const nats = this.#natsOf(column, codes) ?? this.#decode(column, strip, codes);
    const mean = nats.length && nats.reduce((sum, value) => sum + value, 0) / nats.length;
    const words = `mean −log p(x|z) ${shownNumber(-mean, 1)} nats${this.page.apart(net.header)}`;
    cell.show(nats.length ? words : "", strip.canvas);
  }

  /** What is known of these codes, where they stand in the strip by now; each image has one code object per encoder and β. @type {(column: Column, codes: (Code | null)[]) => number[] | null} */
  #natsOf(column, codes) {
    const found = this.drawn.get(column);
    const same = found?.codes.length === codes.length && codes.every((code, k) => code && code === found.codes[k]);
    return found && same ? found.nats : null;
  }

  /** @type {(column: Column, strip: Strip, codes: (Code | null)[]) => number[]} */
  #decode(column, strip, codes) {
    const { drawing } = column;
    if (!drawing) return [];
    strip.clear(codes.length, drawing.net.shape, `reconstructions by ${column.title}`);
    const nats = reconstruct(column, this.page.images, codes, (k, pixels) => strip.put(k, pixels));
    strip.show();
    this.drawn.set(column, { codes, nats });
    return nats;
  }
}

export class LargeRow extends Row {
  /** @type {WeakMap<Column, HTMLCanvasElement>} */
  pictures = new WeakMap();

  /** @param {Compare} page */
  constructor(page) {
    super("large", "");
    this.page = page;
    this.root.hidden = true;
    this.root.setAttribute("aria-label", "one image large");
    this.picture = element("canvas", { class: "cmp-large", role: "img" });
    this.words = element("p", { class: "cmp-note" });
    const from = button("A of the path", { onclick: () => this.#end(0) });
    const to = button("B of the path", { onclick: () => this.#end(1) });
    const close = button("close", { onclick: () => page.press(null) });
    this.head.append(this.picture, this.words, element("div", { class: "cmp-tools" }, from, to, close));
  }

  /** @type {(side: 0 | 1) => void} */
  #end(side) {
    const { large } = this.page.state;
    if (large !== null) this.page.setEnd(side, large);
  }

  drawHead() {
    const { large, shape } = this.page;
    this.root.hidden = !large;
    if (!large) return;
    this.picture.hidden = !large.pixels;
    if (large.pixels) drawPixels(contextOf(this.picture), large.pixels, shape);
    this.words.textContent = this.page.words(large);
    this.picture.setAttribute("aria-label", this.page.words(large));
  }

  /** @type {(column: Column) => void} */
  draw(column) {
    const { large } = this.page;
    const cell = this.cell(column);
    if (column.wrong) return cell.lack(column.wrong);
    if (!large || !column.drawing || !column.complete) return;
    const code = this.page.codeOf(column, large);
    if (!code) return cell.lack(NO_CODES);
    const { header, shape } = column.drawing.net;
    const picture = this.pictures.get(column) ?? element("canvas", { class: "cmp-large", role: "img" });
    this.pictures.set(column, picture);
    picture.setAttribute("aria-label", `reconstruction by ${column.title}`);
    const [score] = reconstruct(column, [large], [code], (_, pixels) => drawPixels(contextOf(picture), pixels, shape));
    const kl = divergence(code.posterior, headerOfClass(header, code.label));
    const words = [
      ...(score === undefined ? [] : [`−log p(x|z) ${shownNumber(-score, 1)} nats${this.page.apart(header)}`]),
      ...(kl === null ? [] : [`KL ${shownNumber(kl, 1)} nats`]),
      ...(code.label === null ? [] : [`told class ${this.page.names[code.label] ?? code.label}`]),
    ];
    cell.show(words.join(" · "), picture);
  }
}

/** An image, small; where its pixels are not here its class. @type {(image: Picked, shape: Shape, name: string) => HTMLElement} */
export function thumbOf({ pixels }, shape, name) {
  if (!pixels) return element("span", { class: "cmp-instead", textContent: name });
  const canvas = element("canvas", { class: "pad-thumb" });
  drawPixels(contextOf(canvas), pixels, shape);
  return canvas;
}

/** @type {(strips: WeakMap<Column, Strip>, column: Column, press: (k: number) => void) => Strip} */
function stripOf(strips, column, press) {
  const found = strips.get(column) ?? new Strip(ACROSS);
  strips.set(column, found);
  found.canvas.onclick = (event) => {
    const k = found.under(event);
    if (k >= 0) press(k);
  };
  return found;
}

/**
 * Decode the mean of each image's posterior; `hear(k, pixels)` gets the mean pixels of p(x|z).
 * Returns log p(x|z) in nats of the images whose pixels are here, nothing where it cannot be told.
 * @type {(column: Column, images: Picked[], codes: (Code | null)[], hear: (k: number, pixels: Float32Array) => void) => number[]}
 */
function reconstruct({ drawing }, images, codes, hear) {
  if (!drawing) return [];
  const { net, many } = drawing;
  const there = codes.flatMap((code, k) => (code ? [{ ...code, k }] : []));
  /** @type {number[]} */
  const nats = [];
  many.run(there.map(({ posterior }) => posterior.loc), (i) => there[i].label ?? net.label, (raw, i) => {
    const { k } = there[i];
    const { pixels } = images[k];
    net.link?.apply(raw, net.pixels);
    hear(k, net.pixels);
    if (pixels && isScored(net.header)) nats.push(logLikelihoodOf(net.header, raw, pixels));
  });
  return nats;
}
