// What lies above the map of a plane: what follows the hand, and the places that were named.
//
// None of it outdates the map, which is drawn anew only where something of its own has changed.

import { projectedEllipse, projectedOutline } from "../core/posterior.js";
import { sketchCursor, sketchMark, sketchPosterior, sketchTrail } from "./sketch.js";

/** @import { Numbers, Posterior } from "../core/header.js" */
/** @import { Context, Cursor, Frame, Mark, PlacedEllipse, Spot } from "./sketch.js" */

/**
 * The posterior of a point, in all dimensions; its colour is the accent unless told otherwise.
 * @typedef {Pick<Posterior, "scale"> & Partial<Pick<Posterior, "tril" | "outline">> &
 *   {loc: Numbers, color?: string}} PointPosterior
 */

export class Foreground {
  /** @type {Cursor | null} */
  cursor = null;
  /** @type {PointPosterior | null} */
  ellipse = null;
  /** @type {Spot[]} */
  trail = [];
  /** @type {Mark[]} */
  marks = [];
  /** @type {((context: Context, frame: Frame) => void) | null} */
  overlay = null;

  /**
   * Draw all of it on a plane along the unit vectors [u, v].
   * @type {(context: Context, frame: Frame, axes: [Float64Array, Float64Array]) => void}
   */
  draw(context, frame, axes) {
    if (this.trail.length) sketchTrail(context, frame, this.trail);
    for (const mark of this.marks) sketchMark(context, frame, mark);
    if (this.ellipse) {
      sketchPosterior(context, frame, placed(this.ellipse, axes, frame.theme.accent));
    }
    if (this.overlay) this.overlay(context, frame);
    if (this.cursor) sketchCursor(context, frame, this.cursor);
  }
}

/** @type {(of: PointPosterior, axes: [Float64Array, Float64Array], accent: string) => PlacedEllipse} */
function placed(of, [u, v], accent) {
  const { loc, color = accent } = of;
  /** @type {(axis: Float64Array) => number} */
  const along = (axis) => axis.reduce((sum, share, k) => sum + share * loc[k], 0);
  const shape = projectedEllipse(of, u, v);
  return { a: along(u), b: along(v), ...shape, outline: projectedOutline(of, u, v), color };
}
