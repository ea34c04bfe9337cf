// A tighter bound: k draws of q instead of one. The bound rises from the ELBO to log p(x), however q
// was placed (Burda et al. 2016).

import { element, shownNumber } from "../../parts/dom.js";
import { drawChart } from "../parts/chart.js";
import { createSlider } from "../parts/slider.js";
import { sketchDots } from "./dots.js";
import { fixedNoise, posteriorDraws, relativeWeights, weigherOf } from "./drawn.js";
import { fillIn } from "../fill_in.js";
import { boundsOf } from "./weights.js";

/** @import { Noise } from "../../core/source.js" */
/** @import { Draws } from "./drawn.js" */
/** @import { Look, Say, Station } from "./station.js" */

const MOST = 4096;
const KS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const SLICE_MS = 9;

/** @implements {Station} */
export class TighterStation {
  /** @type {Look | null} */
  #look = null;
  /** @type {Draws | null} */
  #draws = null;
  /** @type {Noise[]} */
  #noise = [];
  /** @type {((draws: Draws) => void) | null} */
  #weigh = null;
  #frame = 0;

  /** @param {Say} say @param {() => void} redraw of the plane */
  constructor(say, redraw) {
    this.say = say;
    this.redraw = redraw;
    this.k = createSlider({
      name: "k", words: say.k, low: 0, high: KS.length - 1, step: 1, value: 3, shown: (value) => String(KS[value]),
    }, () => this.#draw());
    this.chart = element("canvas", { class: "ln-chart ln-tall", role: "img", "aria-label": say.k_chart });
    this.line = element("output", { class: "ln-equal" });
    this.root = element("div", { class: "ln-station" },
      element("p", { class: "ln-name", textContent: say.k_name }), this.k.root, this.chart, this.line);
  }

  leave() {
    cancelAnimationFrame(this.#frame);
  }

  /** @type {(look: Look) => void} */
  show(look) {
    const same = this.#look?.pixels === look.pixels && this.#look.q === look.q && this.#draws;
    this.#look = look;
    if (!this.#noise.length) this.#noise = fixedNoise(look.net.zDim, MOST);
    if (!same) {
      this.#draws = posteriorDraws(look.q, this.#noise);
      this.#weigh = weigherOf(look.net, look.many, look.pixels, look.q, this.#noise);
    }
    this.#go();
  }

  #go() {
    cancelAnimationFrame(this.#frame);
    const [draws, weigh] = [this.#draws, this.#weigh];
    if (!draws || !weigh) return;
    const end = performance.now() + SLICE_MS;
    while (draws.known < MOST && performance.now() < end) weigh(draws);
    this.#draw();
    if (draws.known < MOST) this.#frame = requestAnimationFrame(() => this.#go());
  }

  #draw() {
    const [look, draws] = [this.#look, this.#draws];
    if (!look || !draws?.known) return;
    const bounds = boundsOf(draws.logs.subarray(0, draws.known), KS);
    const at = bounds[Math.min(this.k.value(), bounds.length - 1)];
    const { log, elbo } = look.terms;
    const known = log ?? Math.max(...bounds.map(({ bound }) => bound));
    const low = Math.min(elbo ?? Infinity, bounds[0].bound);
    const { theme } = look;
    const span = Math.max(0.4, known - low);
    drawChart(this.chart, {
      x: { low: 1, high: 512, log: true, name: this.say.k_axis },
      y: { low: low - 0.25 * span, high: known + 0.2 * span, name: this.say.nats },
      lines: [{ points: bounds.map(({ k, bound }) => [k, bound]), colour: theme.accent }],
      levels: [
        ...(log === null ? [] : [{ y: log, name: "log p(x)", colour: theme.text, at: /** @type {const} */ ("left") }]),
        ...(elbo === null ? [] : [{ y: elbo, name: "ELBO", colour: theme.text, dash: [2, 3] }]),
      ],
      marks: [{ x: at.k, y: at.bound, colour: theme.accent }],
    }, theme);
    this.line.textContent = fillIn(this.say.k_line, {
      k: at.k, bound: shownNumber(at.bound, 2), gap: shownNumber(Math.max(0, known - at.bound), 2), groups: at.groups.toLocaleString("en"),
    });
    Object.assign(this.root.dataset, { k: at.k, bound: at.bound, first: bounds[0].bound, known: draws.known });
    this.redraw();
  }

  /** @type {NonNullable<Station["above"]>} */
  above(context, frame) {
    const draws = this.#draws;
    if (!draws?.known) return;
    const count = Math.min(KS[this.k.value()], draws.known);
    sketchDots(context, frame, draws.spots, relativeWeights(draws.logs, count), count);
  }
}
