// Two losses and β: one slider moves the map, the reconstructions, the draws and the point on the curve
// of rate against distortion. The hand on the map sees which images share a place.

import { drawPixels, encode } from "../../core/decoder.js";
import { betaWithin, bringPoints, copyOfPoints, parseRates, rateAt } from "../../core/rates.js";
import { noiseOf } from "../../core/source.js";
import { contextOf, element, shownNumber } from "../../parts/dom.js";
import { fetchPayload } from "../../parts/load.js";
import { originalsOf } from "../../parts/originals.js";
import { shownBeta } from "../../parts/beta.js";
import { watchSize } from "../../parts/size_watch.js";
import { classColour } from "../../parts/theme.js";
import { listenToHand } from "../../plane/hand.js";
import { coverAt } from "../../microscope/cover.js";
import { createPlane } from "../../plane/plane.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { drawChart } from "../parts/chart.js";
import { createSlider } from "../parts/slider.js";
import { nameIn } from "../parts/lights.js";
import { readSpecimens } from "../specimens.js";
import { sketchPosteriors } from "./posteriors.js";
import { Shared } from "./shared.js";

/** @import { MountExhibit, Opened, Told } from "../exhibit.js" */
/** @import { Network, Points } from "../../core/header.js" */
/** @import { Many } from "../../batch/many.js" */
/** @import { Rates } from "../../core/rates.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Spot } from "../../plane/sketch.js" */

const SHOWN = 8; // pictures of a row
const SEED = 12;
const REST_MS = 150;
const NEAR_ONE = 0.04; // of log β
const TRIED = 24; // places

/** @typedef {{net: Network, many: Many, encoder: Network, base: Points, points: Points, rates: Rates, shared: Shared}} Model */

/** @type {MountExhibit} */
export const mount = (root, told) => new BetaExhibit(root, told);

class BetaExhibit extends Exhibit {
  /** @type {Model | null} */
  #model = null;
  /** @type {Spot} */
  #spot = [0, 0];
  #beta = 1;
  #timer = 0;
  #frames = 0;
  #soon = 0;
  /** @type {Float64Array[]} */
  places = [];
  /** q(z|x) of the images. @type {{loc: Float64Array, scale: Float64Array}[]} */
  found = [];

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const { words } = told;
    const { images, labels } = readSpecimens(told.data.specimens);
    this.images = images.slice(0, SHOWN);
    this.labels = labels.slice(0, SHOWN);
    this.canvas = element("canvas", { class: "pad-plane", tabIndex: 0, role: "img", "aria-label": words.map, "data-testid": "beta-plane" });
    this.plane = createPlane(this.canvas, { theme: told.theme });
    this.slot = element("div", { class: "ln-beta-slider" });
    this.chart = element("canvas", { class: "ln-chart ln-tall", role: "img", "aria-label": words.curve });
    this.sum = element("output", { class: "ln-equal ln-losses" });
    this.terms = termsIn(this.sum, words.losses, told);
    nameIn(this.slot, "beta", told);
    this.rows = ["images", "reconstructed", "draws"].map((name) => pictureRow(words[name], SHOWN));
    this.below = element("div", {});
    const map = element("div", { class: "dg-map" }, element("div", { class: "pad-plane-box ln-plane-box" }, this.canvas), this.below);
    const side = element("div", { class: "dg-side" }, this.chart, this.sum, ...this.rows.map((row) => row.root));
    root.append(element("div", { class: "ln-exhibit" }, this.slot, element("div", { class: "dg-stage" }, map, side)));
    this.hand = listenToHand(this.canvas, this.plane, {
      look: (a, b) => this.#look([a, b]),
      hold: (a, b) => this.#look([a, b]),
      begin() {}, cancel() {}, leave() {}, near() {}, viewed() {},
      release: () => this.#rest(),
      moved: () => this.plane.draw(),
    });
    this.canvas.onkeydown = (event) => this.#key(event);
    this.size = watchSize(this.canvas, () => this.resized());
    this.begin(() => this.#open());
  }

