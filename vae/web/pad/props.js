// What Python tells the component. Types only; a browser never asks for this file.

/** @import { Answer } from "../core/remote.js" */
/** @import { Props } from "../parts/props.js" */

/**
 * What Python says, beside what every component is told of its model.
 * @typedef {object} PadData
 * @property {string} kind what a model trained like this is called
 * @property {boolean} beside whether this is the second pad of a pair
 * @property {string | null} near address of what tells near from far on its map
 * @property {string | null} other the model that it shares the screen with
 * @property {string | null} images which images the atlas holds
 * @property {string | null} originals
 * @property {number[] | null} z
 * @property {number} seq
 * @property {string | null} [rates] address of the encoded images at other β
 * @property {Answer | null} [answer]
 */

/** @typedef {Props & PadData} PadProps */

export {};
