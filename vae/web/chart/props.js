// What Python tells the component. Types only; a browser never asks for this file.

/** @import { PackedCloud } from "./points.js" */
/** @import { Walk } from "./walk.js" */

/**
 * What Python says, see ui/components/chart.py.
 * @typedef {object} ChartProps
 * @property {string} name
 * @property {string | null} points
 * @property {string} figure
 * @property {string} library
 * @property {string} alt
 * @property {string} height
 * @property {string} of
 * @property {PackedCloud | null} cloud
 * @property {string | null} selected
 * @property {string} area
 * @property {number} heard
 * @property {string[]} tools
 * @property {string[][]} legend
 * @property {Record<string, string | null> | null} address
 * @property {string} zoom
 * @property {string} model
 * @property {string | null} preferred
 * @property {Walk[]} walks
 */

export {};
