// Ten draws of each model's own prior, from the same noise.

import { className } from "../core/told.js";
import { noiseOf } from "../core/source.js";
import { button, element, menu, setOptions } from "../parts/dom.js";
import { numbersText } from "../parts/query.js";
import { COUNT } from "./pick.js";
import { Row } from "./row.js";
import { LARGEST_SEED } from "./state.js";
import { Strip } from "./strip.js";

/** @import { Network } from "../core/header.js" */
/** @import { Source } from "../core/source.js" */
/** @import { Column } from "./column.js" */
/** @import { Compare } from "./compare.js" */

const ACROSS = 5;
const EACH = "each"; // of the classes in turn

export class DrawsRow extends Row {
  /** @type {WeakMap<Column, Strip>} */
  strips = new WeakMap();

  /** @param {Compare} page */
  constructor(page) {
    super("draws", "Ten draws");
    this.page = page;
    this.words = element("p", { class: "cmp-note" });
    const others = button("ten others", { title: "another seed (key r)", onclick: () => this.again() });
    others.setAttribute("aria-label", "ten other draws");
    this.classes = menu("class of the draws", [], () => page.drawRow(this));
    this.classes.hidden = true;
    this.head.append(this.words, element("div", { class: "cmp-tools" }, others, this.classes));
  }

  /** Whether the draws of a model stand there. @type {(column: Column) => boolean} */
  has(column) {
    return !column.wrong && this.strips.has(column);
  }

  again() {
    this.page.state.seed = Math.floor(Math.random() * (LARGEST_SEED + 1));
    this.page.drawRow(this);
    this.page.keep();
  }

  drawHead() {
    const nets = this.page.columns.flatMap(({ drawing }) => (drawing ? [drawing.net] : []));
    const sizes = new Set(nets.map(({ zDim }) => zDim));
    const same = sizes.size > 1
      ? "The same noise in models of as many dimensions, the same seed in the others."
      : "The same noise in all models.";
    this.words.textContent = `${same} Seed ${this.page.state.seed}.`;
    const told = nets.find(({ classes }) => classes);
    this.classes.hidden = !told;
    const names = Array.from({ length: told?.classes ?? 0 }, (_, label) => (told ? className(told.header, label) : ""));
    const options = [[EACH, "each class in turn"], ...names.map((name, label) => [String(label), `class ${name}`])];
    if (options.length !== this.classes.options.length) setOptions(this.classes, options);
  }

  /** @type {(k: number, classes: number) => number | null} */
  #labelOf(k, classes) {
    if (!classes) return null;
    const chosen = Number(this.classes.value);
    return this.classes.value !== EACH && chosen < classes ? chosen : k % classes;
  }

  /** @type {(column: Column) => void} */
  draw(column) {
    const cell = this.cell(column);
    if (column.wrong) return cell.lack(column.wrong);
    if (!column.drawing) return;
    const { net, many, source } = column.drawing;
    const strip = this.strips.get(column) ?? new Strip(ACROSS);
    this.strips.set(column, strip);
    strip.clear(COUNT, net.shape, `ten draws of ${column.title}`);
    const places = noiseOf(this.page.state.seed, COUNT, net.zDim)
      .map((noise, k) => source.place(noise, 1, this.#labelOf(k, net.classes)));
    many.decode(places, (k) => this.#labelOf(k, net.classes), (pixels, k) => strip.put(k, pixels));
    strip.show();
    cell.root.dataset.z = numbersText(places[0]);
    cell.show(wordsOf(net, source), strip.canvas);
  }
}

/** What is drawn from, where it is not simply the prior. @type {(net: Network, source: Source) => string} */
function wordsOf({ header, classes }, source) {
  const { has_density: hasDensity, latent } = header;
  const fitted = !hasDensity && !latent.mixture && !latent.draws && latent.loc_mean;
  const from = fitted ? "No prior: drawn from a normal fitted to its codes." : source.words;
  // that the prior is drawn from goes without saying
  const words = from === "Draws of the prior." ? [] : [from];
  return [...words, ...(classes ? ["Each as the class that it is told."] : [])].join(" ");
}
