// What Python tells the component. Types only; a browser never asks for this file.

/**
 * What Python says: a run and its state as believed there, or a run that ships, by the name of its `replay`.
 * @typedef {object} TrainProps
 * @property {string | null} run
 * @property {string} address
 * @property {string | null} state
 * @property {string | null} replay
 * @property {string} words where there is no run
 */

export {};
