// The aggregate posterior against the prior: where the decoder was trained, and where a draw of the
// prior falls into a hole. The hand hears what the decoder makes of a place.

import { decode, drawPixels } from "../core/decoder.js";
import { planeAlong } from "../core/latent.js";
import { bytesOf } from "../parts/base64.js";
import { contextOf, element, menu, setOptions, shownNumber } from "../parts/dom.js";
import { createPlane } from "../plane/plane.js";
import { listenToHand } from "../plane/hand.js";
import { watchSize } from "../parts/size_watch.js";
import { placeOn } from "../microscope/pair.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Diagnose } from "./diagnose.js" */
/** @import { Aggregate, Curve, PlanePicture } from "./props.js" */

const HALF = 127.5; // the byte at which q and p are equal
const STRENGTH = 200;

export class AggregateExhibit {
  /** @type {Diagnose | null} */
  #page = null;
  /** @type {Aggregate | null} */
  #found = null;
  #drawn = "";
  #dim = 0;

  constructor() {
    this.said = element("p", { class: "dg-said" });
    this.canvas = element("canvas", {
      class: "pad-plane", tabIndex: 0, role: "img", "aria-label": "q(z) against p(z) on the plane",
      "data-testid": "aggregate-plane",
    });
    this.plane = createPlane(this.canvas);
    this.decoded = element("canvas", { class: "dg-picture", role: "img", "aria-label": "what the decoder makes of the place" });
    this.words = element("figcaption", { class: "dg-caption", textContent: "the decoder under the hand" });
    this.dims = menu("dimension", [], (value) => {
      this.#dim = Number(value);
      this.#curve();
    });
    this.curve = element("canvas", { class: "dg-curve", role: "img" });
    this.numbers = element("p", { class: "dg-q" });
    const box = element("div", { class: "pad-plane-box dg-plane-box" }, this.canvas);
    this.figure = element("figure", { class: "dg-alone" }, this.decoded, this.words);
    const side = element("div", { class: "dg-side" }, this.figure,
      element("div", { class: "dg-tools" }, "one dimension", this.dims), this.curve, this.numbers);
    this.map = element("div", { class: "dg-map" }, box);
    this.stage = element("div", { class: "dg-stage" }, this.map, side);
    this.root = element("div", { class: "dg-exhibit" }, this.said, this.stage);
    this.hand = listenToHand(this.canvas, this.plane, {
      look: (a, b) => this.#look(a, b),
      hold: (a, b) => this.#look(a, b),
      begin() {}, cancel() {}, leave() {}, near() {}, viewed() {}, release() {},
      moved: () => this.plane.draw(),
    });
    this.observer = watchSize(this.canvas, () => {
      this.plane.resize();
      this.plane.draw();
    });
  }

  stop() {
    this.hand.stop();
    this.observer.disconnect();
  }

  /** @type {(page: Diagnose) => void} */
  show(page) {
    this.#page = page;
    const { net, theme, data } = page;
    const found = data.evidence.aggregate;
    this.stage.hidden = !found;
    const whose = net?.header.latent.by_class ? " The prior is the mixture of the classes' normals." : "";
    this.said.textContent = saidOf(found, Boolean(data.working)) + (found?.plane ? whose : "");
    if (!found || !net || !theme) return;
    this.#found = found;
    this.map.hidden = this.figure.hidden = !found.plane;
    const name = `${page.opening} ${theme.text} ${theme.accent}`;
    if (found.plane && name !== this.#drawn) this.#begin(found.plane, page, theme);
    if (name !== this.#drawn) {
      setOptions(this.dims, found.curves.map(({ dim }) => [String(dim), `z${dim + 1}`]));
      this.#dim = found.plane?.dims[0] ?? 0;
      this.dims.value = String(this.#dim);
    }
    this.#drawn = name;
    this.plane.resize();
    this.plane.draw();
    this.#curve();
  }

  /** @type {(found: PlanePicture, page: Diagnose, theme: Theme) => void} */
  #begin(found, { net, points }, theme) {
    if (!net) return;
    this.plane.setTheme(theme);
    const { u, v, labels } = planeAlong(net.zDim, found.dims[0], found.dims[1]);
    this.plane.setPoints(points);
    this.plane.setLayers({ points: false });
    this.plane.setAxes(u, v, labels);
    this.plane.setPrior(net.header.latent.rings);
    this.plane.setBackdrop(pictureOf(found, theme), found.extent);
    this.plane.resize();
    this.plane.fit();
    this.#look(0, 0);
  }

  /** @type {(a: number, b: number) => void} */
  #look(a, b) {
    const { net } = this.#page ?? {};
    const pair = this.#found?.plane?.dims;
    if (!net || net.remote || !pair) return;
    const z = placeOn(new Float64Array(net.zDim), pair, a, b);
    drawPixels(contextOf(this.decoded), decode(net, z), net.shape);
    this.plane.setCursor({ a, b, held: false });
    this.plane.draw();
  }

