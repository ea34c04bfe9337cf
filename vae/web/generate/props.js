// What Python tells the component. Types only; a browser never asks for this file.

/** @import { Props } from "../parts/props.js" */

/**
 * What Python says, beside what every component is told of its model.
 * @typedef {object} GenerateData
 * @property {string} split
 * @property {string | null} rates address of where the encoded images lie at several β
 * @property {string | null} prior address of a flow that draws, null where the decoder tells the prior
 * @property {string | null} originals address below which the encoded images lie, by their rows
 * @property {{classifier: string, nearest: string}} ask where the server is asked about draws
 */

/** @typedef {Props & GenerateData} GenerateProps */

export {};
