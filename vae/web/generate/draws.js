// The first view: a wall of draws, all decoded anew while the temperature moves.

import { className } from "../core/told.js";
import { whyNoDraw } from "../core/posterior.js";
import { button, choice, element, isPressed, menu, setOptions, setPressed, shownVector, switchButton } from "../parts/dom.js";
import { labelled, temperatureSlider } from "./layout.js";
import { shortOpinion } from "./reader.js";
import { saveButtons } from "./save.js";
import { SetOfDraws } from "./set.js";
import { noiseOf, posteriorSource } from "../core/source.js";
import { LARGEST_SEED } from "./state.js";
import { WallView } from "./wall_view.js";

/** @import { Points } from "../core/header.js" */
/** @import { Generate, Opened } from "./generate.js" */
/** @import { Noise, Source } from "../core/source.js" */

const COUNT = 64;
const COLUMNS = 8;
const EACH = "each"; // of the classes in turn

export class Draws extends WallView {
  /** @type {Noise[]} */
  noise = [];
  #noiseKey = "";

  /** @param {Generate} page */
  constructor(page) {
    super(page);
    this.main.classList.add("gen-square");
    this.temperature = temperatureSlider((value) => this.#warm(value), () => page.rest());
    this.from = choice("drawn from", { prior: "prior", image: "one image" }, (from) => this.#take(from === "image"));
    this.another = button("another image", { hidden: true, onclick: () => this.#take(true) });
    this.original = element("img", { class: "gen-original", alt: "the image itself", hidden: true });
    this.classes = menu("class", [], () => this.#told(this.classes.value));
    this.classLine = labelled("class", this.classes);
    this.seed = element("input", {
      type: "number", class: "gen-number", min: "0", max: String(LARGEST_SEED), step: "1", "aria-label": "seed",
    });
    this.seed.onchange = () => this.#reseed();
    this.words = element("p", { class: "gen-words" });
    this.names = switchButton("labels", false, () => this.#name(), { title: "what a classifier sees in each draw" });
    this.nameWords = element("p", { class: "gen-words", "aria-live": "polite" });
    const fresh = button("new draws", { title: "another seed (key r)", onclick: () => page.reseed() });
    this.files = saveButtons(() => this.wall.kept(this.name));
    this.set = new SetOfDraws(page, this);
    const sets = element("div", { class: "gen-line" }, this.files, this.set.root);
    const origin = element("div", { class: "gen-line" }, this.from.root, this.another, this.original);
    const seeds = element("div", { class: "gen-line" }, fresh, labelled("seed", this.seed));
    this.side = element("div", { class: "gen-controls" }, this.temperature.root, origin, this.words, seeds, this.classLine,
      element("div", { class: "gen-line" }, this.names), this.nameWords, sets, this.set.progress);
  }

  /** @type {(opened: Opened) => string | null} */
  open({ net, many }) {
    this.wall.setModel(net, many);
    this.classLine.hidden = !net.classes;
    const names = Array.from({ length: net.classes }, (_, label) => [String(label), className(net.header, label)]);
    setOptions(this.classes, [[EACH, "each in turn"], ...names]);
    const asked = this.page.state.more.class;
    this.classes.value = names.some(([value]) => value === asked) ? String(asked) : EACH;
    this.from.buttons.image.disabled = true;
    this.from.buttons.image.title = whyNoDraw(net.header) || "draws of the posterior q(z|x) of one encoded image";
    setPressed(this.names, false);
    this.named();
    this.setPoints(null);
    return null;
  }

  /** @type {(points: Points | null) => void} */
  setPoints(points) {
    const { opened } = this.page;
    this.from.buttons.image.disabled = !points || !opened || whyNoDraw(opened.net.header) !== "";
    if (points && this.page.state.more.image) this.draw();
  }

  /** The row of the image whose posterior is drawn from, null for the prior. */
  get row() {
    const { points, state } = this.page;
    const text = state.more.image;
    const row = /^\d{1,9}$/.test(text ?? "") ? Number(text) : null;
    return row !== null && points && !this.from.buttons.image.disabled && row < points.count ? row : null;
  }

  /** @returns {Source} */
  get source() {
    const { points, source } = this.page;
    const { row } = this;
    if (row !== null && points) return posteriorSource(points, row);
    if (!source) throw new Error("no model is open yet");
    return source;
  }

  /** The class that draw k is decoded as. @type {(k: number) => number | null} */
  labelOf(k) {
    const classes = this.page.opened?.net.classes;
    if (!classes) return null;
    const { row } = this;
    if (row !== null && this.page.points && this.page.points.label[row] >= 0) return this.page.points.label[row];
    return this.classes.value === EACH ? k % classes : Number(this.classes.value);
  }

  draw() {
    const { opened, state } = this.page;
    if (!opened) return;
    const { source } = this;
    const key = `${state.seed} ${opened.net.zDim}`;
    if (key !== this.#noiseKey) this.noise = noiseOf(state.seed, COUNT, opened.net.zDim);
    this.#noiseKey = key;
    const temperature = source.fixed ? 1 : state.temperature;
    this.temperature.show(temperature, source.warmth, source.fixed);
    this.seed.value = String(state.seed);
    this.#showOrigin(source);
    const cells = this.noise.map((noise, k) => {
      const label = this.labelOf(k);
      const as = label === null ? "" : `, ${className(opened.net.header, label)}`;
      const z = source.place(noise, temperature, label);
      return { z, label, name: `draw ${k + 1}${as}: z = ${shownVector(z, 2, 3)}` };
    });
    const named = isPressed(this.names);
    this.main.classList.toggle("gen-noted", named);
    this.wall.show({ count: COUNT, columns: COLUMNS, note: named }, cells);
  }

  get name() {
    const { named, state } = this.page;
    return `${named} draws seed ${state.seed} temperature ${state.temperature.toFixed(2)}`;
  }

  /** The names were switched on or off, or the classifier has come. */
  #name() {
    const { reader, data } = this.page;
    if (isPressed(this.names)) reader.ask(data.ask.classifier);
    this.named();
    this.draw();
  }

  /** Say what the classifier says, if it is there. */
  named() {
    const { reader, opened } = this.page;
    const on = isPressed(this.names);
    const { classifier } = reader;
    this.nameWords.textContent = on ? reader.words || reader.about : "";
    if (on && reader.refused) {
      // no label will come, so no room is kept for any
      setPressed(this.names, false);
      this.draw();
    }
    this.wall.read = on && classifier && opened
      ? (images) => classifier.opinions(images).map((one) => shortOpinion(opened.net.header, one))
      : null;
  }

  /** @type {(source: Source) => void} */
  #showOrigin(source) {
    const { row } = this;
    const { points, data } = this.page;
    this.from.set(row === null ? "prior" : "image");
    // an image is decoded as its own class, whatever the menu says
    this.classLine.hidden = !this.page.opened?.net.classes || (row !== null && points !== null && points.label[row] >= 0);
    this.another.hidden = row === null;
    this.words.textContent = source.words;
    const address = row !== null && points && data.originals ? `${data.originals}/${points.index[row]}.png` : "";
    this.original.hidden = !address;
    if (address && this.original.getAttribute("src") !== address) this.original.src = address;
  }

  /** @type {(value: number) => void} */
  #warm(value) {
    this.page.state.temperature = value;
    this.draw();
  }

  /** Draw from the posterior of an image, another one each time, or from the prior. @type {(image: boolean) => void} */
  #take(image) {
    const { points, state } = this.page;
    const row = image && points ? Math.floor(Math.random() * points.count) : null;
    state.more = { ...state.more, image: row === null ? null : String(row) };
    this.draw();
    this.page.rest();
  }

  /** @type {(value: string) => void} */
  #told(value) {
    const { state } = this.page;
    state.more = { ...state.more, class: value === EACH ? null : value };
    this.draw();
    this.page.rest();
  }

  #reseed() {
    const value = Math.round(Number(this.seed.value)) || 0;
    this.page.reseed(Math.min(LARGEST_SEED, Math.max(0, value)));
  }
}
