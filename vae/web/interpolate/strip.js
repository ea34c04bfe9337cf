// A film strip: the images along one path, and under them a curve of what is measured there.

import { decode, drawPixels } from "../core/decoder.js";
import { contextOf, element, shownNumber } from "../parts/dom.js";

/** @import { Network, Shape } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Method } from "./layout.js" */
/** @import { Quantity, Typical } from "./words.js" */

/** Where draws of the prior lie between two t. @typedef {[from: number, to: number, typical: Typical]} Band */
/** @typedef {{theme: Theme, colour: string, dash: number[]}} Style */
/** @typedef {Record<"canvas" | "curve", HTMLCanvasElement> & Record<"marker" | "film", HTMLElement>} StripParts */
/** @typedef {FilmStrip & Method & Record<"root" | "links" | "unit", HTMLElement>} Strip */

const FRAME_GAP = 2; // CSS pixels between two images
const CURVE_AIR = 9; // CSS pixels above and below a curve

/**
 * Make the strip of a path {name, words}; `jump(t)` hears that one of its images was pressed.
 * @type {(method: Method, jump: (t: number) => void) => Strip}
 */
export function createStrip({ name, words }, jump) {
  const canvas = element("canvas", {
    class: "ip-frames",
    role: "img",
    "aria-label": `${words} path`,
    "data-testid": `strip-${name}`,
  });
  const curve = element("canvas", {
    class: "ip-curve",
    role: "img",
    "aria-label": `curve of the ${words} path`,
  });
  const marker = element("div", { class: "ip-marker", "aria-hidden": "true" });
  const film = element("div", { class: "ip-film" }, canvas, curve, marker);
  const swatch = element("span", { class: `ip-swatch ip-swatch-${name}`, "aria-hidden": "true" });
  const title = element("h2", {}, swatch, words);
  const unit = element("span", { class: "pad-small" });
  const links = element("span", { class: "ip-links" });
  const head = element("div", { class: "ip-strip-head" }, title, unit, links);
  const scroll = element("div", { class: "ip-scroll" }, film);
  const root = element("section", { class: "ip-strip", "aria-label": `${words} path` }, head, scroll);
  const strip = new FilmStrip({ canvas, curve, marker, film });
  canvas.onclick = (event) => jump(strip.timeAt(event.offsetX / canvas.clientWidth));
  canvas.onpointermove = (event) => {
    // a finger scrolls the strip
    if (event.buttons & 1 && event.pointerType !== "touch") jump(strip.timeAt(event.offsetX / canvas.clientWidth));
  };
  return Object.assign(strip, { name, words, root, links, unit });
}

class FilmStrip {
  words = "";
  /** @type {Shape} */
  shape = [0, 0, 0];
  /** @type {number[]} */
  times = [];
  /** @type {(t: number) => Float64Array} */
  at = () => new Float64Array();
  /** How many images are of another path than the one now. */
  stale = 0;
  next = 0;
  /** What was measured, [t, value]. @type {[number, number][] | null} */
  readings = null;
  fitted = false;

  /** @param {StripParts} parts */
  constructor(parts) {
    this.canvas = parts.canvas;
    this.curve = parts.curve;
    this.marker = parts.marker;
    this.film = parts.film;
    this.sheet = document.createElement("canvas");
    this.tile = document.createElement("canvas");
  }

  /** Show images of [C, H, W] at these t. @type {(times: number[], shape: Shape) => void} */
  setTimes(times, shape) {
    [this.times, this.shape] = [times, shape];
    [this.sheet.width, this.sheet.height] = [times.length * shape[2], shape[1]];
    this.film.style.setProperty("--ip-steps", String(times.length));
    this.film.style.setProperty("--ip-aspect", `${times.length * shape[2]} / ${shape[1]}`);
    this.next = 0;
    this.stale = times.length;
    this.resized();
  }

  /** The boxes have another size: asking for it at every drawing would cost a layout each. */
  resized() {
    this.fitted = false;
  }

  fit() {
    this.fitted ||= [this.canvas, this.curve].map(fitCanvas).some(Boolean);
    return this.fitted;
  }

  /**
   * Follow another path, t → z; the old images stay until each is decoded anew.
   * @type {(at: (t: number) => Float64Array) => void}
   */
  setPath(at) {
    this.at = at;
    this.stale = this.times.length;
  }

  /**
   * Decode one image that is stale, if there is one; `classAt(t)` is the class it is decoded as.
   * @type {(net: Network, classAt: (t: number) => number | null) => void}
   */
  work(net, classAt) {
    if (this.stale === 0) return;
    const t = this.times[this.next];
    drawPixels(contextOf(this.tile), decode(net, this.at(t), classAt(t)), this.shape);
    contextOf(this.sheet).drawImage(this.tile, this.next * this.shape[2], 0);
    this.next = (this.next + 1) % this.times.length;
    this.stale -= 1;
  }

  /**
   * Take the images from a strip that the server drew, with `gap` pixels around each.
   * @type {(picture: ImageBitmap, gap: number) => void}
   */
  adopt(picture, gap) {
    const [, height, width] = this.shape;
    const context = contextOf(this.sheet);
    this.times.forEach((_, i) => {
      const left = gap + i * (width + gap);
      context.drawImage(picture, left, gap, width, height, i * width, 0, width, height);
    });
    this.stale = 0;
  }

