// What Python tells the component, and what the server answers. Types only; a browser never asks for
// this file.

/** @import { Framing } from "../pictures/fit.js" */
/** @import { Waiting } from "./pending.js" */

/**
 * @typedef {object} DrawProps
 * @property {string} name of the set
 * @property {string} address below which the server keeps it
 * @property {Framing} framing how a drawing is placed in its image
 * @property {number} side pixels of an image's height and width
 * @property {number} strength of the warping; 0 where there is none
 * @property {number} wanted about so many drawings of a class are enough
 */

/** A class: its key and its name. @typedef {[string, string]} Group */

/**
 * What the server says of a drawing: its key, its class, its number there from 0, and its split.
 * @typedef {{key: string, group: string, number: number, part: string}} Kept
 */

/** @typedef {{classes: Group[], drawings: (Kept & {pixels: string})[], damaged: number}} SetAnswer */

/**
 * A drawing as the page has it; key, number and part are null until the server has it, and
 * `refused` is why it does not want it.
 * @typedef {Waiting & {key: string | null, number: number | null, part: string | null,
 *   refused: string | null}} Drawing
 */

export {};
