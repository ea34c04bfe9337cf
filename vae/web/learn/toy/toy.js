// Lesson 0: a VAE that is trained in the page itself, every weight and gradient in sight.

import { button, choice, element } from "../../parts/dom.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { nameAllIn } from "../parts/lights.js";
import { readSpecimens } from "../specimens.js";
import { buttons, slider } from "./controls.js";
import { Curve } from "./curve.js";
import { Drive } from "./drive.js";
import { Looks } from "./looks.js";
import { LatentMap } from "./map.js";
import { Pairs } from "./pairs.js";
import { signedColours } from "../paper.js";
import { parted } from "./points.js";
import { RECIPES } from "./recipes.js";
import { PointSheet } from "./sheet.js";
import { Training } from "./training.js";
import { Weights } from "./weights.js";

/** @import { MountExhibit, Told } from "../exhibit.js" */
/** @import { RecipeName } from "./recipes.js" */

const SEED = 1;
const MOST_STEPS = 20_000; // that an address may ask for
const AT_ONCE = 300; // of them before the first picture, the others before the visitor's eyes
const RATES = { low: 1e-3, high: 0.1 };
const BETAS = { low: 0.01, high: 10 };

/** @type {MountExhibit} */
export const mount = (root, told) => new Toy(root, told);

class Toy extends Exhibit {
  /** @type {RecipeName} */
  name = "images";

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const { words, asked } = told;
    this.words = words;
    this.drive = new Drive(() => this.training, () => this.#sliced());
    this.looks = new Looks(() => this.training.look(), () => this.drawNow());
    this.images = readImages(told.data);
    this.sheet = new PointSheet(words.sheet, (points) => this.#redrawn(points));
    this.map = new LatentMap(words.map, () => this.drive.runs || this.drawNow());
    this.pairs = new Pairs({ pairs: words.pairs, hand: words.hand });
    this.curve = new Curve({ reconstruction: words.reconstruction, kl: words.kl, steps: words.steps, label: words.curve });
    this.weights = new Weights({ weights: words.weights, gradient: words.gradient, encoder: words.encoder, decoder: words.decoder, flow: words.flow });
    this.what = choice(words.data, { images: words.digits, points: words.points }, (value) => this.#choose(/** @type {RecipeName} */ (value)));
    this.buttons = buttons({ step: words.step, run: words.run, pause: words.pause, restart: words.restart }, {
      step: () => this.#step(),
      run: () => this.#run(),
      restart: () => this.#restart(),
    });
    this.rate = slider({ name: words.rate, symbol: "eta", ...RATES, value: 0.01 }, (value) => this.#set("rate", value));
    this.beta = slider({ name: words.beta, symbol: "beta", ...BETAS, value: 1 }, (value) => this.#set("beta", value));
    this.training = this.#begin(asked.data === "points" ? "points" : "images");
    this.#build(root);
    this.#ask(asked);
    this.#look();
    told.ready();
  }

  /** Draw, and before the first step show what one would be. */
  #look() {
    if (this.training.steps || this.drive.runs) {
      this.looks.end();
      this.drawNow();
    } else this.looks.begin();
  }

  /** @type {(root: HTMLElement) => void} */
  #build(root) {
    const { words, sheet } = this;
    this.caption = element("figcaption");
    this.said = element("p", { class: "toy-said", "data-testid": "toy-said" });
    const tools = element("div", { class: "toy-tools" },
      button(words.clear, { onclick: () => sheet.clear(), "data-testid": "toy-clear" }), button(words.spiral, { onclick: () => sheet.fresh() }));
    const drawing = element("figure", { class: "toy-drawing" },
      element("div", { class: "toy-square" }, sheet.canvas, tools), element("figcaption", { textContent: words.sheet_caption }));
    this.parts = element("div", { class: "toy", "data-testid": "toy" },
      element("div", { class: "toy-bar" }, this.what.root, this.buttons.root, this.rate.root, this.beta.root),
      element("div", { class: "toy-stage" },
        element("figure", {}, element("div", { class: "toy-square" }, this.map.canvas, this.pairs.hand), this.caption),
        element("div", { class: "toy-seen" }, this.pairs.root, drawing),
        element("figure", { class: "toy-losses" }, this.curve.canvas, this.#legend())),
      this.said, this.weights.root);
    nameAllIn(this.parts, this.told);
    root.replaceChildren(this.parts);
  }

  /** @returns {HTMLElement} */
  #legend() {
    const { words } = this;
    return element("figcaption", { class: "toy-legend" },
      element("span", { class: "toy-line-reconstruction", textContent: words.reconstruction, "data-symbol": "reconstruction" }),
      element("span", { class: "toy-line-kl", textContent: words.kl, "data-symbol": "kl" }),
      element("span", { textContent: words.lines }));
  }

  /** Another training, from before its first step. @type {(name: RecipeName) => Training} */
  #begin(name) {
    const { data, heldOut } = name === "images" ? this.images : parted(this.sheet.points);
    this.name = name;
    this.training = new Training(RECIPES[name], data, heldOut, SEED);
    this.weights.begin(this.training);
    if (name === "images") this.pairs.begin(this.images.shown, this.images.shape);
    this.rate.set(this.training.rate);
    this.beta.set(this.training.beta);
    this.what.set(name);
    return this.training;
  }

  /** The state that an address asks for; what makes no sense is passed over. @type {(asked: Record<string, string>) => void} */
  #ask(asked) {
    const [rate, beta, step] = [asked.rate, asked.beta, asked.step].map(Number);
    if (rate >= RATES.low && rate <= RATES.high) this.#set("rate", rate);
    if (beta >= BETAS.low && beta <= BETAS.high) this.#set("beta", beta);
    this.rate.set(this.training.rate);
    this.beta.set(this.training.beta);
    if (!(Number.isInteger(step) && step > 0)) return;
    for (let i = 0; i < Math.min(step, AT_ONCE); i++) this.training.step();
    if (step > AT_ONCE) this.drive.run(Math.min(step, MOST_STEPS));
  }

  /** @type {(name: RecipeName) => void} */
  #choose(name) {
    if (name === this.name) return;
    this.drive.stop();
    this.map.z = [0, 0];
    this.#begin(name);
    this.#rested();
  }

