// What the toy may be trained on, and the network for each: small enough that a step takes less than
// a millisecond and that every weight can be seen.

import { bernoulli, gaussian } from "../../backward/bound.js";

/** @import { Likelihood } from "../../backward/bound.js" */
/** @import { Shape } from "../../core/header.js" */

export const Z_DIM = 2;
/** Images of a step. */
export const BATCH = 32;

/**
 * @typedef {object} Recipe
 * @property {Shape} shape of what is encoded
 * @property {number[]} hidden widths from data to z; the decoder has them the other way round
 * @property {Likelihood} likelihood
 * @property {number} rate that the learning rate starts with
 * @property {number} beta
 * @property {string} thing what one of the data is called
 * @property {string} things
 */

/** How far a drawn point may lie from what the decoder says, 1 σ; the sheet reaches from −1 to 1. */
export const POINT_SCALE = 0.08;

/** @satisfies {Record<string, Recipe>} */
export const RECIPES = {
  images: { shape: [1, 8, 8], hidden: [24], likelihood: bernoulli, rate: 0.01, beta: 1, thing: "image", things: "images" },
  points: { shape: [2], hidden: [16, 16], likelihood: gaussian(POINT_SCALE), rate: 0.01, beta: 1, thing: "point", things: "points" },
};

/** @typedef {keyof typeof RECIPES} RecipeName */
