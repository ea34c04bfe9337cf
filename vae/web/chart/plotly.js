// Plotly, which the page fetches as a script of its own, and what the chart uses of it.

import { element } from "../parts/dom.js";

/** Lowest and highest of both axes. @typedef {{x: number[], y: number[]}} View */

/**
 * An axis as it is drawn: its range, and where it lies on the plot, in pixels.
 * @typedef {{range: number[], _length: number, _offset: number}} DrawnAxis
 */

/** @typedef {{width: number, height: number, xaxis: DrawnAxis, yaxis: DrawnAxis}} DrawnLayout */

/**
 * An outline that was drawn: a box, or a closed path.
 * @typedef {object} Selection
 * @property {string} type
 * @property {string} [path]
 * @property {number} [x0]
 * @property {number} [x1]
 * @property {number} [y0]
 * @property {number} [y1]
 */

/**
 * @typedef {object} Layout
 * @property {string | false} [dragmode]
 * @property {Selection[]} [selections]
 * @property {{size?: number, family?: string}} [font]
 * @property {Record<string, number>} [margin]
 * @property {{range?: number[]}} [xaxis]
 * @property {{range?: number[]}} [yaxis]
 */

/** @typedef {{data: object[], layout: Layout}} Figure */

/**
 * What Plotly tells of: a changed layout, a selection, a press on points.
 * @typedef {object} PlotEvent
 * @property {string} [dragmode]
 * @property {unknown} [range]
 * @property {unknown} [lassoPoints]
 * @property {Selection[]} [selections]
 * @property {{curveNumber: number, pointNumber?: number, x: unknown, y: unknown}[]} [points]
 */

/**
 * The element that Plotly draws in; `_fullLayout` is there once it has.
 * @typedef {object} Drawn
 * @property {Layout} [layout]
 * @property {DrawnLayout} [_fullLayout]
 * @property {boolean} [_dragged]
 * @property {(name: string, hear: (event: PlotEvent) => void) => void} [on]
 */

/** @typedef {HTMLElement & Drawn} Plot */

/**
 * @typedef {object} Plotly
 * @property {(plot: Plot, data: object[], layout: Layout, config: object) => Promise<void>} react
 * @property {(plot: Plot, changes: Record<string, unknown>) => Promise<void>} relayout
 * @property {(plot: Plot, changes: Record<string, unknown>, traces: number[]) => Promise<void>} restyle
 * @property {(plot: Plot) => void} purge
 */

export const PLOTLY_CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  doubleClick: "reset",
  scrollZoom: false,
  responsive: false,
};

/** @type {Promise<Plotly> | null} */
let library = null;

/** Fetch Plotly once per page. @type {(address: string) => Promise<Plotly>} */
export function loadPlotly(address) {
  library ??= new Promise((resolve, reject) => {
    const script = element("script", { src: address, async: true });
    script.onload = () => resolve(Reflect.get(globalThis, "Plotly"));
    script.onerror = () => {
      library = null;
      reject(new Error("the server did not answer"));
    };
    document.head.append(script);
  });
  return library;
}
