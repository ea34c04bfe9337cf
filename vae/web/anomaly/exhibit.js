// The exhibit: two histograms and the strip of pictures on one axis, and the threshold's line across
// all of them.

import { drawPixels } from "../core/decoder.js";
import { contextOf, element } from "../parts/dom.js";
import { axisOf, shareAt, valueAt } from "./axis.js";
import { drawGraph } from "./graph.js";
import { paintHeat } from "./heat.js";
import { Hand } from "./hand.js";
import { chosen } from "./strip.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Axis } from "./axis.js" */
/** @import { Place } from "./strip.js" */
/** @import { Scores } from "./scores.js" */

const CELLS = [38, 60]; // pixels that a picture of the strip has across, at least and at most
const ACROSS = 22; // pictures, where there is room for more
const ROWS = 2; // of normal pictures, and as many of foreign ones

/**
 * What the exhibit tells: the line was moved to a threshold, a picture was pressed.
 * @typedef {{moved(threshold: number): void, pressed(image: number): void}} Heard
 */
/** A picture that stands on the strip. @typedef {Place & {made: HTMLButtonElement, canvas: HTMLCanvasElement}} Standing */

export class Exhibit {
  /** @type {Scores | null} */
  scores = null;
  /** @type {Axis} */
  axis = { low: 0, high: 1, log: false, below: 0, beyond: 0 };
  /** @type {Theme | null} */
  theme = null;
  threshold = 0;
  columns = 0;
  unit = "";
  /** @type {Standing[]} */
  standing = [];

  /** @param {Heard} heard */
  constructor(heard) {
    this.heard = heard;
    this.graph = element("canvas", { class: "an-graph", role: "img", "aria-label": "histograms of the scores: normal images above, foreign ones below" });
    this.normal = element("div", { class: "an-pictures" });
    this.foreign = element("div", { class: "an-pictures an-pictures-foreign" });
    this.strip = element("div", { class: "an-strip", role: "group", "aria-label": "from the most normal to the strangest image" }, this.normal, this.foreign);
    this.beyond = element("div", { class: "an-beyond" });
    this.ownWords = element("span", {});
    this.own = element("div", { class: "an-own", hidden: true }, this.ownWords);
    this.labels = { normal: label("an-of-normal"), foreign: label("an-of-foreign") };
    this.line = element("div", { class: "an-line", role: "slider", tabIndex: 0, "aria-label": "threshold", "aria-orientation": "horizontal" }, element("span", { class: "an-grip", "aria-hidden": "true" }));
    this.root = element("div", { class: "an-exhibit", "data-testid": "anomaly-exhibit" }, this.graph, this.labels.normal.root, this.labels.foreign.root, this.strip, this.beyond, this.own, this.line);
    this.hand = new Hand(this);
  }

  /** @type {(scores: Scores, unit: string) => void} */
  setScores(scores, unit) {
    this.scores = scores;
    this.unit = unit;
    this.axis = axisOf(scores);
    this.line.setAttribute("aria-valuemin", String(this.axis.low));
    this.line.setAttribute("aria-valuemax", String(this.axis.high));
    this.place();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  /**
   * Choose how many columns fit, and pictures for them; with `before` only where that is another number.
   * @type {(before?: number) => void}
   */
  place(before = -1) {
    const width = this.root.clientWidth;
    if (!this.scores || !width) return;
    const cell = Math.min(CELLS[1], Math.max(CELLS[0], width / ACROSS));
    this.columns = Math.max(6, Math.floor(width / cell));
    if (this.columns === before) return;
    this.root.style.setProperty("--an-columns", String(this.columns));
    const { normal, foreign } = this.scores;
    const kept = this.#isInside();
    this.standing = [
      ...this.#stand(this.normal, chosen(this.axis, normal, this.columns, ROWS), 0),
      ...this.#stand(this.foreign, chosen(this.axis, foreign, this.columns, ROWS), normal.length),
    ];
    const first = this.standing[0];
    if (first) first.made.tabIndex = 0;
    if (kept) first?.made.focus({ preventScroll: true });
    this.draw();
  }

  /** Whether a picture has the focus. */
  #isInside() {
    const root = this.root.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : null;
    return focused !== null && this.strip.contains(focused);
  }

  /** @type {(box: HTMLElement, places: Place[], offset: number) => Standing[]} */
  #stand(box, places, offset) {
    const standing = places.map((place) => {
      const canvas = element("canvas", { class: "an-picture-canvas" });
      const image = place.image + offset;
      const made = element("button", { type: "button", class: "an-picture", tabIndex: -1, "data-image": image }, canvas);
      made.style.gridColumn = String(place.column + 1);
      made.style.gridRow = String(place.row + 1);
      return { ...place, image, made, canvas };
    });
    box.replaceChildren(...standing.map(({ made }) => made));
    return standing;
  }

  /**
   * Draw the pictures that have come; `words` names an image for who does not see it.
   * @type {(shape: Shape, pixels: (image: number) => Float32Array | null, nats: ((image: number) => Float32Array | null) | null, range: [number, number], words: (image: number) => string) => void}
   */
  paint(shape, pixels, nats, range, words) {
    for (const { image, made, canvas } of this.standing) {
      const values = pixels(image);
      if (!values) continue;
      made.setAttribute("aria-label", words(image));
      made.title = words(image);
      const context = contextOf(canvas);
      const map = nats?.(image);
      if (!map) drawPixels(context, values, shape);
      else {
        [canvas.width, canvas.height] = [shape[2], shape[1]];
        const data = context.createImageData(shape[2], shape[1]);
        paintHeat(data.data, values, map, range, shape);
        context.putImageData(data, 0, 0);
      }
    }
  }

  /** The images that stand on the strip. */
  get images() {
    return this.standing.map(({ image }) => image);
  }

  /** @type {(threshold: number, words: string) => void} */
  setThreshold(threshold, words) {
    this.threshold = threshold;
    const share = Math.min(1, Math.max(0, shareAt(this.axis, threshold)));
    this.line.style.left = this.beyond.style.left = `${100 * share}%`;
    this.line.setAttribute("aria-valuenow", String(threshold));
    this.line.setAttribute("aria-valuetext", words);
    this.root.dataset.threshold = String(threshold);
  }

  /** Mark where an image of the person's own stands. @type {(value: number | null) => void} */
  setOwn(value) {
    this.own.hidden = value === null;
    if (value === null) return;
    const share = shareAt(this.axis, value);
    this.own.style.left = `${100 * Math.min(1, Math.max(0, share))}%`;
    this.own.classList.toggle("an-own-far", share > 0.7);
    this.ownWords.textContent = share > 1 ? "yours, farther out" : share < 0 ? "yours, farther in" : "yours";
  }

  /** Move the line to a share of the width. @type {(share: number) => void} */
  moveTo(share) {
    this.heard.moved(valueAt(this.axis, Math.min(1, Math.max(0, share))));
  }

  draw() {
    if (this.scores && this.theme && this.columns) drawGraph(this.graph, this.scores, this.axis, this.columns, this.theme, this.unit);
  }

  stop() {
    this.hand.stop();
  }
}

/** What a histogram is of, and how many lie beyond the line. @type {(kind: string) => Record<"root" | "name" | "count", HTMLElement>} */
function label(kind) {
  const [name, count] = [element("span", {}), element("span", { class: "an-count" })];
  return { root: element("div", { class: `an-label ${kind}` }, name, count), name, count };
}
