// The curve above the slider: what −ELBO is made of, against how wide the cloud is.

import { contextOf } from "../../parts/dom.js";
import { typeScale } from "../../parts/type_scale.js";

/** @import { Theme } from "../../parts/theme.js" */
/** @import { Cost } from "./cost.js" */

/** What is drawn: costs at even steps, where the slider stands (0 to 1), and what is lit. */
/** @typedef {{costs: Cost[], at: number, lit: string | null, names: {distortion: string, kl: string, total: string}}} Shown */

const ABOVE = 12; // nats above the least at which curves leave the picture
const PAD = 9; // half the slider's thumb: the curve stands above its track

/** @type {(canvas: HTMLCanvasElement, theme: Theme, shown: Shown) => void} */
export function drawChart(canvas, theme, { costs, at, lit, names }) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const paper = contextOf(canvas);
  paper.setTransform(ratio, 0, 0, ratio, 0, 0);
  paper.clearRect(0, 0, width, height);
  if (!costs.length) return;
  const x = (/** @type {number} */ share) => PAD + share * (width - 2 * PAD);
  line(paper, theme.text, 0.35, 1, [[x(at), 0], [x(at), height]]);
  /** @type {[string, (cost: Cost) => number, string, number[]][]} */
  const curves = [
    [names.distortion, ({ distortion }) => distortion, "distortion", [5, 4]],
    [names.kl, ({ kl }) => kl, "kl", [1.5, 3]],
    [names.total, ({ distortion, kl }) => distortion + kl, "total", []],
  ];
  for (const [name, of, symbol, dash] of curves) {
    const values = costs.map(of);
    const least = Math.min(...values);
    const y = (/** @type {number} */ value) => height - 6 - ((value - least) / ABOVE) * (height - 12);
    const strong = lit === symbol || (lit !== "kl" && symbol === "total");
    paper.setLineDash(dash);
    line(paper, strong ? theme.accent : theme.text, strong ? 1 : 0.6, strong ? 2.5 : 1.5,
      values.map((value, k) => [x(k / (values.length - 1)), y(value)]));
    paper.setLineDash([]);
    label(paper, theme, name, values.map(y), x, height, symbol, strong);
  }
}

/** @type {(paper: CanvasRenderingContext2D, colour: string, alpha: number, width: number, places: number[][]) => void} */
function line(paper, colour, alpha, width, places) {
  paper.beginPath();
  for (const [x, y] of places) paper.lineTo(x, y);
  Object.assign(paper, { strokeStyle: colour, globalAlpha: alpha, lineWidth: width });
  paper.stroke();
  paper.globalAlpha = 1;
}

/** Name a curve where it rises. @type {(paper: CanvasRenderingContext2D, theme: Theme, name: string, ys: number[], x: (share: number) => number, height: number, symbol: string, strong: boolean) => void} */
function label(paper, theme, name, ys, x, height, symbol, strong) {
  paper.font = `${strong ? 700 : 400} ${12 * typeScale()}px ${getComputedStyle(paper.canvas).fontFamily}`;
  Object.assign(paper, { fillStyle: strong ? theme.accent : theme.text, textBaseline: "middle", lineWidth: 4, strokeStyle: theme.background, lineJoin: "round" });
  const left = symbol === "kl";
  paper.textAlign = symbol === "total" ? "center" : left ? "left" : "right";
  const share = symbol === "total" ? 0.5 : left ? 0.01 : 0.99;
  const y = symbol === "total" ? ys[Math.floor(ys.length / 2)] - 12 * typeScale() : left ? ys[0] - 9 : ys.at(-1) ?? 0;
  const kept = Math.min(height - 9, Math.max(9, y));
  paper.strokeText(name, x(share), kept);
  paper.fillText(name, x(share), kept);
}
