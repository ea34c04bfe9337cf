// log p(x) of a model that infers the class: log Σ_y p(y) p(x|y) with all classes equally likely
// beforehand (Kingma et al. 2014, "Semi-supervised learning with deep generative models", section 2.1),
// each p(x|y) by a quadrature over z of its own.

import { encode } from "../core/decoder.js";
import { likeliest } from "../core/likeness.js";
import { className } from "../core/told.js";
import { element, shownNumber } from "../parts/dom.js";
import { evidenceOf } from "./evidence.js";
import { jointOf } from "./joint.js";
import { Lattice } from "./lattice.js";
import { normalOf } from "./shape.js";

/** @import { Network, NetworkHeader, Numbers } from "../core/header.js" */
/** @import { Looker, Pair } from "./joint.js" */

/** In nats; `given` holds log p(x|y) of each class. @typedef {{log: number, given: number[]}} OverClasses */

const SLICE_MS = 9; // of the 16.7 between two frames

/** The sentence that tells it: computed between frames, while nothing else is. */
export class ClassSum {
  /** @type {Generator<void, OverClasses | null> | null} */
  #steps = null;
  /** The image that it is of. @type {Numbers | null} */
  #of = null;
  /** @type {(found: OverClasses) => string} */
  #words = () => "";
  #frame = 0;

  constructor() {
    this.root = element("p", { class: "dg-over", "data-testid": "over-classes", "aria-live": "polite" });
  }

  clear() {
    this.rest();
    [this.#steps, this.#of, this.root.textContent] = [null, null, ""];
  }

  /** Take an image; `go` begins. The class that is told does not matter. @type {(looker: Looker, encoder: Network, pixels: Numbers, pair: Pair) => void} */
  begin(looker, encoder, pixels, pair) {
    if (!encoder.classify || this.#of === pixels) return;
    const [why, qy] = [whyNotOver(looker.net, pair), encoder.classify(pixels)];
    this.#of = pixels;
    this.#words = (found) => overWords(looker.net.header, found, qy);
    this.#steps = why ? null : overClasses(looker, encoder, pixels, pair);
    this.root.textContent = why || "log p(x) over all classes: computing …";
    this.root.dataset.log = "";
  }

  rest() {
    cancelAnimationFrame(this.#frame);
  }

  go() {
    this.rest();
    if (this.#steps) this.#frame = requestAnimationFrame(() => this.#slice(/** @type {Generator<void, OverClasses | null>} */ (this.#steps)));
  }

  /** @type {(steps: Generator<void, OverClasses | null>) => void} */
  #slice(steps) {
    for (const end = performance.now() + SLICE_MS; performance.now() < end;) {
      const { done, value } = steps.next();
      if (!done) continue;
      this.#steps = null;
      this.root.textContent = value ? this.#words(value) : "";
      this.root.dataset.log = value ? String(value.log) : "";
      return;
    }
    this.go();
  }
}

/**
 * Whether log p(x) over classes can be told here: where the plane is all of z. For others a sentence.
 * @type {(net: Network, pair: Pair) => string}
 */
function whyNotOver({ zDim }, pair) {
  if (zDim === pair.length) return "";
  return "log p(x) over all classes is not told: the slice of each class would be another one.";
}

/**
 * Sum over the classes; yields after each batch. Null where a posterior is not known here.
 * @type {(looker: Looker, encoder: Network, pixels: Numbers, pair: Pair) => Generator<void, OverClasses | null>}
 */
export function* overClasses(looker, encoder, pixels, pair) {
  const { net, many } = looker;
  /** @type {number[]} */
  const given = [];
  for (let label = 0; label < net.classes; label++) {
    const posterior = encode(encoder, pixels, label);
    const frame = normalOf(posterior, net.header, pair);
    if (!frame) return null;
    const subject = { pixels, z: posterior.loc, label };
    const lattice = new Lattice(jointOf(net, many, subject, pair), frame);
    given.push((yield* evidenceOf(lattice, yield* looker.steps(subject, pair))).log);
  }
  const highest = Math.max(...given);
  const sum = given.reduce((total, log) => total + Math.exp(log - highest), 0);
  return { log: highest + Math.log(sum / given.length), given };
}

/**
 * What it comes to, and how well q(y|x) says the class. @type {(header: NetworkHeader, found: OverClasses, qy: Numbers) => string}
 */
function overWords(header, { log, given }, qy) {
  const py = given.map((one) => Math.exp(one - log) / given.length);
  const best = likeliest(py);
  const share = (/** @type {number} */ value) => `${shownNumber(100 * value, 1)} %`;
  return `Over all ${given.length} classes, each as likely beforehand: log p(x) = ${shownNumber(log)} nats. ` +
    `The likeliest is ${className(header, best.label)}: p(y|x) ${share(best.probability)}, ` +
    `q(y|x) ${share(qy[best.label])}.`;
}
