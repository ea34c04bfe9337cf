// Draws: a z from the prior and one pass through the decoder each, thirty at a time.

import { drawPixels } from "../../core/decoder.js";
import { noiseOf, priorSource } from "../../core/source.js";
import { button, contextOf, element, shownNumber } from "../../parts/dom.js";
import { createSlider } from "../parts/slider.js";

/** @import { Opened } from "../exhibit.js" */
/** @import { Side } from "./uses.js" */

const COUNT = 40;

/** @implements {Side} */
export class DrawsSide {
  #seed = 1;

  /** @param {Record<string, string>} words @param {Opened} opened */
  constructor(words, { net, many }) {
    this.net = net;
    this.many = many;
    this.source = priorSource(net.header);
    this.pictures = Array.from({ length: COUNT }, () => element("canvas", { class: "dg-picture" }));
    this.warmth = createSlider({
      name: "T", words: words.temperature, low: 0, high: 2, value: 1, mark: 1, step: 0.01, shown: (value) => shownNumber(value, 2),
    }, () => this.show());
    const again = button(words.new_draws);
    again.onclick = () => {
      this.#seed += 1;
      this.show();
    };
    this.named = element("div", { class: "ln-wall", role: "img", "aria-label": words.wall }, ...this.pictures);
    this.root = element("div", { class: "ln-draws" },
      element("div", { class: "ln-draws-tools" }, this.warmth.root, again), this.named);
  }

  show() {
    const { net, many, source } = this;
    const places = noiseOf(this.#seed, COUNT, net.zDim).map((noise) => source.place(noise, this.warmth.value()));
    many.decode(places, () => null, (pixels, k) => drawPixels(contextOf(this.pictures[k]), pixels, net.shape));
  }

  leave() {}

  stop() {}
}
