// The lesson on what a VAE is for: five uses, each under the hand.

import { choice, element } from "../../parts/dom.js";
import { Exhibit } from "../exhibit.js";
import { nameIn } from "../parts/lights.js";
import { readSpecimens } from "../specimens.js";
import { openBefore } from "./before.js";
import { ClassesSide } from "./classes.js";
import { DrawsSide } from "./draws.js";
import { LabelsSide } from "./labels.js";
import { StrangeSide } from "./strange.js";

/** @import { MountExhibit, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */

/**
 * One use: `show` draws it, now that it has a size or other colours; `leave` ends what moves by itself.
 * `named` is the part of it that a symbol of the formula names.
 * @typedef {{root: HTMLElement, named?: HTMLElement, show(theme: Theme): void, leave(): void, stop(): void}} Side
 */

/** @type {Record<string, (told: Told) => Promise<Side>>} */
const SIDES = {
  draws: async (told) => new DrawsSide(told.words, await told.open("draws")),
  classes: async (told) => new ClassesSide(told.words, await told.open("classes"), () => {}),
  labels: async (told) => new LabelsSide(told.words, await told.open("labels"), readSpecimens(told.data.specimens), told.words.image),
  strange: async (told) => new StrangeSide(told.words, await told.open("vae"), readSpecimens(told.data.specimens), told.data.limits, told.words.image),
  before: (told) => openBefore(told.words, told.open),
};

/** What a use is called in the formula. @type {Record<string, string | undefined>} */
const NAMED = { draws: "decoder", classes: "class", strange: "score" };

/** @type {MountExhibit} */
export const mount = (root, told) => new UsesExhibit(root, told);

class UsesExhibit extends Exhibit {
  /** @type {Record<string, Side>} */
  #sides = {};
  #name = "";

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const { words } = told;
    this.choice = choice(words.uses, Object.fromEntries(Object.keys(SIDES).map((name) => [name, words[`to_${name}`]])), (name) => this.turn(name));
    this.place = element("div", { class: "ln-place" });
    root.append(element("div", { class: "ln-exhibit" }, element("div", { class: "ln-top" }, this.choice.root), this.place));
    this.turn(Object.hasOwn(SIDES, told.asked.use ?? "") ? told.asked.use : Object.keys(SIDES)[0]);
  }

  /** Show another use. @type {(name: string) => void} */
  turn(name) {
    const { told } = this;
    this.#sides[this.#name]?.leave();
    this.#name = name;
    this.choice.set(name);
    told.keep({ use: name === Object.keys(SIDES)[0] ? null : name });
    this.begin(() => this.#open(name));
  }

  /** @type {(name: string) => Promise<void>} */
  async #open(name) {
    const { told } = this;
    const side = this.#sides[name] ?? await SIDES[name](told);
    this.#sides[name] = side;
    if (NAMED[name]) nameIn(side.named ?? side.root, NAMED[name], told);
    if (!this.alive || this.#name !== name) return;
    this.place.replaceChildren(side.root);
    side.show(this.theme);
    this.root.dataset.use = name;
    told.say(told.words[`to_${name}`]);
    told.ready();
  }

  paint() {
    this.#sides[this.#name]?.show(this.theme);
  }

  stop() {
    super.stop();
    for (const side of Object.values(this.#sides)) side.stop();
  }
}
