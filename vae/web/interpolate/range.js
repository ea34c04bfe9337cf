// What of the paths is shown: how many images, and how far beyond both ends; two fields of the page.

import { timesOf } from "../core/paths.js";
import { FRAMES } from "./layout.js";

/** @import { InterpolatorRefs } from "./layout.js" */

export class Range {
  /**
   * `changed()` hears of another number or another length.
   * @param {InterpolatorRefs} refs
   * @param {{steps: number, overshoot: number}} first
   * @param {() => void} changed
   */
  constructor({ frames, overshoot }, first, changed) {
    this.steps = first.steps;
    this.overshoot = first.overshoot;
    [frames.value, overshoot.value] = [String(this.steps), String(this.overshoot)];
    frames.onchange = () => {
      const asked = Math.round(Number(frames.value)) || FRAMES.first;
      this.steps = Math.min(FRAMES.most, Math.max(FRAMES.least, asked));
      frames.value = String(this.steps);
      changed();
    };
    overshoot.onchange = () => {
      this.overshoot = Number(overshoot.value);
      changed();
    };
  }

  /** The times of the images, A at 0 and B at 1. */
  times() {
    return timesOf(this.steps, this.overshoot);
  }
}