  async #open() {
    const opened = await this.told.open("vae");
    const address = opened.props.rates;
    if (!address || !opened.points) throw new Error("this model carries no encoded images at other β");
    const rates = parseRates(await fetchPayload(address));
    if (this.alive) this.#begin(opened, opened.points, rates);
  }

  /** @type {(opened: Opened, base: Points, rates: Rates) => void} */
  #begin({ net, many, encoder, props }, base, rates) {
    const { told } = this;
    const points = copyOfPoints(base);
    const shared = new Shared(told.words, net, points, originalsOf(props.originals ?? null));
    this.below.replaceWith(shared.root);
    this.#model = { net, many, encoder, base, points, rates, shared };
    const range = net.header.betas ?? [1, 1];
    this.slider = createSlider({
      name: "β", words: told.words.slider, low: range[0], high: range[1], log: true, value: 1, mark: 1, shown: shownBeta,
    }, (beta) => this.#moveSoon(Math.abs(Math.log(beta)) < NEAR_ONE ? 1 : beta));
    const ends = [told.words.low_end, told.words.high_end].map((end) => element("span", { textContent: end }));
    this.slot.replaceChildren(this.slider.root, element("div", { class: "ln-ends", "aria-hidden": "true" }, ...ends));
    this.slider.input.onchange = () => this.#rest();
    this.plane.setPoints(points);
    this.plane.setAxes(Float64Array.of(1, 0), Float64Array.of(0, 1));
    this.plane.setPrior(net.header.latent.rings);
    this.plane.setOverlay((paper, frame) => sketchPosteriors(paper, frame, this.#placed(), this.lit === "rate"));
    this.plane.resize();
    this.plane.fit();
    for (const [k, pixels] of this.images.entries()) drawPixels(contextOf(this.rows[0].canvases[k]), pixels, net.shape);
    this.places = noiseOf(SEED, SHOWN, net.zDim).map(({ normal }) => normal);
    const asked = Number(told.asked.weight);
    const beta = betaWithin(range, Number.isFinite(asked) && asked > 0 ? asked : null) ?? 1;
    this.slider.set(beta);
    this.#spot = this.#asked() ?? busiest(base);
    this.#move(beta);
    this.#rest();
    told.ready();
  }

  /** @returns {Spot | null} */
  #asked() {
    const [a, b] = (this.told.asked.at ?? "").split(",").map(Number);
    return Number.isFinite(a) && Number.isFinite(b) && Math.abs(a) < 20 && Math.abs(b) < 20 && this.told.asked.at ? [a, b] : null;
  }

  /** Once a frame, however many events of the hand come. @type {(beta: number) => void} */
  #moveSoon(beta) {
    cancelAnimationFrame(this.#soon);
    this.#soon = requestAnimationFrame(() => this.#move(beta));
  }

  /** @type {(beta: number) => void} */
  #move(beta) {
    const model = this.#model;
    if (!model) return;
    const { net, many, encoder, base, points, rates } = model;
    this.#beta = beta;
    for (const told of [net, many, encoder]) told.setBeta(beta);
    bringPoints(points, base, rates, beta);
    this.plane.pointsMoved();
    this.found = this.images.map((pixels) => {
      const { loc, scale } = encode(encoder, pixels);
      return { loc: Float64Array.from(loc), scale: Float64Array.from(scale ?? []) };
    });
    const codes = this.found.map(({ loc }) => loc);
    const canvases = [...this.rows[1].canvases, ...this.rows[2].canvases];
    many.decode([...codes, ...this.places], () => null, (pixels, k) => drawPixels(contextOf(canvases[k]), pixels, net.shape));
    this.#numbers(net);
    this.#look(this.#spot);
  }

  #placed() {
    return this.found.map((one, k) => ({ ...one, colour: classColour(this.labels[k], this.theme) }));
  }

  /** @type {(net: Network) => void} */
  #numbers(net) {
    const table = net.header.rates;
    if (!table) return;
    const { theme, told: { words } } = this;
    const { rate, distortion } = rateAt(table, this.#beta);
    const beta = shownBeta(this.#beta);
    const values = { distortion, beta: this.#beta, rate, loss: distortion + this.#beta * rate };
    for (const [name, value] of Object.entries(values)) {
      this.terms[name].textContent = name === "beta" ? beta : shownNumber(value, name === "rate" ? digitsTimes(this.#beta) : 1);
    }
    const ends = table.map(({ kl, reconstruction }) => /** @type {[number, number]} */ ([kl, -reconstruction]));
    const [lowest, highest] = [Math.min, Math.max].map((most) => most(...ends.map(([, up]) => up)));
    drawChart(this.chart, {
      x: { low: 0, high: Math.ceil(Math.max(...ends.map(([across]) => across)) + 0.5), name: words.rate_axis },
      y: { low: lowest - 0.08 * (highest - lowest), high: highest + 0.14 * (highest - lowest), name: words.distortion_axis },
      lines: [
        { points: ends, colour: theme.text, width: 1.5 },
        // of one loss distortion + β rate: no point of the curve lies below it
        { points: [0, 20].map((across) => [across, distortion - this.#beta * (across - rate)]), colour: theme.accent, width: 1.5, dash: [5, 4] },
      ],
      marks: [{ x: rate, y: distortion, colour: theme.accent, name: `β ${beta}` }],
    }, theme);
    Object.assign(this.root.dataset, { beta: this.#beta, rate, distortion });
  }

  /** @type {(spot: Spot) => void} */
  #look(spot) {
    const model = this.#model;
    if (!model) return;
    this.#spot = spot;
    this.root.dataset.sharing = String(model.shared.look(spot));
    this.plane.setCursor({ a: spot[0], b: spot[1], held: true });
    this.plane.draw();
    this.#frames += 1;
    Object.assign(this.root.dataset, { frames: this.#frames, z: spot.map((value) => value.toFixed(2)).join(",") });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), REST_MS);
  }

  #rest() {
    const model = this.#model;
    if (!model) return;
    clearTimeout(this.#timer);
    const beta = shownBeta(this.#beta);
    this.told.keep({ weight: this.#beta === 1 ? null : beta, at: this.root.dataset.z ?? null });
    this.told.say(fillIn(this.told.words.said, { beta, losses: this.sum.textContent ?? "", sharing: model.shared.count.textContent ?? "" }));
    model.shared.rest();
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 0.5 : 0.05;
    this.#look([this.#spot[0] + size * step[0], this.#spot[1] + size * step[1]]);
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.plane.setTheme(theme);
    super.setTheme(theme);
  }

  resized() {
    this.plane.resize();
    super.resized();
  }

  paint() {
    if (this.#model) this.#numbers(this.#model.net);
    this.plane.draw();
  }

  stop() {
    super.stop();
    cancelAnimationFrame(this.#soon);
    clearTimeout(this.#timer);
    this.hand.stop();
    this.size.disconnect();
  }
}

/** So many digits of a number that its product with β is right to one. @type {(beta: number) => number} */
function digitsTimes(beta) {
  return Math.max(1, 1 + Math.ceil(Math.log10(beta) - 1e-9));
}

/** A row of pictures with what they are. @type {(name: string, count: number) => {root: HTMLElement, canvases: HTMLCanvasElement[]}} */
function pictureRow(name, count) {
  const canvases = Array.from({ length: count }, () => element("canvas", { class: "dg-picture" }));
  const strip = element("div", { class: "ln-strip ln-eight", role: "img", "aria-label": name }, ...canvases);
  return { root: element("div", { class: "ln-row" }, element("span", { class: "ln-small", textContent: name }), strip), canvases };
}

/** Fill a line of words with a place for each `<name>`. @type {(line: HTMLElement, words: string, told: Told) => Record<string, HTMLElement>} */
function termsIn(line, words, told) {
  /** @type {Record<string, HTMLElement>} */
  const terms = {};
  line.replaceChildren(...words.split(/<(\w+)>/).map((piece, k) => {
    if (k % 2 === 0) return piece;
    terms[piece] = element("span", {});
    nameIn(terms[piece], piece, told);
    return terms[piece];
  }));
  return terms;
}

/** Of some encoded images the place that most others share: where pictures are blurred. @type {(points: Points) => Spot} */
function busiest(points) {
  const { loc, count } = points;
  const spots = Array.from({ length: TRIED }, (_, k) => {
    const row = Math.floor((k * count) / TRIED);
    return /** @type {Spot} */ ([loc[2 * row], loc[2 * row + 1]]);
  });
  const shared = spots.map((spot) => coverAt(points, Float64Array.from(spot)).effective);
  return spots[shared.indexOf(Math.max(...shared))];
}
