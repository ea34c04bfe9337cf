// The second view: how wide the bottleneck is, by hand. Digits of 8 × 8 pixels, as so many principal
// components, beside a network that has but two numbers.

import { decode, drawPixels, encode } from "../../core/decoder.js";
import { contextOf, element } from "../../parts/dom.js";
import { typeScale } from "../../parts/type_scale.js";
import { fillIn } from "../fill_in.js";
import { readSpecimens } from "../specimens.js";
import { coordinates, imageOf } from "./pca.js";

/** @import { Opened, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */

const PAD = 9; // half the slider's thumb: the curve stands above its track

export class Wide {
  /** @type {Opened | null} */
  model = null;

  /** @param {Told} told @param {number} width @param {() => void} changed @param {() => void} rested */
  constructor(told, width, changed, rested) {
    const { words, data } = told;
    this.told = told;
    this.width = width;
    this.digits = readSpecimens(data.digits);
    this.slider = element("input", { type: "range", min: "1", max: String(data.directions.length), step: "1", value: String(width), "aria-label": words.width });
    this.chart = element("canvas", { class: "wide-chart", role: "img", "aria-label": words.chart });
    this.number = element("output", { class: "wide-number" });
    this.verdict = element("p", { class: "learn-numbers" });
    const row = (/** @type {string} */ name) => {
      const pictures = this.digits.images.map(() => element("canvas", { class: "learn-picture" }));
      return { pictures, name: element("span", { class: "wide-name", textContent: name }), root: element("div", { class: "wide-pictures", role: "img", "aria-label": name }, ...pictures) };
    };
    this.rows = { original: row(words.original_row), pca: row(words.pca_row), network: row(words.network_row) };
    const rows = Object.values(this.rows).flatMap(({ name, root }) => [name, root]);
    this.root = element("div", { class: "wide" }, element("div", { class: "wide-rows" }, ...rows),
      element("div", { class: "wide-control" }, this.chart, element("label", { class: "pad-slider wide-slider" }, this.slider)),
      element("div", { class: "wide-said" }, this.number, this.verdict));
    this.slider.oninput = () => {
      this.width = Number(this.slider.value);
      changed();
    };
    this.slider.onchange = rested;
    this.digits.images.forEach((pixels, k) => this.#put(this.rows.original.pictures[k], pixels));
  }

  async open() {
    this.model = await this.told.open("small");
    const { net, encoder } = this.model;
    this.digits.images.forEach((pixels, k) => this.#put(this.rows.network.pictures[k], decode(net, encode(encoder, pixels).loc)));
  }

  /** @type {(canvas: HTMLCanvasElement, pixels: Float32Array) => void} */
  #put(canvas, pixels) {
    drawPixels(contextOf(canvas), pixels, this.digits.shape);
  }

  /** @type {(theme: Theme, lit: string | null) => void} */
  draw(theme, lit) {
    const { told: { words, data, facts }, width, digits } = this;
    digits.images.forEach((pixels, k) => this.#put(this.rows.pca.pictures[k], imageOf(data, coordinates(data, pixels, width))));
    this.rows.pca.name.textContent = fillIn(words.pca_row, { width });
    this.number.textContent = fillIn(words.numbers, { width });
    const error = data.errors[width];
    this.verdict.textContent = fillIn(words.errors, { pca: error.toFixed(2), network: Number(facts.small_error).toFixed(2) });
    Object.assign(this.root.dataset, { width, error });
    this.#curve(theme, lit);
  }

  /** @type {(theme: Theme, lit: string | null) => void} */
  #curve(theme, lit) {
    const { chart, told: { data, facts, words }, width } = this;
    const { clientWidth: across, clientHeight: high } = chart;
    const ratio = window.devicePixelRatio || 1;
    [chart.width, chart.height] = [Math.round(across * ratio), Math.round(high * ratio)];
    const paper = contextOf(chart);
    paper.setTransform(ratio, 0, 0, ratio, 0, 0);
    /** @type {number[]} */
    const errors = data.errors;
    const x = (/** @type {number} */ k) => PAD + ((k - 1) / (errors.length - 2)) * (across - 2 * PAD);
    const y = (/** @type {number} */ error) => high - 4 - (error / errors[1]) * (high - 12);
    const level = y(Number(facts.small_error));
    stroke(paper, theme.text, 1.5, [4, 4], [[0, level], [across, level]]);
    stroke(paper, theme.text, 1, [], [[x(width), 0], [x(width), high]]);
    stroke(paper, theme.accent, lit === "error" ? 4 : 2.5, [], errors.slice(1).map((error, k) => [x(k + 1), y(error)]));
    paper.beginPath();
    paper.arc(x(width), y(errors[width]), 5, 0, 2 * Math.PI);
    paper.fillStyle = theme.accent;
    paper.fill();
    paper.font = `${12 * typeScale()}px ${getComputedStyle(chart).fontFamily}`;
    Object.assign(paper, { fillStyle: theme.text, textAlign: "right", textBaseline: "bottom" });
    paper.fillText(words.network_line, across - 4, level - 3);
  }
}

/** @type {(paper: CanvasRenderingContext2D, colour: string, width: number, dash: number[], places: number[][]) => void} */
function stroke(paper, colour, width, dash, places) {
  paper.beginPath();
  for (const [x, y] of places) paper.lineTo(x, y);
  paper.setLineDash(dash);
  Object.assign(paper, { strokeStyle: colour, lineWidth: width });
  paper.stroke();
  paper.setLineDash([]);
}
