// The point of a run's map that is under the hand: the ellipses of its posterior, and no other's.

import { classColour } from "../parts/theme.js";

/** @import { Points } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { LatentPlane } from "../plane/plane.js" */

/** CSS pixels within which a pointer is on a point. @type {Record<string, number | undefined>} */
const REACH = { touch: 24 };
const USUAL_REACH = 14;
const CORNERS = 3; // numbers of a Cholesky factor on a plane

/** `data-under` of the canvas names the row of the point, while there is one. */
export class TrainUnder {
  /** @type {Points | null} */
  points = null;
  /** @type {Theme | null} */
  theme = null;
  row = -1;

  /** @param {HTMLCanvasElement} canvas @param {LatentPlane} plane */
  constructor(canvas, plane) {
    this.canvas = canvas;
    this.plane = plane;
  }

  /** The points as they are drawn now: the ellipses go with theirs. @type {(points: Points) => void} */
  setPoints(points) {
    this.points = points;
    if (this.row >= points.count) this.row = -1;
    this.mark();
  }

  forget() {
    this.points = null;
    this.row = -1;
    this.mark();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.mark();
  }

  /** @type {(event: PointerEvent) => void} */
  look({ offsetX, offsetY, pointerType }) {
    this.take(this.plane.nearest(offsetX, offsetY, REACH[pointerType] ?? USUAL_REACH));
  }

  leave() {
    this.take(-1);
  }

  /** @type {(row: number) => void} */
  take(row) {
    if (row === this.row) return;
    this.row = row;
    this.mark();
    this.plane.draw();
  }

  mark() {
    const { canvas, plane, points, row, theme } = this;
    if (row < 0 || !points || !theme) {
      delete canvas.dataset.under;
      plane.setEllipse(null);
      return;
    }
    canvas.dataset.under = String(row);
    const loc = points.loc.subarray(2 * row, 2 * row + 2);
    const tril = points.tril?.subarray(CORNERS * row, CORNERS * (row + 1)) ?? null;
    // the widths of each axis; without a factor of the covariance there is no ellipse to draw
    const scale = tril && [tril[0], Math.hypot(tril[1], tril[2])];
    plane.setEllipse({ loc, scale, tril, color: classColour(points.label[row], theme) });
  }
}
