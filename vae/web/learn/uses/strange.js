// What is strange: images from the most normal to the strangest by −log p(x|z), and a line that lets
// through all but a few of a hundred images of the kind that the model knows.

import { createDrawing } from "../../pictures/drawing.js";
import { drawPixels, encode } from "../../core/decoder.js";
import { logLikelihood } from "../../core/likeness.js";
import { choice, contextOf, element, shownNumber } from "../../parts/dom.js";
import { fillIn } from "../fill_in.js";
import { fillStrip } from "../strip.js";
import { CHANGES } from "./changed.js";

/** @import { Opened } from "../exhibit.js" */
/** @import { Specimens } from "../specimens.js" */
/** @import { Side } from "./uses.js" */

/** @typedef {{root: HTMLElement, canvas: HTMLCanvasElement, value: HTMLElement, nats: number, shown: boolean}} Card */

const DRAWN = "drawn";

/** @implements {Side} */
export class StrangeSide {
  #image = 0;
  /** @type {Float32Array | null} */
  #drawn = null;
  #rate = "1";

  /**
   * @param {Record<string, string>} words @param {Opened} opened @param {Specimens} specimens
   * @param {Record<string, number>} limits nats by how many of a hundred normal images lie above
   * @param {string} image words of one of the images
   */
  constructor(words, { net, encoder, props }, specimens, limits, image) {
    this.words = words;
    this.net = net;
    this.encoder = encoder;
    this.specimens = specimens;
    this.limits = limits;
    this.sheet = element("div", { class: "ln-sheet" });
    this.drawing = createDrawing(this.sheet, net.shape, props.framing ?? null, {
      drew: (pixels) => {
        this.#drawn = pixels && pixels.slice();
        this.show();
      },
      lifted() {},
    });
    const strip = element("div", { class: "ln-thumbs", role: "group", "aria-label": words.images });
    const press = fillStrip(strip, specimens, image, (k) => {
      press(k);
      this.#image = k;
      this.show();
    });
    /** @type {Record<string, Card>} */
    this.cards = Object.fromEntries([...Object.keys(CHANGES), DRAWN].map((name) => [name, card(words[name])]));
    this.line = element("div", { class: "ln-limit", role: "separator", "aria-label": words.limit }, element("span", { textContent: words.limit }));
    this.row = element("div", { class: "ln-cards", "data-testid": "strange" });
    this.rates = choice(words.alarm_rate, Object.fromEntries(Object.keys(limits).map((rate) => [rate, `${rate} %`])), (rate) => {
      this.#rate = rate;
      this.show();
    });
    this.#rate = Object.keys(limits)[0];
    this.said = element("output", { class: "ln-equal" });
    this.named = this.row;
    this.root = element("div", { class: "dg-stage" },
      element("div", { class: "dg-map ln-hand" }, this.sheet, strip),
      element("div", { class: "dg-side" }, element("div", { class: "dg-tools" }, words.alarm_rate, this.rates.root), this.row, this.said,
        element("p", { class: "ln-small", textContent: words.more })));
  }

  show() {
    const { net, specimens, cards } = this;
    if (!cards) return;
    const own = specimens.images[this.#image];
    const other = specimens.images[(this.#image + 1) % specimens.images.length];
    for (const [name, change] of Object.entries(CHANGES)) this.#fill(cards[name], change(own, net.shape, other));
    this.#fill(cards[DRAWN], this.#drawn);
    const limit = this.limits[this.#rate];
    const sorted = Object.values(cards).filter(({ shown }) => shown).sort((a, b) => a.nats - b.nats);
    const normal = sorted.filter(({ nats }) => nats <= limit);
    const strange = sorted.filter(({ nats }) => nats > limit);
    for (const one of sorted) one.root.classList.toggle("ln-strange", one.nats > limit);
    this.row.replaceChildren(...normal.map(({ root }) => root), this.line, ...strange.map(({ root }) => root));
    this.said.textContent = fillIn(this.words.limit_line, { rate: this.#rate, limit: shownNumber(limit, 0), caught: strange.length, count: sorted.length });
    Object.assign(this.root.dataset, { limit, same: cards.same.nats, empty: cards.empty.nats, drawn: this.#drawn ? cards[DRAWN].nats : "" });
  }

  /** @type {(card: Card, pixels: Float32Array | null) => void} */
  #fill(one, pixels) {
    one.shown = pixels !== null;
    if (!pixels) return;
    const { net, encoder } = this;
    drawPixels(contextOf(one.canvas), pixels, net.shape);
    one.nats = -(logLikelihood(net, encode(encoder, pixels).loc, pixels) ?? NaN);
    one.value.textContent = Math.round(one.nats).toLocaleString("en");
  }

  leave() {}

  stop() {
    this.drawing.stop();
  }
}

/** @type {(name: string) => Card} */
function card(name) {
  const canvas = element("canvas", { class: "dg-picture" });
  const value = element("output", { class: "dg-value" });
  const root = element("figure", { class: "ln-card" }, canvas, element("figcaption", {}, element("span", { class: "ln-small", textContent: name }), value));
  return { root, canvas, value, nats: 0, shown: false };
}
