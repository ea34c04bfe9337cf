// An exhibit: what a lesson shows, and the contract between it and the page of lessons.
//
// The exhibit of a name is the folder of that name here, with a module of that name that exports
// `mount(root, told)`; its styles are what style sheets lie there. `root` is an empty element with a
// width and a height of its own, two thirds of the page: the exhibit fills it and never grows beyond
// it on a wide screen (on a narrow one its height is its content's, of which `root` has the class
// "learn-narrow"). It draws at once what needs no network, calls `told.ready()` when its first
// picture stands, and sends no message anywhere while the hand moves.
//
// - `told.open(role)` gives the networks and the map of a model of the lesson, each read once.
// - `told.asked` is its state from the address; `told.keep({spread: "2"})` writes it there, null
//   takes a name away. Names are the exhibit's own, but not lesson, model, large or projector. A
//   value that makes no sense is passed over.
// - `told.light("mu")` lights the symbol in the formula while the hand is on what it names; null
//   ends that. `nameIn` of parts/lights.js says so for an element, which the page then marks with
//   its symbol; `data-lit` of the root and `light(symbol)` of the exhibit say which one is lit.
// - `told.say(sentence)` says what is seen to those who do not see it, when the hand rests.
// - `told.words.slider` is what the exhibit writes, from the file of words;
//   `fillIn(words.caption, {draws: 24})` of fill_in.js puts values in the place of `<draws>`.

/** @import { Network, Points } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { ModelProps } from "./props.js" */
/** @import { Theme } from "../parts/theme.js" */

/** A model of the lesson, opened. @typedef {{net: Network, many: Many, encoder: Network, points: Points | null, props: ModelProps}} Opened */

/**
 * @typedef {object} Told
 * @property {Record<string, number | string>} facts what the words state
 * @property {Record<string, string>} words
 * @property {any} data what the lesson's `data` gives
 * @property {Record<string, string>} asked
 * @property {Theme} theme
 * @property {(role: string) => Promise<Opened>} open
 * @property {(state: Record<string, string | null>) => void} keep
 * @property {(sentence: string) => void} say
 * @property {(symbol: string | null) => void} light
 * @property {() => void} ready
 * @property {(error: unknown) => void} fail says in place of the exhibit what went wrong
 */

/** @typedef {(root: HTMLElement, told: Told) => Exhibit} MountExhibit */

/** What all exhibits do; one of its own says in `paint` what is drawn. */
export class Exhibit {
  /** The symbol under the hand. @type {string | null} */
  lit = null;
  /** Whether it is still shown. */
  alive = true;
  #job = 0;

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    this.root = root;
    this.told = told;
    this.theme = told.theme;
    root.dataset.lit = "";
  }

  /** Do what takes time; the page says why it failed. @type {(open: () => Promise<void>) => Promise<void>} */
  async begin(open) {
    try {
      await open();
    } catch (error) {
      this.told.fail(error);
    }
  }

  /** Draw with the next frame, however often it is asked for until then. */
  draw() {
    this.#job ||= requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.#job);
    this.#job = 0;
    if (this.alive) this.paint();
  }

  paint() {}

  /** The hand is on what a symbol names, or on nothing. @type {(symbol: string | null) => void} */
  hover(symbol) {
    if (symbol === this.lit) return;
    this.light(symbol);
    this.told.light(symbol);
  }

  /** @type {(symbol: string | null) => void} */
  light(symbol) {
    this.lit = symbol;
    this.root.dataset.lit = symbol ?? "";
    this.draw();
  }

  /** Draw anew in other colours. @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  resized() {
    this.draw();
  }

  stop() {
    this.alive = false;
    cancelAnimationFrame(this.#job);
  }
}
