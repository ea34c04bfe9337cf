// Draws of a class: the hand holds one z, which is the style, and the decoder is told each class.

import { decode, drawPixels } from "../../core/decoder.js";
import { sampleOf } from "../../core/random.js";
import { noiseOf, priorSource } from "../../core/source.js";
import { button, contextOf, element, setPressed } from "../../parts/dom.js";
import { listenToHand } from "../../plane/hand.js";
import { createPlane } from "../../plane/plane.js";
import { fillIn } from "../fill_in.js";

/** @import { Opened } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Spot } from "../../plane/sketch.js" */
/** @import { Side } from "./uses.js" */

const DRAWN = 10; // of one class

/** @implements {Side} */
export class ClassesSide {
  /** @type {Spot} */
  spot = [0.6, -0.4];
  label = 3;
  seed = 1;

  /** @param {Record<string, string>} words @param {Opened} opened @param {(spot: Spot) => void} moved */
  constructor(words, { net }, moved) {
    this.net = net;
    this.moved = moved;
    this.canvas = element("canvas", { class: "pad-plane", tabIndex: 0, role: "img", "aria-label": words.style_plane, "data-testid": "style-plane" });
    this.plane = createPlane(this.canvas);
    this.plane.setAxes(Float64Array.of(1, 0), Float64Array.of(0, 1));
    this.plane.setLayers({ points: false });
    this.plane.setPrior(net.header.latent.rings);
    this.words = words;
    this.pictures = Array.from({ length: net.classes }, () => element("canvas", { class: "dg-picture" }));
    this.figures = this.pictures.map((canvas, label) => {
      const made = element("button", { type: "button", class: "ln-class", onclick: () => this.#choose(label) }, canvas, element("span", { class: "ln-small", textContent: String(label) }));
      made.setAttribute("aria-label", fillIn(words.of_class, { label }));
      return made;
    });
    this.name = element("p", { class: "ln-name", "aria-live": "polite" });
    this.drawn = Array.from({ length: DRAWN }, () => element("canvas", { class: "dg-picture" }));
    const again = button(words.another_style);
    again.onclick = () => {
      const [a, b] = sampleOf(net, 0);
      this.look([a, b]);
    };
    this.named = element("div", { class: "ln-classes", role: "group", "aria-label": words.classes }, ...this.figures);
    this.root = element("div", { class: "dg-stage ln-styles" },
      element("div", { class: "dg-map" }, element("div", { class: "pad-plane-box ln-plane-box" }, this.canvas)),
      element("div", { class: "dg-side" }, 
        this.named,
        element("div", { class: "dg-tools" }, again, element("span", { class: "ln-small", textContent: words.style_note })),
        this.name, element("div", { class: "ln-classes", "aria-hidden": "true" }, ...this.drawn)));
    this.hand = listenToHand(this.canvas, this.plane, {
      look: (a, b) => this.look([a, b]),
      hold: (a, b) => this.look([a, b]),
      begin() {}, cancel() {}, leave() {}, near() {}, viewed() {}, release() {},
      moved: () => this.plane.draw(),
    });
    this.canvas.onkeydown = (event) => this.#key(event);
  }

  /** @type {(theme: Theme) => void} */
  show(theme) {
    this.plane.setTheme(theme);
    this.plane.resize();
    this.plane.fit();
    this.look(this.spot);
    this.#choose(this.label);
  }

  /** Draws of one class. @type {(label: number) => void} */
  #choose(label) {
    const { net } = this;
    this.seed += Number(label === this.label);
    this.label = label;
    for (const [k, one] of this.figures.entries()) setPressed(one, k === label);
    this.name.textContent = fillIn(this.words.of_class, { label });
    const source = priorSource(net.header);
    for (const [k, noise] of noiseOf(this.seed, DRAWN, net.zDim).entries()) {
      drawPixels(contextOf(this.drawn[k]), decode(net, source.place(noise, 1, label), label), net.shape);
    }
  }

  /** @type {(spot: Spot) => void} */
  look(spot) {
    this.spot = spot;
    const { net } = this;
    for (const [label, canvas] of this.pictures.entries()) drawPixels(contextOf(canvas), decode(net, Float64Array.from(spot), label), net.shape);
    this.plane.setCursor({ a: spot[0], b: spot[1], held: true });
    this.plane.draw();
    this.moved(spot);
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 0.5 : 0.05;
    this.look([this.spot[0] + size * step[0], this.spot[1] + size * step[1]]);
  }

  leave() {}

  stop() {
    this.hand.stop();
  }
}
