// What Python tells a component that decodes here, as `ui/components/props.py` writes it. Types
// only; a browser never asks for this file.

/** @import { Framing } from "../pictures/fit.js" */

/**
 * A model, and the addresses of its payloads; `points` and `framing` are null where it has none.
 * @typedef {object} Props
 * @property {string} model
 * @property {string} title what it is called on the screen
 * @property {string} preferred the model that an address without one stands for
 * @property {boolean} remote whether the server decodes
 * @property {string} decoder
 * @property {string} encoder
 * @property {string | null} points
 * @property {string | null} [rates] where the map is at other β
 * @property {string | null} [originals] below which the images are that the map was encoded from
 * @property {Framing | null} framing
 */

export {};
