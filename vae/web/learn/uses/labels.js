// Semi-supervised learning: the model says which class a drawing is of, learnt from a hundred labels and
// all the images without one.

import { createDrawing } from "../../pictures/drawing.js";
import { decode, drawPixels, encode } from "../../core/decoder.js";
import { contextOf, element, shownNumber } from "../../parts/dom.js";
import { classColour } from "../../parts/theme.js";
import { fillStrip } from "../strip.js";

/** @import { Opened } from "../exhibit.js" */
/** @import { Specimens } from "../specimens.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Side } from "./uses.js" */

/** @implements {Side} */
export class LabelsSide {
  /** @type {Theme | null} */
  #theme = null;
  /** @type {Float32Array} */
  #pixels;

  /** @param {Record<string, string>} words @param {Opened} opened @param {Specimens} specimens @param {string} image words of one of them */
  constructor(words, { net, encoder, props }, specimens, image) {
    this.net = net;
    this.encoder = encoder;
    this.#pixels = specimens.images[0];
    this.image = element("canvas", { class: "dg-picture", role: "img", "aria-label": words.looked_at });
    this.sheet = element("div", { class: "ln-sheet" });
    this.drawing = createDrawing(this.sheet, net.shape, props.framing ?? null, {
      drew: (pixels) => pixels && this.look(pixels.slice()),
      lifted() {},
    });
    const strip = element("div", { class: "ln-thumbs", role: "group", "aria-label": words.images });
    const press = fillStrip(strip, specimens, image, (k) => {
      press(k);
      this.look(specimens.images[k]);
    });
    this.bars = Array.from({ length: net.classes }, (_, label) => {
      const bar = element("div", { class: "dg-bar" });
      const value = element("output", { class: "dg-value" });
      const row = element("div", { class: "ln-class-row" }, element("span", { class: "dg-term", textContent: String(label) }),
        element("div", { class: "dg-track", "aria-hidden": "true" }, bar), value);
      return { row, bar, value };
    });
    this.styles = this.bars.map(() => element("canvas", { class: "dg-picture" }));
    this.root = element("div", { class: "dg-stage" },
      element("div", { class: "dg-map ln-hand" }, this.sheet, strip),
      element("div", { class: "dg-side" },
        element("div", { class: "ln-looked" }, this.image, element("p", { class: "ln-name", textContent: words.qy })),
        element("div", { class: "ln-class-rows", "data-testid": "qy" }, ...this.bars.map(({ row }) => row)),
        element("span", { class: "ln-small", textContent: words.same_style }), element("div", { class: "ln-strip ln-ten" }, ...this.styles)));
  }

  /** @type {(theme: Theme) => void} */
  show(theme) {
    this.#theme = theme;
    this.look(this.#pixels);
  }

  /** @type {(pixels: Float32Array) => void} */
  look(pixels) {
    this.#pixels = pixels;
    const { net, encoder } = this;
    const qy = encoder.classify?.(pixels);
    if (!qy || !this.#theme) return;
    drawPixels(contextOf(this.image), pixels, net.shape);
    const best = qy.indexOf(Math.max(...qy));
    for (const [label, { bar, value }] of this.bars.entries()) {
      bar.style.width = `${100 * qy[label]}%`;
      bar.style.background = classColour(label, this.#theme);
      value.textContent = `${shownNumber(100 * qy[label], 1)} %`;
    }
    const z = encode(encoder, pixels, best).loc;
    for (const [label, canvas] of this.styles.entries()) drawPixels(contextOf(canvas), decode(net, z, label), net.shape);
    this.root.dataset.best = String(best);
  }

  leave() {}

  stop() {
    this.drawing.stop();
  }
}
