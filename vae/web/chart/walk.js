// Sliders that walk along the curves of a chart: a mark goes along, and words say where it is.

import { element } from "../parts/dom.js";

/**
 * A curve that can be walked: the trace it is, the trace of its mark, and what is said of each of
 * its places.
 * @typedef {object} Walk
 * @property {string} label
 * @property {string} symbol
 * @property {number} curve
 * @property {number} mark
 * @property {string[]} said
 * @property {number} start
 */

/** @typedef {(walk: Walk, place: number) => void} Go */

/** The sliders under a chart; `go(walk, place)` moves the mark of a curve. */
export class Walks {
  /** @param {Go} go */
  constructor(go) {
    this.go = go;
    this.root = element("div", { class: "chart-walks" });
    this.offered = "[]";
    /** @type {Walk[]} */
    this.walks = [];
    /** Where the hand left each curve. @type {Map<string, number>} */
    this.places = new Map();
    /** @type {((place: number) => void)[]} */
    this.shows = [];
  }

  /** Offer these curves, each where the hand left it. @type {(walks: Walk[]) => void} */
  offer(walks) {
    this.walks = walks;
    const text = JSON.stringify(walks);
    if (text !== this.offered) {
      this.offered = text;
      const made = walks.map((walk) => this.slider(walk));
      this.shows = made.map(({ show }) => show);
      this.root.replaceChildren(...made.map(({ row }) => row));
    }
    this.root.hidden = !walks.length;
    walks.forEach((walk, index) => this.take(index, placeOf(walk, this.places.get(walk.label))));
  }

  /** Go to where the pointer is, if it is on one of the curves. @type {(trace: number, place: number) => void} */
  point(trace, place) {
    const index = this.walks.findIndex(({ curve }) => curve === trace);
    if (index >= 0) this.take(index, place);
  }

  /** @type {(index: number, place: number) => void} */
  take(index, place) {
    const walk = this.walks[index];
    this.places.set(walk.label, place);
    this.shows[index]?.(place);
    this.go(walk, place);
  }

  /** @type {(walk: Walk) => {row: HTMLElement, show: (place: number) => void}} */
  slider(walk) {
    const input = element("input", {
      type: "range",
      min: "0",
      max: String(walk.said.length - 1),
      step: "1",
      "aria-label": walk.label,
    });
    const said = element("output", { class: "chart-said" });
    const name = element("span", { "aria-hidden": "true", textContent: walk.symbol });
    input.oninput = () => this.point(walk.curve, Number(input.value));
    /** @type {(place: number) => void} */
    const show = (place) => {
      if (Number(input.value) !== place) input.value = String(place);
      input.setAttribute("aria-valuetext", walk.said[place]);
      said.textContent = walk.said[place];
    };
    return { row: element("div", { class: "chart-walk" }, name, input, said), show };
  }
}

/**
 * The place to be at: where the hand left the curve, if the curve still has it, else its start.
 * @type {(walk: Walk, left: number | undefined) => number}
 */
export function placeOf({ said, start }, left) {
  return left !== undefined && left < said.length ? left : start;
}
