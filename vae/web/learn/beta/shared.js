// The images that share a place on the map: how many they amount to, of which classes, and their mean,
// which is the best that a decoder of black and white pixels can draw there.

import { decode, drawPixels } from "../../core/decoder.js";
import { contextOf, element, shownNumber } from "../../parts/dom.js";
import { coverAt, drawnAt, weightedMean } from "../../microscope/cover.js";
import { sizeOfShape } from "../../core/shapes.js";
import { fillIn } from "../fill_in.js";

/** @import { Network, Points } from "../../core/header.js" */
/** @import { Originals } from "../../parts/originals.js" */
/** @import { Spot } from "../../plane/sketch.js" */

/** An image that shares a place. @typedef {{row: number, share: number}} Share */

const SHOWN = 4;
const MOST_OF_ALL = 0.5; // of all shares: where the first images hold less, others are drawn for the mean

export class Shared {
  /** @type {Share[]} */
  #shares = [];
  /** Those whose mean is shown. @type {Share[]} */
  #meant = [];

  /** @param {Record<string, string>} words @param {Network} net @param {Points} points @param {Originals} originals */
  constructor(words, net, points, originals) {
    this.words = words;
    this.net = net;
    this.points = points;
    this.originals = originals;
    this.decoded = element("canvas", { class: "dg-picture", role: "img", "aria-label": words.decoded });
    this.mean = element("canvas", { class: "dg-picture", role: "img", "aria-label": words.mean_picture });
    this.meanWords = element("figcaption", { class: "dg-caption" });
    this.meanFigure = element("figure", { hidden: true }, this.mean, this.meanWords);
    this.meanFigure.style.visibility = "hidden"; // until there is a mean
    this.count = element("p", { class: "ln-count" });
    this.thumbs = Array.from({ length: SHOWN }, () => element("canvas", { class: "dg-picture" }));
    this.shares = this.thumbs.map(() => element("figcaption", { class: "dg-caption" }));
    const row = this.thumbs.map((canvas, k) => element("figure", {}, canvas, this.shares[k]));
    this.origin = element("p", { class: "ln-small" });
    this.root = element("div", { class: "ln-shared" },
      element("div", { class: "dg-pictures ln-large" },
        element("figure", {}, this.decoded, element("figcaption", { class: "dg-caption", textContent: words.decoded })), this.meanFigure),
      element("div", { class: "ln-sharing" }, this.count, element("div", { class: "ln-strip" }, ...row), this.origin));
  }

  /** Look at a place, at the β that the networks are told and where the points lie. @type {(spot: Spot) => number} */
  look([a, b]) {
    const { net, points } = this;
    const z = Float64Array.of(a, b);
    drawPixels(contextOf(this.decoded), decode(net, z), net.shape);
    const { shares, effective } = coverAt(points, z);
    this.#shares = shares;
    this.#meant = sumOf(shares) < MOST_OF_ALL ? drawnAt(points, z).map((row) => ({ row, share: 1 / points.count })) : shares;
    this.count.textContent = fillIn(this.words.sharing, { count: shownNumber(effective, effective < 10 ? 1 : 0) });
    this.#draw();
    return effective;
  }

  /** The hand rests: fetch the images themselves, where they are on the server's machine. */
  async rest() {
    const shares = this.#shares;
    const came = await this.originals.fetch([...shares.slice(0, SHOWN), ...this.#meant].map(({ row }) => this.points.index[row]));
    if (came && shares === this.#shares) this.#draw();
  }

  #draw() {
    const { net, points, originals } = this;
    this.#drawMean();
    for (const [k, canvas] of this.thumbs.entries()) {
      const one = this.#shares[k];
      const figure = /** @type {HTMLElement} */ (canvas.parentElement);
      figure.style.visibility = one ? "" : "hidden";
      if (!one) continue;
      drawPixels(contextOf(canvas), originals.at(points.index[one.row]) ?? this.#own(one.row), net.shape);
      this.shares[k].textContent = `${shownNumber(100 * one.share, one.share < 1e-3 ? 2 : one.share < 0.1 ? 1 : 0)} %`;
    }
    this.origin.textContent = originals.absent() ? this.words.no_originals : this.words.originals;
  }

  #drawMean() {
    const { net, points, originals, words } = this;
    const parts = this.#meant.map(({ row, share }) => ({ share, pixels: originals.at(points.index[row]) }));
    const { mean, held } = weightedMean(parts, sizeOfShape(net.shape));
    this.meanFigure.hidden = originals.absent();
    // the mean of a few of many would be another picture
    if (!(held > 0.9 * sumOf(parts))) return;
    drawPixels(contextOf(this.mean), mean, net.shape);
    this.meanFigure.style.visibility = "";
    this.meanWords.textContent = this.#meant === this.#shares
      ? fillIn(words.mean, { held: shownNumber(100 * held, 0) }) : fillIn(words.mean_drawn, { count: parts.length });
  }

  /** What the decoder makes of an image's own place. @type {(row: number) => Float32Array} */
  #own(row) {
    const { loc } = this.points;
    return decode(this.net, Float64Array.of(loc[2 * row], loc[2 * row + 1]));
  }
}

/** @type {(all: {share: number}[]) => number} */
function sumOf(all) {
  return all.reduce((sum, { share }) => sum + share, 0);
}
