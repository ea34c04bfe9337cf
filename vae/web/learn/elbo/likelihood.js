// log p(x|z) is a loss that everybody knows: squared error under normal pixels, cross-entropy under
// black and white ones. Shown for the z at the centre of q.

import { decode, drawPixels } from "../../core/decoder.js";
import { contextOf, element, shownNumber } from "../../parts/dom.js";
import { drawChart } from "../parts/chart.js";
import { nameIn } from "../parts/lights.js";
import { createSlider } from "../parts/slider.js";
import { bernoulliLoss, bestSigma, gaussianLoss } from "./losses.js";
import { fillIn } from "../fill_in.js";

/** @import { GaussianLoss } from "./losses.js" */
/** @import { Told } from "../exhibit.js" */
/** @import { Look, Say, Station } from "./station.js" */

const [LOW, HIGH] = [0.05, 1];
const STEPS = 120;

/** @implements {Station} */
export class LikelihoodStation {
  /** @type {Look | null} */
  #look = null;

  /** @param {Say} say @param {Pick<Told, "light">} told */
  constructor(say, told) {
    this.say = say;
    this.pictures = ["image", "mean", "error"].map((name) => element("canvas", { class: "dg-picture", role: "img", "aria-label": say[name] }));
    const figures = this.pictures.map((canvas, k) => element("figure", {}, canvas,
      element("figcaption", { class: "dg-caption", textContent: say[["image", "mean", "error"][k]] })));
    this.sigma = createSlider({
      name: "σ", words: say.sigma, low: LOW, high: HIGH, log: true, value: 0.25, shown: (value) => shownNumber(value, 3),
    }, () => this.#draw());
    this.chart = element("canvas", { class: "ln-chart", role: "img", "aria-label": say.sigma_chart });
    this.gaussian = element("output", { class: "ln-equal", "data-testid": "gaussian" });
    this.bernoulli = element("output", { class: "ln-equal", "data-testid": "bernoulli" });
    for (const line of [this.gaussian, this.bernoulli]) nameIn(line, "loss", told);
    this.root = element("div", { class: "ln-station" },
      element("div", { class: "dg-pictures ln-three" }, ...figures),
      element("p", { class: "ln-name", textContent: say.gaussian }), this.sigma.root, this.chart, this.gaussian,
      element("p", { class: "ln-name", textContent: say.bernoulli }), this.bernoulli);
  }

  leave() {}

  /** @type {(look: Look) => void} */
  show(look) {
    this.#look = look;
    this.#draw();
  }

  #draw() {
    const look = this.#look;
    if (!look) return;
    const { net, pixels, theme } = look;
    const raw = Float64Array.from(net.run(Float64Array.of(look.q.a, look.q.b)));
    const mean = decode(net, Float64Array.of(look.q.a, look.q.b));
    const squares = Float32Array.from(pixels, (x, i) => (x - mean[i]) ** 2);
    for (const [k, picture] of [pixels, mean, squares].entries()) drawPixels(contextOf(this.pictures[k]), picture, net.shape);
    const sigma = this.sigma.value();
    const loss = gaussianLoss(pixels, mean, sigma);
    this.gaussian.textContent = fillIn(this.say.gaussian_line, {
      density: shownNumber(loss.logDensity, 2), error: shownNumber(loss.error, 2),
      scaled: shownNumber(-loss.scaled, 2), constant: signed(-loss.constant), sum: shownNumber(-loss.scaled - loss.constant, 2),
    });
    const { logProbability, crossEntropy } = bernoulliLoss(pixels, raw);
    this.bernoulli.textContent = fillIn(this.say.bernoulli_line, {
      probability: shownNumber(logProbability, 2), entropy: shownNumber(crossEntropy, 2),
    });
    Object.assign(this.root.dataset, { error: loss.error, log: loss.logDensity, probability: logProbability, entropy: crossEntropy });
    this.#curve(loss, sigma, pixels.length, theme);
  }

  /** @type {(loss: GaussianLoss, sigma: number, size: number, theme: Look["theme"]) => void} */
  #curve({ error, logDensity }, sigma, size, theme) {
    /** @type {(sigma: number) => number} */
    const at = (s) => -error / (2 * s * s) - (size / 2) * Math.log(2 * Math.PI * s * s);
    const points = Array.from({ length: STEPS + 1 }, (_, k) => {
      const s = LOW * (HIGH / LOW) ** (k / STEPS);
      return /** @type {[number, number]} */ ([s, at(s)]);
    });
    const best = Math.min(HIGH, Math.max(LOW, bestSigma(error, size)));
    const top = at(best);
    const span = Math.max(300, top - at(HIGH));
    drawChart(this.chart, {
      x: { low: LOW, high: HIGH, log: true, name: "σ" },
      y: { low: top - 1.15 * span, high: top + 0.12 * span, name: this.say.sigma_axis },
      lines: [{ points, colour: theme.accent }],
      marks: [
        { x: best, y: top, colour: theme.text, name: fillIn(this.say.best, { sigma: shownNumber(best, 3) }) },
        { x: sigma, y: Math.max(logDensity, top - 1.15 * span), colour: theme.accent },
      ],
    }, theme);
  }
}

/** A number that is added: with its sign before it. @type {(value: number) => string} */
function signed(value) {
  return `${value < 0 ? "−" : "+"} ${shownNumber(Math.abs(value), 2)}`;
}
