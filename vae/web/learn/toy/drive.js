// A training in slices of a frame: slowly at first, so that the first steps can be seen, and never
// longer than leaves the page its own time.

/** @import { Training } from "./training.js" */

const SLICE_MS = 8;
const SLOW_STEPS = 25; // after so many steps one more fits into a frame
/** After so many steps a run ends by itself; it can be started again. */
export const ROUND = 1500;

export class Drive {
  #frame = 0;
  #until = 0;

  /** @param {() => Training} training @param {() => void} drawn hears after each slice */
  constructor(training, drawn) {
    this.training = training;
    this.drawn = drawn;
  }

  get runs() {
    return this.#frame !== 0;
  }

  /** Up to a step, or for a round. @type {(until?: number) => void} */
  run(until = this.training().steps + ROUND) {
    if (this.runs) return;
    this.#until = until;
    this.#frame = requestAnimationFrame(() => this.#slice());
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #slice() {
    const [training, start] = [this.training(), performance.now()];
    const most = 1 + Math.floor(training.steps / SLOW_STEPS);
    for (let i = 0; i < most && training.steps < this.#until; i++) {
      training.step();
      if (performance.now() - start > SLICE_MS) break;
    }
    const goesOn = training.steps < this.#until && training.data.length > 0;
    this.#frame = goesOn ? requestAnimationFrame(() => this.#slice()) : 0;
    this.drawn();
  }
}
