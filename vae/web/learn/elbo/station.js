// The stations of the lesson on the ELBO: each shows another side of one image and its q. Types only;
// a browser never asks for this file.

/** @import { Network } from "../../core/header.js" */
/** @import { Many } from "../../batch/many.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Terms } from "../../microscope/balance.js" */
/** @import { Normal } from "../../microscope/lattice.js" */
/** @import { Context, Frame } from "../../plane/sketch.js" */

/**
 * What a station looks at: the networks, an image, and q as the hand has it with what is known of both.
 * @typedef {object} Look
 * @property {Network} net
 * @property {Many} many
 * @property {Float32Array} pixels
 * @property {Normal} q
 * @property {Pick<Terms, "log" | "elbo" | "kl">} terms
 * @property {Theme} theme
 */

/**
 * @typedef {object} Station
 * @property {HTMLElement} root
 * @property {boolean} [wide] whether the plane shows all of the prior, not q alone
 * @property {(look: Look) => void} show draws it anew: the image, q or the theme is another
 * @property {() => void} leave
 * @property {(context: Context, frame: Frame) => void} [above] draws above the plane
 */

/** The exhibit's words, by their names. @typedef {Record<string, string>} Say */

export {};
