// A set of many draws as one file for NumPy: how many, the button that saves it, and how far it is.

import { button, element, menu } from "../parts/dom.js";
import { nextTask } from "../parts/next_task.js";
import { save } from "../parts/save.js";
import { npz } from "../pictures/npz.js";
import { noiseOf } from "../core/source.js";

/** @import { Classifier } from "../batch/classifier.js" */
/** @import { Noise, Source } from "../core/source.js" */
/** @import { Draws } from "./draws.js" */
/** @import { Generate, Opened } from "./generate.js" */

/**
 * What the draws follow from, as it was when they were asked for: `labels` are the classes that the
 * decoder is told.
 * @typedef {{opened: Opened, source: Source, noise: Noise[], seed: number, temperature: number, beta: number, labels: (number | null)[], classifier: Classifier | null}} Recipe
 */

const SIZES = [64, 1000, 10_000];
const PIECE = 64; // draws between two looks at the hand

export class SetOfDraws {
  /** @type {Recipe | null} */
  #saving = null;

  /** @param {Generate} page @param {Draws} draws */
  constructor(page, draws) {
    this.page = page;
    this.draws = draws;
    this.count = menu("draws of a set", SIZES.map((count) => [String(count), count.toLocaleString("en")]), () => {});
    this.button = button("npz", { title: "images, z and labels as arrays for NumPy" });
    // the second press of a double click is not meant to stop
    this.button.onclick = ({ detail }) => detail < 2 && this.#press();
    this.root = element("span", { class: "gen-line" }, this.button, this.count);
    this.progress = element("p", { class: "gen-words", "aria-live": "polite" });
  }

  #press() {
    if (this.#saving) this.#end("Stopped: nothing was saved.");
    else void this.#save();
  }

  async #save() {
    const { page, draws } = this;
    if (!page.opened) return;
    const recipe = recipeOf(page, draws, Number(this.count.value));
    [this.#saving, this.button.textContent] = [recipe, "stop"];
    const name = `${draws.name}.npz`;
    const about = aboutOf(recipe, page.reader.about);
    const blob = await this.#made(recipe, about);
    if (!blob) return;
    save(blob, name);
    this.#end(isLabelled(recipe) ? "" : whyNoLabels(page));
  }

  /** @type {(words: string) => void} */
  #end(words) {
    [this.#saving, this.button.textContent, this.progress.textContent] = [null, "npz", words];
  }

  /** The file; null where it was stopped. @type {(recipe: Recipe, about: string) => Promise<Blob | null>} */
  async #made(recipe, about) {
    const { net } = recipe.opened;
    const [count, size] = [recipe.noise.length, net.pixels.length];
    const images = new Uint8ClampedArray(count * size);
    const z = new Float32Array(count * net.zDim);
    const label = new BigInt64Array(count);
    const confidence = new Float32Array(count);
    for (let first = 0; first < count; first += PIECE) {
      for (const [k, one] of this.#piece(recipe, first).entries()) {
        for (let i = 0; i < size; i++) images[(first + k) * size + i] = 255 * one.pixels[i];
        z.set(one.z, (first + k) * net.zDim);
        [label[first + k], confidence[first + k]] = [BigInt(one.label), one.confidence];
      }
      this.progress.textContent = `${Math.round(100 * Math.min(1, (first + PIECE) / count))} % decoded`;
      await nextTask();
      if (this.#saving !== recipe) return null;
      if (this.page.opened !== recipe.opened) {
        this.#end("Stopped: another model was opened.");
        return null;
      }
    }
    return npz({
      images: { values: new Uint8Array(images.buffer), shape: [count, ...net.shape] },
      z: { values: z, shape: [count, net.zDim] },
      label: { values: label, shape: [count] },
      confidence: { values: confidence, shape: [count] },
      about,
    });
  }

  /**
   * Some draws with their labels: those that were told, or what the classifier sees.
   * @type {(recipe: Recipe, first: number) => {pixels: Float32Array, z: ArrayLike<number>, label: number, confidence: number}[]}
   */
  #piece({ opened, source, noise, temperature, beta, labels, classifier }, first) {
    const places = noise.slice(first, first + PIECE).map((one, k) => source.place(one, temperature, labels[first + k]));
    /** @type {Float32Array[]} */
    const seen = [];
    this.page.rate.during(beta, () =>
      opened.many.decode(places, (k) => labels[first + k], (pixels) => seen.push(pixels.slice())));
    const opinions = opened.net.classes ? [] : (classifier?.opinions(seen) ?? []);
    return seen.map((pixels, k) => {
      const told = labels[first + k];
      const { label, confidence } = told === null ? (opinions[k] ?? { label: -1, confidence: 0 }) : { label: told, confidence: 1 };
      return { pixels, z: places[k], label, confidence };
    });
  }
}

/** @type {(page: Generate, draws: Draws, count: number) => Recipe} */
function recipeOf({ opened, state, rate, reader }, draws, count) {
  if (!opened) throw new Error("no model is open");
  const { source } = draws;
  return {
    opened,
    source,
    seed: state.seed,
    noise: noiseOf(state.seed, count, opened.net.zDim),
    temperature: source.fixed ? 1 : state.temperature,
    beta: rate.beta,
    labels: Array.from({ length: count }, (_, k) => draws.labelOf(k)),
    classifier: reader.classifier,
  };
}

/** @type {(recipe: Recipe) => boolean} */
function isLabelled({ opened, classifier }) {
  return Boolean(opened.net.classes || classifier);
}

/** @type {(page: Generate) => string} */
function whyNoLabels({ reader }) {
  const how = reader.words || "switch labels on first, and the classifier's stand there.";
  return `Saved with labels of −1: ${how}`;
}

/** @type {(recipe: Recipe, classifier: string) => string} */
function aboutOf(recipe, classifier) {
  const { opened, noise, source, seed, temperature, beta } = recipe;
  const at = opened.net.header.betas ? ` at beta ${beta}` : "";
  const labels = opened.net.classes ? "the class that was told" : classifier || "-1: no classifier was there";
  return `${noise.length} draws of ${opened.model}${at}, seed ${seed}, temperature ${temperature}. ` +
    `${source.words} Images are the mean pixels of p(x|z). Labels: ${labels}`;
}
