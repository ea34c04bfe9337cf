// A training that follows from its seed: the same steps again give the same numbers.

import { adamOf, adamStep } from "../../backward/adam.js";
import { negativeElbo, vaeOf } from "../../backward/bound.js";
import { parametersOf } from "../../backward/parameters.js";
import { normalFrom, seededUniform } from "../../core/seeded.js";
import { firstValues, planOf } from "./network.js";
import { BATCH, Z_DIM } from "./recipes.js";

/** @import { Numbers } from "../../core/header.js" */
/** @import { Recipe } from "./recipes.js" */

/** Nats per image: −E log p(x|z) and KL, mean over images, after so many steps. @typedef {{step: number, reconstruction: number, kl: number}} Report */

/** μ of one of a batch, and a draw of z from its q(z|x). @typedef {{code: Float64Array, z: Float64Array}} Drawn */

/** Steps between two looks at the images that are held out. */
export const REPORT_EVERY = 10;

export class Training {
  /** Of each step's own images. @type {Report[]} */
  batches = [];
  /** Of the images that no step sees. @type {Report[]} */
  held = [];
  steps = 0;
  /** What is still to come of this round through the data. @type {number[]} */
  #order = [];
  #uniform = seededUniform(0);
  #glance = seededUniform(0);
  #noise = new Float64Array(Z_DIM);

  /** @param {Recipe} recipe @param {Float64Array[]} data @param {Float64Array[]} heldOut @param {number} seed */
  constructor(recipe, data, heldOut, seed) {
    this.recipe = recipe;
    this.data = data;
    this.heldOut = heldOut;
    this.seed = seed;
    this.rate = recipe.rate;
    this.beta = recipe.beta;
    this.plan = planOf(recipe);
    this.parameters = parametersOf(new Float64Array(this.plan.count));
    this.vae = vaeOf(this.plan.layers, recipe.shape, Z_DIM, recipe.likelihood, this.parameters);
    this.loss = negativeElbo(this.vae);
    this.adam = adamOf(this.parameters);
    this.restart();
  }

  /** Back to before the first step. */
  restart() {
    this.parameters.values.set(firstValues(this.plan, this.seed));
    this.parameters.grads.fill(0);
    this.adam = adamOf(this.parameters);
    this.#uniform = seededUniform(this.seed + 1);
    this.#glance = seededUniform(this.seed + 3);
    this.#order = [];
    [this.steps, this.batches, this.held] = [0, [], []];
    if (this.data.length) this.#report();
  }

  /** Go on with other data; what was learnt stays. @type {(data: Float64Array[], heldOut: Float64Array[]) => void} */
  learnFrom(data, heldOut) {
    [this.data, this.heldOut, this.#order] = [data, heldOut, []];
    if (!this.steps) this.restart();
  }

  /** Forwards and backwards through a batch, and one step of Adam. */
  step() {
    if (!this.data.length) return;
    const report = { step: this.steps + 1, reconstruction: 0, kl: 0 };
    this.#batch((count) => {
      const { reconstruction, kl } = this.loss(this.data[this.#next()], this.#draw(this.#uniform), this.beta);
      report.reconstruction += reconstruction / count;
      report.kl += kl / count;
    });
    adamStep(this.adam, this.parameters, this.rate);
    this.steps += 1;
    this.batches.push(report);
    if (this.steps % REPORT_EVERY === 0) this.#report();
  }

  /** The gradient of a batch, and its draws, while no weight moves; steps take other batches. @type {() => Drawn[]} */
  look() {
    /** @type {Drawn[]} */
    const drawn = [];
    if (!this.data.length) return drawn;
    this.#batch(() => {
      const [x, noise] = [this.data[Math.floor(this.#glance() * this.data.length)], this.#draw(this.#glance)];
      const code = this.encode(x);
      drawn.push({ code, z: noise.map((epsilon, d) => code[d] + code[Z_DIM + d] * epsilon) });
      this.loss(x, noise, this.beta);
    });
    return drawn;
  }

  /** Leave the mean gradient of a batch, whose images `one` takes. @type {(one: (count: number) => void) => void} */
  #batch(one) {
    const [{ grads }, count] = [this.parameters, Math.min(BATCH, this.data.length)];
    grads.fill(0);
    for (let i = 0; i < count; i++) one(count);
    for (let i = 0; i < grads.length; i++) grads[i] /= count;
  }

  /** μ and σ of q(z|x), in a new array. @type {(x: Float64Array) => Float64Array} */
  encode(x) {
    const code = this.vae.encoder.run(x).slice();
    for (let d = Z_DIM; d < 2 * Z_DIM; d++) code[d] = Math.exp(code[d]);
    return code;
  }

  /** The raw outputs at z, in a buffer that the next call overwrites. @type {(z: Numbers) => Float64Array} */
  decode(z) {
    return this.vae.decoder.run(Float64Array.from(z));
  }

  // the same noise at every look, so that what changes is the model
  #report() {
    const [uniform, count] = [seededUniform(this.seed + 2), this.heldOut.length];
    const report = { step: this.steps, reconstruction: 0, kl: 0 };
    const grads = this.parameters.grads.slice();
    for (const x of this.heldOut) {
      const { reconstruction, kl } = this.loss(x, this.#draw(uniform), this.beta);
      report.reconstruction += reconstruction / count;
      report.kl += kl / count;
    }
    this.parameters.grads.set(grads); // no gradient of what is held out
    if (count) this.held.push(report);
  }

  /** @type {(uniform: () => number) => Float64Array} */
  #draw(uniform) {
    for (let d = 0; d < Z_DIM; d++) this.#noise[d] = normalFrom(uniform);
    return this.#noise;
  }

  // each of the data once, in an order of its own, then all of them again
  #next() {
    if (!this.#order.length) {
      this.#order = this.data.map((_, i) => i);
      for (let i = this.#order.length - 1; i > 0; i--) {
        const j = Math.floor(this.#uniform() * (i + 1));
        [this.#order[i], this.#order[j]] = [this.#order[j], this.#order[i]];
      }
    }
    return /** @type {number} */ (this.#order.pop());
  }
}