  /**
   * Copy the image nearest to t onto a canvas.
   * @type {(t: number, canvas: HTMLCanvasElement) => void}
   */
  copyFrame(t, canvas) {
    const [, height, width] = this.shape;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const i = Math.round(this.placeOf(t));
    contextOf(canvas).drawImage(this.sheet, i * width, 0, width, height, 0, 0, width, height);
  }

  /** @type {(t: number) => number} */
  placeOf(t) {
    const [low, high] = [this.times[0], this.times[this.times.length - 1]];
    return ((t - low) / (high - low)) * (this.times.length - 1);
  }

  /** The t of the image at a share of the strip's width. @type {(share: number) => number} */
  timeAt(share) {
    const last = this.times.length - 1;
    return this.times[Math.min(last, Math.max(0, Math.floor(share * (last + 1))))];
  }

  /**
   * The images' middles carry the t of their images; the curve has the same scale.
   * @type {(t: number) => number}
   */
  shareOf(t) {
    return (this.placeOf(t) + 0.5) / this.times.length;
  }

  /** @type {(t: number) => void} */
  setTime(t) {
    this.marker.style.left = `${100 * this.shareOf(t)}%`;
  }

  /** Copy the images onto the page, sharp where they grow. */
  draw() {
    const { canvas, sheet, times } = this;
    if (!times.length || !this.fit()) return;
    const context = contextOf(canvas);
    const [, height, width] = this.shape;
    const gap = FRAME_GAP * devicePixelRatio;
    const step = (canvas.width + gap) / times.length;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = step - gap < width;
    times.forEach((_, i) => {
      const [left, right] = [Math.round(i * step), Math.round((i + 1) * step - gap)];
      context.drawImage(sheet, i * width, 0, width, height, left, 0, right - left, canvas.height);
    });
  }

  /**
   * Measure along the path: `quantity.of(z, classAt(t))` at so many even steps of t.
   * @type {(quantity: Quantity, count: number, classAt: (t: number) => number | null) => number[]}
   */
  measure(quantity, count, classAt) {
    const [low, high] = [this.times[0], this.times[this.times.length - 1]];
    const last = count - 1;
    const ts = Array.from({ length: count }, (_, i) => low + (i * (high - low)) / last);
    const values = ts.map((t) => quantity.of(this.at(t), classAt(t)));
    this.readings = ts.map((t, i) => [t, values[i]]);
    return values;
  }

  /**
   * Draw the curve on a scale that all strips share, over bands [from t, to t, typical value];
   * `style` is {theme, colour, dash}.
   * @type {(quantity: Quantity, scale: [number, number], bands: Band[], style: Style) => void}
   */
  drawCurve(quantity, [low, high], bands, { theme, colour, dash }) {
    const { curve } = this;
    if (!this.readings || !this.fit()) return;
    const context = contextOf(curve);
    const ratio = devicePixelRatio;
    const [width, height] = [curve.width / ratio, curve.height / ratio];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    /** @type {(value: number) => number} */
    const toY = (value) =>
      height - CURVE_AIR - ((value - low) / (high - low || 1)) * (height - 2 * CURVE_AIR);
    for (const [from, to, typical] of bands) {
      const [left, right] = [from, to].map((t) => width * Math.min(1, Math.max(0, this.shareOf(t))));
      drawTypical(context, typical, toY, [left, right], theme);
    }
    context.beginPath();
    for (const [t, value] of this.readings) context.lineTo(width * this.shareOf(t), toY(value));
    Object.assign(context, { strokeStyle: colour, lineWidth: 2, lineJoin: "round" });
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
    curve.setAttribute("aria-label", this.inWords(quantity));
  }

  /** @type {(quantity: Quantity) => string} */
  inWords({ name, unit }) {
    /** @type {(t: number) => string} */
    const value = (t) => {
      if (!this.readings) return "";
      const nearest = this.readings.reduce((best, reading) =>
        (Math.abs(reading[0] - t) < Math.abs(best[0] - t) ? reading : best));
      if (Number.isNaN(nearest[1])) return "not known";
      return `${shownNumber(nearest[1])}${unit && ` ${unit}`}`;
    };
    return `${name} along the ${this.words} path: ${value(0)} at A, ${value(0.5)} half way, ${value(1)} at B`;
  }
}

/**
 * Give a canvas the pixels of its box; false while it has none.
 * @type {(canvas: HTMLCanvasElement) => boolean}
 */
function fitCanvas(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) =>
    Math.round(side * devicePixelRatio));
  if (!width || !height) return false;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return true;
}

// The level of draws from the prior: mean, give or take a standard deviation.
/** @type {(context: CanvasRenderingContext2D, typical: Typical, toY: (value: number) => number, span: number[], theme: Theme) => void} */
function drawTypical(context, { mean, spread }, toY, [left, right], theme) {
  context.fillStyle = theme.text;
  context.globalAlpha = 0.09;
  context.fillRect(left, toY(mean + spread), right - left, toY(mean - spread) - toY(mean + spread));
  context.globalAlpha = 1;
}
