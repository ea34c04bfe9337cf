// The second view: how wide the bottleneck is, by hand. One image through the first numbers of the
// code of a network, and of principal components.

import { decode, drawPixels, encode } from "../../core/decoder.js";
import { contextOf, element } from "../../parts/dom.js";
import { fillIn } from "../fill_in.js";
import { valueUnder } from "../parts/chart.js";
import { AXIS, drawCode, drawCurves } from "./curves.js";
import { firstOf, squaredError } from "./first.js";

/** @import { Opened, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */

/** The error at each width, and how far it may be off. @typedef {{errors: number[], off: number[]}} Curve */

/** What one of the two draws. @typedef {{role: "nested" | "components", numbers: HTMLElement, picture: HTMLCanvasElement, error: HTMLElement, root: HTMLElement, model: Opened | null, code: number[]}} Side */

export class Wide {
  /** @type {Float32Array} */
  pixels = new Float32Array();

  /** @param {Told} told @param {number} width @param {() => void} changed @param {() => void} rested @param {(symbol: string | null) => void} hover */
  constructor(told, width, changed, rested, hover) {
    const { words, data } = told;
    this.told = told;
    this.width = width;
    this.most = data.network.errors.length;
    this.sides = /** @type {const} */ (["nested", "components"]).map((role) => sideOf(role, words));
    this.original = element("canvas", { class: "learn-picture", role: "img", "aria-label": words.original });
    this.caption = element("span", { class: "wide-error" });
    const original = figure("x", element("b", {}, words.original), this.original, this.caption);
    this.chart = element("canvas", { class: "wide-chart", role: "img", "aria-label": words.chart });
    this.code = element("canvas", { class: "wide-code", role: "img" });
    this.slider = element("input", { type: "range", min: "1", max: String(this.most), step: "1", value: String(width), "aria-label": words.width });
    this.number = element("output", { class: "wide-number", "aria-hidden": "true" });
    this.sentence = element("p", { class: "wide-said" });
    this.root = element("div", { class: "wide" },
      element("div", { class: "wide-pictures" }, original, ...this.sides.map((side) => side.root)),
      element("div", { class: "wide-control" }, this.chart, this.code, element("div", { class: "wide-hand" }, this.number, element("label", { class: "pad-slider wide-slider" }, this.slider))),
      this.sentence);
    this.slider.oninput = () => this.#turn(Number(this.slider.value), changed);
    this.slider.onchange = rested;
    this.#byChart(changed, rested);
    lights(hover, [[original, "x"], [this.chart, "error"], [this.code, "code"], [this.slider, "width"], ...this.sides.map((side) => /** @type {[HTMLElement, string]} */ ([side.root, "decoded"]))]);
  }

  async open() {
    await Promise.all(this.sides.map(async (side) => {
      side.model = await this.told.open(side.role);
    }));
    this.take(this.pixels);
  }

  /** @type {(pixels: Float32Array) => void} */
  take(pixels) {
    this.pixels = pixels;
    for (const side of this.sides) if (side.model) side.code = Array.from(encode(side.model.encoder, pixels).loc);
  }

  /** @type {(width: number, changed: () => void) => void} */
  #turn(width, changed) {
    if (width === this.width) return;
    this.width = width;
    this.slider.value = String(width);
    changed();
  }

  /** The hand may take the width on the curves as well. @type {(changed: () => void, rested: () => void) => void} */
  #byChart(changed, rested) {
    const { chart, most } = this;
    const to = (/** @type {PointerEvent} */ event) => {
      const under = valueUnder(chart, AXIS(most), event.clientX - chart.getBoundingClientRect().left);
      this.#turn(Math.min(most, Math.max(1, Math.round(under))), changed);
    };
    chart.onpointerdown = (event) => {
      chart.setPointerCapture(event.pointerId);
      to(event);
    };
    chart.onpointermove = (event) => {
      if (chart.hasPointerCapture(event.pointerId)) to(event);
    };
    chart.onpointerup = rested;
  }

  /** What is seen, in words. */
  get said() {
    const { told: { words, data: { network, pca } }, width } = this;
    const at = width - 1;
    const values = { network: network.errors[at], network_off: network.off[at], pca: pca.errors[at], pca_off: pca.off[at] };
    const shown = Object.entries(values).map(([name, value]) => [name, value.toFixed(name.endsWith("off") ? 2 : 1)]);
    return fillIn(words.said, { ...Object.fromEntries(shown), needs: this.needs });
  }

  /** How many principal components lose no more. */
  get needs() {
    const { told: { words, data }, width, most } = this;
    const match = data.matches[width - 1];
    return match > most ? words.unmatched : fillIn(words.matched, { match });
  }

  /** @type {(theme: Theme, lit: string | null, label: number) => void} */
  draw(theme, lit, label) {
    const { told: { words, data }, width, sides } = this;
    const numbers = fillIn(width === 1 ? words.number : words.numbers, { width });
    this.caption.textContent = fillIn(words.caption, { label });
    for (const side of sides) drawSide(side, this.pixels, width, words, numbers);
    const [network] = sides;
    if (network.model) drawPixels(contextOf(this.original), this.pixels, network.model.net.shape);
    const match = data.matches[width - 1];
    drawCurves(this.chart, theme, {
      network: data.network.errors, pca: data.pca.errors, width, match, strong: lit === "error",
      names: { network: words.nested, pca: words.components, axis: words.axis, matched: this.needs },
    });
    drawCode(this.code, theme, network.code, width, lit === "code");
    this.code.setAttribute("aria-label", fillIn(words.code, { width }));
    this.number.textContent = String(width);
    this.sentence.textContent = this.said;
    this.slider.setAttribute("aria-valuetext", numbers);
    Object.assign(this.root.dataset, { width, match, network: data.network.errors[width - 1], pca: data.pca.errors[width - 1] });
  }
}

/** @type {(role: "nested" | "components", words: Record<string, string>) => Side} */
function sideOf(role, words) {
  const numbers = element("span", { class: "wide-many" });
  const name = element("b", {}, words[role], numbers);
  const picture = element("canvas", { class: "learn-picture", role: "img", "aria-label": fillIn(words.decoded, { model: words[role] }), "data-testid": `wide-${role}` });
  const error = element("span", { class: "wide-error" });
  return { role, numbers, picture, error, root: figure(role, name, picture, error), model: null, code: [] };
}

/** @type {(role: string, numbers: HTMLElement, picture: HTMLCanvasElement, said: HTMLElement) => HTMLElement} */
function figure(role, name, picture, said) {
  return element("figure", { class: `wide-figure wide-${role}` }, name, picture, element("figcaption", {}, said));
}

/** @type {(side: Side, pixels: Float32Array, width: number, words: Record<string, string>, many: string) => void} */
function drawSide({ model, code, picture, error, numbers, root }, pixels, width, words, many) {
  numbers.textContent = `, ${many}`;
  if (!model) return;
  const out = decode(model.net, firstOf(code, width));
  drawPixels(contextOf(picture), out, model.net.shape);
  const found = squaredError(out, pixels);
  error.textContent = fillIn(words.error, { error: found.toFixed(1) });
  root.dataset.error = found.toFixed(4);
}

/** @type {(hover: (symbol: string | null) => void, parts: [HTMLElement, string][]) => void} */
function lights(hover, parts) {
  for (const [part, symbol] of parts) {
    part.onpointerenter = () => hover(symbol);
    part.onpointerleave = () => hover(null);
  }
}
