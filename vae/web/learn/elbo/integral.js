// Why p(x) is out of reach: as a mean of p(x|z) over draws of the prior a few draws carry it all, and
// a lattice grows with a power of the number of dimensions.

import { element, shownNumber } from "../../parts/dom.js";
import { drawChart } from "../parts/chart.js";
import { createSlider } from "../parts/slider.js";
import { sketchDots } from "./dots.js";
import { fixedNoise, priorDraws, relativeWeights, weighByLikelihood } from "./drawn.js";
import { fillIn } from "../fill_in.js";
import { carriedBy, runningMeans } from "./weights.js";

/** @import { Draws } from "./drawn.js" */
/** @import { Look, Say, Station } from "./station.js" */

const MOST = 4000;
const SLICE_MS = 10;
const [FEWEST_DIMS, MOST_DIMS] = [1, 20];
const PER_DIMENSION = 100; // places of a lattice along each
const [BELOW, ABOVE] = [70, 8]; // nats about log p(x) on the chart

/** @implements {Station} */
export class IntegralStation {
  wide = true;
  /** @type {Look | null} */
  #look = null;
  /** @type {Draws | null} */
  #draws = null;
  #frame = 0;
  #each = 0;

  /** @param {Say} say @param {() => void} redraw of the plane */
  constructor(say, redraw) {
    this.say = say;
    this.redraw = redraw;
    this.count = createSlider({
      name: "n", words: say.prior_count, low: 10, high: MOST, log: true, step: 1, value: 400, shown: (value) => value.toLocaleString("en"),
    }, () => this.#draw());
    this.dims = createSlider({
      name: "d", words: say.dimensions, low: FEWEST_DIMS, high: MOST_DIMS, step: 1, value: 2, shown: String,
    }, () => this.#grid());
    this.chart = element("canvas", { class: "ln-chart", role: "img", "aria-label": say.prior_chart });
    this.line = element("output", { class: "ln-equal" });
    this.cost = element("output", { class: "ln-equal" });
    this.root = element("div", { class: "ln-station" },
      element("p", { class: "ln-name", textContent: say.by_draws }), this.count.root, this.chart, this.line,
      element("p", { class: "ln-name", textContent: say.by_lattice }), this.dims.root, this.cost);
  }

  leave() {
    cancelAnimationFrame(this.#frame);
  }

  /** @type {(look: Look) => void} */
  show(look) {
    const same = this.#look?.pixels === look.pixels && this.#draws;
    this.#look = look;
    if (!same) this.#draws = priorDraws(look.net, fixedNoise(look.net.zDim, MOST));
    this.#go();
  }

  #go() {
    cancelAnimationFrame(this.#frame);
    const [look, draws] = [this.#look, this.#draws];
    if (!look || !draws) return;
    const start = performance.now();
    const before = draws.known;
    while (draws.known < MOST && performance.now() - start < SLICE_MS) weighByLikelihood(look.net, look.many, look.pixels, draws);
    if (draws.known > before) this.#each = (performance.now() - start) / (draws.known - before);
    this.#draw();
    if (draws.known < MOST) this.#frame = requestAnimationFrame(() => this.#go());
  }

  #draw() {
    const [look, draws] = [this.#look, this.#draws];
    if (!look || !draws?.known) return;
    const count = Math.min(this.count.value(), draws.known);
    const { logMean, needed } = carriedBy(draws.logs.subarray(0, count));
    const log = look.terms.log ?? logMean;
    this.line.textContent = fillIn(this.say.prior_line, { n: count.toLocaleString("en"), mean: shownNumber(logMean, 2), needed });
    Object.assign(this.root.dataset, { mean: logMean, needed, known: draws.known });
    const { theme } = look;
    const points = runningMeans(draws.logs.subarray(0, draws.known));
    drawChart(this.chart, {
      x: { low: 10, high: MOST, log: true, name: this.say.prior_axis },
      y: { low: log - BELOW, high: log + ABOVE, name: this.say.nats },
      lines: [{ points, colour: theme.accent }],
      levels: [{ y: log, name: "log p(x)", colour: theme.text }],
      marks: [{ x: Math.max(10, count), y: Math.max(logMean, log - BELOW), colour: theme.accent }],
    }, theme);
    this.#grid();
    this.redraw();
  }

  #grid() {
    const dims = this.dims.value();
    const seconds = (this.#each / 1000) * PER_DIMENSION ** dims;
    this.cost.textContent = fillIn(this.say.lattice_line, { places: powerWords(PER_DIMENSION, dims), time: timeWords(seconds) });
  }

  /** @type {NonNullable<Station["above"]>} */
  above(context, frame) {
    const draws = this.#draws;
    if (!draws?.known) return;
    const count = Math.min(this.count.value(), draws.known);
    sketchDots(context, frame, draws.spots, relativeWeights(draws.logs, count), count);
  }
}

/** Places of a lattice: written out while that is short. @type {(each: number, dims: number) => string} */
function powerWords(each, dims) {
  return dims <= 3 ? (each ** dims).toLocaleString("en") : `10${superscript(Math.round(Math.log10(each) * dims))}`;
}

/** @type {(value: number) => string} */
function superscript(value) {
  return Array.from(String(value), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}

/** @type {(seconds: number) => string} */
export function timeWords(seconds) {
  const year = 365.25 * 86_400;
  if (seconds < 0.1) return `${shownNumber(seconds * 1000, 0)} ms`;
  if (seconds < 120) return `${shownNumber(seconds, 1)} s`;
  if (seconds < 7200) return `${shownNumber(seconds / 60, 0)} minutes`;
  if (seconds < 2 * 86_400) return `${shownNumber(seconds / 3600, 0)} hours`;
  if (seconds < 2 * year) return `${shownNumber(seconds / 86_400, 0)} days`;
  const years = seconds / year;
  return years < 1e5 ? `${Math.round(years).toLocaleString("en")} years` : `10${superscript(Math.round(Math.log10(years)))} years`;
}
