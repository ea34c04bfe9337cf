// What the hand drew around points, taken when the hand lifts: Plotly tells of it a tenth of a
// second later.

import { drawnOutline } from "./outline.js";

const LIFTED_MS = 1000; // longest wait for Plotly to tell

/** Watches a plot for outlines; `take(outline)` gives the mask of the points in it, or null. */
export class LiftedOutline {
  plot; take;

  constructor(plot, take) {
    Object.assign(this, { plot, take, taken: null });
    plot.addEventListener("pointerdown", (event) => this.watch(event));
  }

  watch({ shiftKey, altKey }) {
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
    /** @type {Promise<void>} */
    const told = new Promise((resolve) => {
      const timer = setTimeout(() => this.forget(), LIFTED_MS);
      this.taken = { mask, resolve, timer };
    });
    this.taken.told = told;
  }

  /** Resolves once Plotly has told of what was taken: another figure would take that away. */
  async told() {
    await this.taken?.told;
  }

  /** Whether the outlines that Plotly tells of now, as a mask of points, were taken already. */
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
