// What the hand drew around points, taken when the hand lifts: Plotly tells of it a tenth of a
// second later.

import { drawnOutline } from "./outline.js";

/** @import { Plot, Selection } from "./plotly.js" */

/**
 * What was taken: its mask of the points, and who waits for Plotly to tell of it.
 * @typedef {{mask: Uint8Array, resolve: () => void, timer: number, told: Promise<void>}} Taken
 */

const LIFTED_MS = 1000; // longest wait for Plotly to tell

/** Watches a plot for outlines; `take(outline)` gives the mask of the points in it, or null. */
export class LiftedOutline {
  /** @type {Taken | null} */
  taken = null;

  /** @param {Plot} plot @param {(outline: Selection) => Uint8Array | null} take */
  constructor(plot, take) {
    this.plot = plot;
    this.take = take;
    plot.addEventListener("pointerdown", (event) => this.watch(event));
  }

  /** @type {(event: PointerEvent) => void} */
  watch({ shiftKey, altKey }) {
    /** @type {(event: PointerEvent) => void} */
    const lift = (event) => {
      removeEventListener("pointerup", lift, true);
      removeEventListener("pointercancel", lift, true);
      // with these keys an outline joins others or is cut out of them
      const joined = shiftKey || altKey || event.shiftKey || event.altKey;
      if (event.type === "pointerup" && this.plot._dragged && !joined) this.lift();
    };
    addEventListener("pointerup", lift, true);
    addEventListener("pointercancel", lift, true);
  }

  lift() {
    const outline = drawnOutline(this.plot);
    const mask = outline && this.take(outline);
    if (!mask) return;
    this.forget();
    const timer = setTimeout(() => this.forget(), LIFTED_MS);
    let resolve = () => {};
    /** @type {Promise<void>} */
    const told = new Promise((done) => {
      resolve = done;
    });
    this.taken = { mask, resolve, timer, told };
  }

  /** Resolves once Plotly has told of what was taken: another figure would take that away. */
  async told() {
    await this.taken?.told;
  }

  /**
   * Whether the outlines that Plotly tells of now, as a mask of points, were taken already.
   * @type {(mask: Uint8Array) => boolean}
   */
  knows(mask) {
    const same = Boolean(this.taken?.mask.every((one, row) => one === mask[row]));
    this.forget();
    return same;
  }

  forget() {
    clearTimeout(this.taken?.timer);
    this.taken?.resolve();
    this.taken = null;
  }
}