  #curve() {
    const curve = this.#found?.curves.find(({ dim }) => dim === this.#dim);
    const theme = this.#page?.theme;
    if (!curve || !theme) return;
    drawCurve(this.curve, curve, theme);
    const text = `mean ${shownNumber(curve.mean)}, variance ${shownNumber(curve.variance)}, ` +
      `KL(q(z${curve.dim + 1}) ‖ p) ${shownNumber(curve.kl, 3)} nats`;
    this.numbers.textContent = `q(z${curve.dim + 1}): ${text}`;
    this.curve.setAttribute("aria-label", `q(z${curve.dim + 1}) as an area and p as a line: ${text}`);
  }
}

/** @type {(found: Aggregate | null, working: boolean) => string} */
function saidOf(found, working) {
  if (!found) return working ? "measuring …" : "This model carries no encoded images.";
  if (found.holes === null || !found.plane) {
    return "q(z) is the mean of all images' posteriors: where the decoder was trained.";
  }
  return `Coloured: holes, where the images' posteriors have less than ${shownNumber(100 * (found.threshold ?? 0), 0)} % ` +
    `of the prior's density; grey: more than the prior. ${shownNumber(100 * found.holes, 1)} % of the prior's mass lies ` +
    `in holes, counted on squares of ${shownNumber(found.cell ?? 0)}. Move over the map to see what is decoded there.`;
}

/** @type {(found: PlanePicture, theme: Theme) => HTMLCanvasElement} */
function pictureOf({ cells: [width, height], values, prior, signed }, theme) {
  const canvas = element("canvas", { width, height });
  const context = contextOf(canvas);
  const [[r0, g0, b0], [r1, g1, b1]] = [theme.accent, theme.text].map((colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  });
  const image = context.createImageData(width, height);
  const [ratio, mass] = [bytesOf(values), bytesOf(prior)];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // a picture grows downwards
      const [from, to] = [row * width + column, 4 * ((height - 1 - row) * width + column)];
      const value = signed ? (ratio[from] - HALF) / HALF : ratio[from] / 255;
      if (value < 0) image.data.set([r0, g0, b0, -value * STRENGTH * Math.min(1, (2 * mass[from]) / 255)], to);
      else image.data.set([r1, g1, b1, value * STRENGTH * 0.6], to);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @type {(canvas: HTMLCanvasElement, curve: Curve, theme: Theme) => void} */
function drawCurve(canvas, { zqp }, theme) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = contextOf(canvas);
  context.scale(ratio, ratio);
  const numbers = Array.from(new Float32Array(bytesOf(zqp).buffer));
  const count = numbers.length / 3;
  const [z, q, p] = [0, 1, 2].map((row) => numbers.slice(row * count, (row + 1) * count));
  const top = Math.max(...q, ...p);
  const shown = z.map((_, k) => k).filter((k) => Math.max(q[k], p[k]) > top / 500);
  const [low, high] = [z[shown[0]], z[shown[shown.length - 1]]];
  /** @type {(k: number, values: number[]) => [number, number]} */
  const spot = (k, values) => [((z[k] - low) / (high - low)) * width, (height - 18) * (1 - (0.95 * values[k]) / top)];
  context.beginPath();
  context.moveTo(0, height - 18);
  for (const k of shown) context.lineTo(...spot(k, q));
  context.lineTo(width, height - 18);
  context.fillStyle = theme.text;
  context.globalAlpha = 0.35;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  for (const k of shown) context.lineTo(...spot(k, p));
  [context.strokeStyle, context.lineWidth] = [theme.accent, 2];
  context.stroke();
  context.fillStyle = theme.text;
  context.font = `12px ${getComputedStyle(canvas).getPropertyValue("--pad-mono") || "monospace"}`;
  context.textBaseline = "bottom";
  context.fillText(shownNumber(low, 1), 0, height);
  context.textAlign = "right";
  context.fillText(shownNumber(high, 1), width, height);
  context.textAlign = "center";
  context.fillText("q as an area, p as a line", width / 2, height);
}
