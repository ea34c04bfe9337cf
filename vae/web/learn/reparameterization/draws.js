// Draws of one image's code, and what each estimator makes of them.

import { normalFrom, seededUniform } from "../../core/seeded.js";
import { reparameterized, scoreFunction, Tally } from "./estimators.js";

/** @import { Numbers } from "../../core/header.js" */
/** @import { ReversibleDecoder, Slope } from "../../backward/decoder.js" */

/** @typedef {"path" | "score" | "baseline"} Estimator */

/** @type {Estimator[]} */
export const ESTIMATORS = ["path", "score", "baseline"];

const SEED = 1;

export class Draws {
  count = 0;
  /** Of each draw's gradient with respect to μ. @type {Record<Estimator, number[][]>} */
  loc = { path: [], score: [], baseline: [] };
  /** @type {Record<Estimator, Tally>} */
  tally = { path: new Tally(), score: new Tally(), baseline: new Tally() };
  /** @type {Float64Array[]} */
  noises = [];
  #uniform = seededUniform(SEED);
  #mean = 0; // of f over the draws so far

  /** @param {ReversibleDecoder} decoder @param {Numbers} image @param {Numbers} mu @param {Numbers} sigma */
  constructor(decoder, image, mu, sigma) {
    this.decoder = decoder;
    this.image = image;
    this.mu = mu;
    this.sigma = sigma;
  }

  /** z, f and its slope at one ε; counts nothing. @type {(noise: Numbers) => Slope & {z: number[]}} */
  look(noise) {
    const z = Array.from(noise, (eps, d) => this.mu[d] + this.sigma[d] * eps);
    return { ...this.decoder.at(z, this.image), z };
  }

  /** Draw once more; returns the noise. @type {() => Float64Array} */
  draw() {
    const noise = Float64Array.from(this.mu, () => normalFrom(this.#uniform));
    const { value, slope } = this.look(noise);
    this.#add("path", reparameterized(slope, noise).loc);
    this.#add("score", scoreFunction(value, noise, this.sigma).loc);
    // the mean of earlier draws knows nothing of this one, so that the estimate stays unbiased
    if (this.count) this.#add("baseline", scoreFunction(value - this.#mean, noise, this.sigma).loc);
    this.count += 1;
    this.#mean += (value - this.#mean) / this.count;
    this.noises.push(noise);
    return noise;
  }

  /** How many times the variance of the path's estimate another one's is. @type {(estimator: Estimator) => number} */
  times(estimator) {
    return this.tally[estimator].variance / this.tally.path.variance;
  }

  /** @type {(estimator: Estimator, gradient: number[]) => void} */
  #add(estimator, gradient) {
    this.loc[estimator].push(gradient);
    this.tally[estimator].add(gradient);
  }
}
