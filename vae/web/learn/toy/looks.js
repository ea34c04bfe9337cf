// Before the first step: batch after batch, the gradient that a step would follow, and the draws that
// it came from. No weight moves.

/** @import { Drawn } from "./training.js" */

const EVERY_MS = 350;
const COUNT = 12; // what moves by itself ends within five seconds

export class Looks {
  /** Of the batch that is looked at. @type {Drawn[]} */
  drawn = [];
  count = 0;
  #timer = 0;

  /** @param {() => Drawn[]} look @param {() => void} looked hears after each */
  constructor(look, looked) {
    this.look = look;
    this.looked = looked;
  }

  begin() {
    clearTimeout(this.#timer);
    this.count = 0;
    this.#next();
  }

  end() {
    clearTimeout(this.#timer);
    this.drawn = [];
  }

  #next() {
    this.drawn = this.look();
    this.count += 1;
    this.looked();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.count < COUNT && !still) this.#timer = setTimeout(() => this.#next(), EVERY_MS);
  }
}
