// One image, large: where it is strange, what every score says of it, and where to go on from it.

import { drawPixels } from "../core/decoder.js";
import { button, contextOf, element } from "../parts/dom.js";
import { numbersText } from "../parts/query.js";
import { paintHeat, rangeOf } from "./heat.js";
import { percent, scoreWords, unitOf } from "./words.js";

/** @import { Shape } from "../core/header.js" */
/** @import { ScoreProps } from "./props.js" */

/** What a score says of the image: its value and the share of normal images that are less strange. @typedef {{score: ScoreProps, value: number, stranger: number, alarm: boolean | null}} Verdict */

/**
 * @typedef {object} Shown
 * @property {string} title
 * @property {string} model
 * @property {Float32Array} pixels
 * @property {Float32Array | null} nats
 * @property {Verdict[]} verdicts
 * @property {ArrayLike<number> | null} z
 * @property {number | null} row under which the microscope finds it
 */

export class Card {
  /** @type {HTMLElement | null} */
  #pressed = null;

  /** @param {() => void} closed */
  constructor(closed) {
    this.closed = closed;
    this.image = element("canvas", { class: "an-large", role: "img" });
    this.map = element("canvas", { class: "an-large", role: "img", "aria-label": "where it is strange" });
    this.drawing = element("div", { class: "an-drawing", hidden: true });
    this.imageBox = element("figure", {}, this.image, element("figcaption", { textContent: "the image" }));
    this.mapWords = element("figcaption", {});
    this.mapBox = element("figure", {}, this.map, this.mapWords);
    this.title = element("h2", {});
    this.verdicts = element("ul", { class: "an-verdicts", "aria-label": "each score, and how many normal images are less strange" });
    this.head = element("p", { class: "an-head an-head-card" }, element("span", { textContent: "score" }), element("span", { textContent: "normal images that are less strange" }));
    this.explore = element("a", { class: "pad-button an-link", textContent: "open in Explore" });
    this.microscope = element("a", { class: "pad-button an-link", textContent: "under the microscope" });
    this.close = button("close", { title: "Esc", onclick: () => this.hide() });
    const pictures = element("div", { class: "an-large-row" }, this.drawing, this.imageBox, this.mapBox);
    const told = element("div", { class: "an-card-told" }, element("div", { class: "an-card-top" }, this.title, this.close), this.head, this.verdicts,
      element("div", { class: "an-bar" }, this.explore, this.microscope));
    this.root = element("section", { class: "an-card", "aria-label": "one image", hidden: true, "data-testid": "anomaly-card" }, pictures, told);
    this.root.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.hide();
    };
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** @type {(shape: Shape, shown: Shown, pressed?: HTMLElement | null) => void} */
  show(shape, { title, model, pixels, nats, verdicts, z, row }, pressed = null) {
    if (pressed) this.#pressed = pressed;
    this.title.textContent = title;
    drawPixels(contextOf(this.image), pixels, shape);
    this.image.setAttribute("aria-label", title);
    this.mapBox.hidden = !nats;
    if (nats) this.#heat(shape, pixels, nats);
    this.head.hidden = false;
    this.verdicts.replaceChildren(...verdicts.map(verdictRow));
    this.explore.hidden = !z;
    if (z) this.explore.href = `./?${new URLSearchParams({ model, z: numbersText(z) }).toString().replaceAll("%2C", ",")}`;
    this.microscope.hidden = row === null;
    if (row !== null) this.microscope.href = `./diagnose?${new URLSearchParams({ model, image: String(row) })}`;
    this.open();
  }

  /** Show the card, whatever stands on it. */
  open() {
    const hidden = this.root.hidden;
    this.root.hidden = false;
    if (!hidden) return;
    this.root.scrollIntoView({ block: "nearest" });
    this.close.focus({ preventScroll: true });
  }

  hide() {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.#pressed?.focus({ preventScroll: true });
    this.#pressed = null;
    this.closed();
  }

  /** @type {(shape: Shape, pixels: Float32Array, nats: Float32Array) => void} */
  #heat(shape, pixels, nats) {
    const range = rangeOf([nats]);
    [this.map.width, this.map.height] = [shape[2], shape[1]];
    const context = contextOf(this.map);
    const data = context.createImageData(shape[2], shape[1]);
    paintHeat(data.data, pixels, nats, range, shape);
    context.putImageData(data, 0, 0);
    const sum = nats.reduce((total, value) => total + value, 0);
    this.mapWords.textContent = `where it is strange: ${scoreWords(sum, "nats")} in all, up to ${scoreWords(Math.max(...nats), "")} at a pixel`;
  }
}

/** @type {(verdict: Verdict) => HTMLElement} */
function verdictRow({ score, value, stranger, alarm }) {
  const bar = element("span", { class: "an-auc-bar", "aria-hidden": "true" });
  const fill = element("span", { class: "an-auc-fill" });
  fill.style.width = `${100 * stranger}%`;
  bar.append(fill);
  const said = `${percent(stranger)} %${alarm === null ? "" : alarm ? ", an alarm" : ", no alarm"}`;
  return element("li", { class: alarm === null ? "" : "an-by", title: `stranger than ${percent(stranger)} % of normal images` },
    element("span", { class: "an-score-line" }, element("span", { textContent: score.title }),
      element("span", { class: "an-auc", textContent: scoreWords(value, unitOf(score)) })),
    element("span", { class: "an-score-line" }, bar, element("span", { class: "an-auc", textContent: said })));
}
