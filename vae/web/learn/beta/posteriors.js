// q(z|x) of the images of the row on the map, at 1σ and 2σ: apart while the code tells them apart, one
// upon the other where it tells nothing.

/** @import { Numbers } from "../../core/header.js" */
/** @import { Context, Frame } from "../../plane/sketch.js" */

/** @typedef {{loc: Numbers, scale: Numbers, colour: string}} Placed */

const LEAST = 1.5; // pixels of a half axis, so that a narrow q is still seen

/** @type {(paper: Context, frame: Frame, all: Placed[], strong: boolean) => void} */
export function sketchPosteriors(paper, frame, all, strong) {
  paper.save();
  for (const { loc, scale, colour } of all) {
    const [x, y] = frame.toScreen(loc[0], loc[1]);
    for (const deviations of [2, 1]) {
      const [rx, ry] = [scale[0], scale[1]].map((sigma) => Math.max(LEAST * deviations, deviations * sigma * frame.scale));
      paper.beginPath();
      paper.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
      [paper.fillStyle, paper.globalAlpha] = [colour, 0.04];
      paper.fill();
      paper.globalAlpha = 1;
      for (const [ink, width] of /** @type {[string, number][]} */ ([[frame.theme.background, 3], [colour, strong ? 3 : 1.5]])) {
        [paper.strokeStyle, paper.lineWidth] = [ink, width];
        paper.stroke();
      }
    }
  }
  paper.restore();
}
