// The cloud on the plane: centre, ellipses of 1 and 2 σ, draws; what the formula names is lit.

/** @import { Frame, Context } from "../../plane/sketch.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Cloud } from "./cost.js" */

/** @typedef {{cloud: Cloud, times: number, spots: number[][], lit: string | null, theme: Theme}} Sketched */

const FULL_TURN = 2 * Math.PI;

/** @type {(paper: Context, frame: Frame, sketched: Sketched) => void} */
export function sketchCloudOf(paper, frame, { cloud, times, spots, lit, theme }) {
  const [x, y] = frame.toScreen(cloud.loc[0], cloud.loc[1]);
  const [rx, ry] = [times * cloud.scale[0] * frame.scale, times * cloud.scale[1] * frame.scale];
  paper.save();
  for (const deviations of [2, 1]) {
    paper.beginPath();
    paper.ellipse(x, y, Math.max(1, deviations * rx), Math.max(1, deviations * ry), 0, 0, FULL_TURN);
    paper.globalAlpha = 0.14;
    paper.fillStyle = theme.accent;
    paper.fill();
    paper.globalAlpha = 1;
    stroke(paper, theme, theme.accent, lit === "sigma" ? 3.5 : 1.5);
  }
  for (const [a, b] of spots) {
    const [px, py] = frame.toScreen(a, b);
    if (lit === "epsilon" || lit === "z") {
      paper.beginPath();
      paper.moveTo(x, y);
      paper.lineTo(px, py);
      stroke(paper, theme, theme.text, lit === "epsilon" ? 2 : 1);
    }
    dot(paper, theme, px, py, lit === "z" ? 6 : 3.5, theme.text);
  }
  dot(paper, theme, x, y, lit === "mu" ? 9 : 5, theme.accent);
  paper.restore();
}

/** @type {(paper: Context, theme: Theme, colour: string, width: number) => void} */
function stroke(paper, theme, colour, width) {
  paper.strokeStyle = theme.background;
  paper.lineWidth = width + 2;
  paper.stroke();
  paper.strokeStyle = colour;
  paper.lineWidth = width;
  paper.stroke();
}

/** @type {(paper: Context, theme: Theme, x: number, y: number, radius: number, colour: string) => void} */
function dot(paper, theme, x, y, radius, colour) {
  for (const [r, fill] of /** @type {[number, string][]} */ ([[radius + 1.5, theme.background], [radius, colour]])) {
    paper.beginPath();
    paper.arc(x, y, r, 0, FULL_TURN);
    paper.fillStyle = fill;
    paper.fill();
  }
}
