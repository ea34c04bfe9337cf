// What Python tells the component, as `ui/components/comparison.py` writes it. Types only; a browser
// never asks for this file.

/** @import { Props } from "../parts/props.js" */

/**
 * What Python says of a model, beside what every component is told.
 * @typedef {object} ColumnData
 * @property {string} kind of model, in words
 * @property {string | null} prior address of a flow that draws, null where the decoder tells the prior
 * @property {string | null} rates address of its map at other β
 * @property {string} split
 * @property {string} images sha256 of the images that the map was encoded from, "" where unknown
 * @property {string | null} originals address below which these lie, by their rows
 */

/** @typedef {Props & ColumnData & {wrong?: undefined}} GoodColumn */

/** A model that cannot be opened, and why. @typedef {{model: string, title: string, wrong: string}} BadColumn */

/** @typedef {{columns: (GoodColumn | BadColumn)[]}} CompareProps */

export {};
