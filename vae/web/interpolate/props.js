// What Python tells the component. Types only; a browser never asks for this file.

/** @import { Known } from "../core/likeness.js" */
/** @import { Props } from "../parts/props.js" */
/** @import { Method } from "./layout.js" */

/**
 * What Python says, beside what every component is told of its model.
 * @typedef {object} InterpolatorData
 * @property {string} split
 * @property {Method[]} methods
 * @property {string | null} prior address of what a flow prior's density is computed from
 * @property {string} film address of the server's films
 * @property {string | null} originals
 * @property {Known | null} likeness
 */

/** @typedef {Props & InterpolatorData} InterpolatorProps */

export {};