  #step() {
    this.drive.stop();
    this.training.step();
    this.#rested();
  }

  #run() {
    if (this.drive.runs) this.drive.stop();
    else this.drive.run();
    this.#rested();
  }

  #restart() {
    this.drive.stop();
    this.training.restart();
    this.#rested();
  }

  /** @type {(key: "rate" | "beta", value: number) => void} */
  #set(key, value) {
    this.training[key] = value;
    this.told.keep({ [key]: String(value) });
    if (!this.training.steps) this.#look();
  }

  /** Other points were drawn: what was learnt stays. @type {(points: boolean) => void} */
  #redrawn(points) {
    if (points) {
      const { data, heldOut } = parted(this.sheet.points);
      this.training.learnFrom(data, heldOut);
    }
    if (this.drive.runs) return;
    if (points) this.#look();
    else this.drawNow();
  }

  #sliced() {
    if (this.drive.runs) this.drawNow();
    else this.#rested();
  }

  /** What stands still is kept in the address and said. */
  #rested() {
    this.#look();
    const { steps } = this.training;
    if (this.drive.runs) return;
    this.told.keep({ data: this.name === "images" ? null : this.name, step: steps ? String(steps) : null });
    this.told.say(this.said?.textContent ?? "");
  }

  stop() {
    super.stop();
    this.drive.stop();
    this.looks.end();
  }

  paint() {
    const { training, theme, name, looks } = this;
    if (!this.parts || !this.caption) return;
    this.caption.textContent = this.words[looks.drawn.length ? "map_look" : `map_${name}`];
    Object.assign(this.parts.dataset, { data: name, steps: String(training.steps), running: String(this.drive.runs), looks: String(looks.count) });
    this.buttons.running(this.drive.runs);
    const { all, labels } = name === "images" ? this.images : parted(this.sheet.points);
    this.map.draw(training, all, labels, looks.drawn, theme);
    if (name === "images") this.pairs.draw(training, this.map.z);
    else this.sheet.draw(training, this.map.z, theme);
    this.curve.draw(training, theme);
    this.weights.draw(training, signedColours(theme));
    this.#say();
  }

  #say() {
    const { training: { held, steps, heldOut }, words, name } = this;
    const last = held.at(-1);
    if (!this.said || !this.parts) return;
    const count = { count: heldOut.length, things: words[`things_${name}`], steps: steps.toLocaleString("en") };
    if (!last || !heldOut.length) {
      this.said.textContent = fillIn(words.empty, count);
      return;
    }
    const nats = { reconstruction: last.reconstruction, kl: last.kl, total: last.reconstruction + last.kl };
    const shown = Object.fromEntries(Object.entries(nats).map(([key, value]) => [key, value.toFixed(2).replace("-", "−")]));
    this.said.textContent = fillIn(words.said, { ...count, ...shown });
    Object.assign(this.parts.dataset, Object.fromEntries(Object.entries(nats).map(([key, value]) => [key, String(value)])));
  }
}

/** @typedef {{shape: number[], labels: number[], data: Float64Array[], heldOut: Float64Array[], all: Float64Array[], shown: Float64Array[]}} Images */

/** The images of the lesson: those that steps see, and those that none sees. @type {(data: Told["data"]) => Images} */
function readImages({ train, held }) {
  const [seen, unseen] = [readSpecimens(train), readSpecimens(held)];
  const [data, heldOut] = [seen, unseen].map(({ images }) => images.map((image) => Float64Array.from(image)));
  // one of each class
  const shown = [...new Set(unseen.labels)].toSorted((a, b) => a - b).map((label) => heldOut[unseen.labels.indexOf(label)]);
  return { shape: seen.shape, labels: [...seen.labels, ...unseen.labels], data, heldOut, all: [...data, ...heldOut], shown };
}
