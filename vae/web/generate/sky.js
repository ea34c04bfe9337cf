// The picture of an endless map: what is seen of it, coarse first, then sharp, and kept for later.

import { BATCH } from "../batch/many.js";
import { contextOf } from "../parts/dom.js";
import { putPixels } from "../pictures/pixels.js";
import { levelOf, middlesOf, seen, SIDE, stepOf, tilesInView } from "./tiles.js";

/** @import { Network } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { View } from "../plane/view.js" */
/** @import { Chart } from "./chart.js" */
/** @import { Tile } from "./tiles.js" */

/** What is drawn: a model, a chart of its latent space, the class that is decoded. */
/** @typedef {{net: Network, many: Many, chart: Chart, label: number | null}} Scene */

const SLICE_MS = 10; // of decoding in a frame
const COARSER = 2; // levels between the first picture and the sharp one
const [SMALLEST_CELL, LARGEST_CELL] = [24, 40]; // CSS pixels, up to twice as wide
const KEPT_BYTES = 48e6;

export class Sky {
  /** What was decoded, each with its turn; `old` of it is of another decoder. @type {Map<string, {tile: Tile, sheet: HTMLCanvasElement, turn: number, old: boolean}>} */
  #kept = new Map();
  #turn = 0;
  /** @type {Scene | null} */
  #scene = null;
  #job = 0;
  frames = 0;
  /** @type {View} */
  view = { cx: 0.5, cy: 0.5, span: 1 };

  /** @param {HTMLCanvasElement} canvas @param {(done: boolean) => void} drawn */
  constructor(canvas, drawn) {
    this.canvas = canvas;
    this.drawn = drawn;
  }

  /** @type {(scene: Scene) => void} */
  setScene(scene) {
    this.#scene = scene;
    this.#kept.clear();
    this.refresh();
  }

  /** The decoder has changed: what is shown stays until it is decoded anew, the oldest first. */
  renew() {
    for (const kept of this.#kept.values()) kept.old = true;
    this.refresh();
  }

  stop() {
    cancelAnimationFrame(this.#job);
    this.#job = 0;
  }

  /** Draw at the next frame. */
  refresh() {
    this.#job ||= requestAnimationFrame(() => this.#work());
  }

  get room() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  /** Pixels of the screen per unit of the map. */
  get unit() {
    return Math.min(this.room.width, this.room.height) / this.view.span;
  }

  get level() {
    const [, , width] = this.#scene?.net.shape ?? [1, 28, 28];
    return levelOf(this.view, this.room, Math.min(LARGEST_CELL, Math.max(SMALLEST_CELL, width - 2)));
  }

  /** How far apart two pictures are. */
  get step() {
    return stepOf(this.level);
  }

  /** Where on the map a place of the canvas lies. @type {(x: number, y: number) => [number, number]} */
  toMap(x, y) {
    const { width, height } = this.room;
    return [this.view.cx + (x - width / 2) / this.unit, this.view.cy - (y - height / 2) / this.unit];
  }

  /** The middle of the picture at a place of the map. @type {(s: number, t: number) => [number, number]} */
  middleAt(s, t) {
    const step = stepOf(this.level);
    const line = this.#scene?.chart.line;
    return [(Math.floor(s / step) + 0.5) * step, line ? step / 2 : (Math.floor(t / step) + 0.5) * step];
  }

  /** The middles of the pictures that are seen, rows from above, and how many a row has. */
  middles() {
    const [s0, s1, t0, t1] = seen(this.view, this.room);
    const { step } = this;
    const chart = this.#scene?.chart;
    /** @type {(low: number, high: number) => number[]} */
    const range = (low, high) => {
      const [from, to] = chart?.bounded ? [Math.max(0, low), Math.min(1, high)] : [low, high];
      const first = Math.floor(from / step + 0.5);
      return Array.from({ length: Math.max(0, Math.floor(to / step + 0.5) - first) }, (_, k) => (first + k + 0.5) * step);
    };
    const across = range(s0, s1);
    const rows = chart?.line ? [step / 2] : range(t0, t1).reverse();
    return { columns: across.length, middles: rows.flatMap((t) => across.map((s) => [s, t])) };
  }

  /** How many pictures are seen. */
  get count() {
    return this.middles().middles.length;
  }

  #work() {
    this.#job = 0;
    const scene = this.#scene;
    if (!scene || !this.room.width) return;
    if (scene.chart.line) this.view.cy = stepOf(this.level) / 2;
    const end = performance.now() + SLICE_MS;
    const { level } = this;
    const sharp = tilesInView(this.view, this.room, level, scene.chart);
    const missing = sharp.filter(({ key }) => !this.#kept.has(key));
    const stale = sharp.filter(({ key }) => this.#kept.get(key)?.old).sort((a, b) => this.#turnOf(a) - this.#turnOf(b));
    // coarse pictures help only while many sharp ones are missing
    const coarse = missing.length > 4 && !scene.chart.line
      ? tilesInView(this.view, this.room, level - COARSER, scene.chart).filter(({ key }) => this.#kept.get(key)?.old !== false)
      : [];
    const wanted = [...coarse, ...missing, ...stale];
    while (wanted.length && performance.now() < end) this.#decode(scene, wanted.splice(0, 1)[0]);
    const done = wanted.length === 0;
    this.#paint(sharp, level, done);
    this.#forget(scene);
    this.frames += 1;
    this.drawn(done);
    if (!done) this.refresh();
  }

  /** @type {(tile: Tile) => number} */
  #turnOf({ key }) {
    return this.#kept.get(key)?.turn ?? 0;
  }

  /** @type {(scene: Scene, tile: Tile) => void} */
  #decode({ net, many, chart, label }, tile) {
    const [, height, width] = net.shape;
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [SIDE * width, SIDE * height];
    const paper = contextOf(sheet);
    const image = paper.createImageData(sheet.width, sheet.height);
    const found = middlesOf(tile, chart.line).map(({ s, t }) => (Number.isNaN(t) ? null : chart.place(s, t)));
    const at = found.flatMap((z, k) => (z ? [k] : []));
    const zs = found.filter((z) => z !== null);
    many.decode(zs, () => label, (pixels, b) => {
      const [row, column] = [Math.floor(at[b] / SIDE), at[b] % SIDE];
      putPixels(image.data, sheet.width, [column * width, row * height], pixels, net.shape);
    });
    paper.putImageData(image, 0, 0);
    this.#kept.set(tile.key, { tile, sheet, turn: ++this.#turn, old: false });
  }

  /** @type {(sharp: Tile[], level: number, done: boolean) => void} */
  #paint(sharp, level, done) {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.room;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across) this.canvas.width = across;
    if (this.canvas.height !== down) this.canvas.height = down;
    const paper = contextOf(this.canvas);
    paper.clearRect(0, 0, across, down);
    if (!done) {
      const under = [...this.#kept.values()].filter(({ tile, old }) => tile.level !== level && !old && Math.abs(tile.level - level) <= 3);
      under.sort((x, y) => x.tile.level - y.tile.level);
      for (const { tile, sheet } of under) this.#put(paper, tile, sheet, ratio);
    }
    for (const tile of sharp) {
      const kept = this.#kept.get(tile.key);
      if (!kept) continue;
      // the newest are kept longest
      this.#kept.delete(tile.key);
      this.#kept.set(tile.key, kept);
      this.#put(paper, tile, kept.sheet, ratio);
    }
  }

  /** @type {(paper: CanvasRenderingContext2D, tile: Tile, sheet: HTMLCanvasElement, ratio: number) => void} */
  #put(paper, { level, i, j }, sheet, ratio) {
    const { width, height } = this.room;
    const size = SIDE * stepOf(level);
    /** @type {(s: number) => number} */
    const x = (s) => Math.round(ratio * (width / 2 + (s - this.view.cx) * this.unit));
    /** @type {(t: number) => number} */
    const y = (t) => Math.round(ratio * (height / 2 - (t - this.view.cy) * this.unit));
    const [left, right, top, bottom] = [x(i * size), x((i + 1) * size), y((j + 1) * size), y(j * size)];
    if (right <= 0 || bottom <= 0 || left >= this.canvas.width || top >= this.canvas.height) return;
    // a picture that is made smaller loses rows of pixels unless it is smoothed
    paper.imageSmoothingEnabled = right - left < sheet.width;
    paper.drawImage(sheet, left, top, right - left, bottom - top);
  }

  /** @type {(scene: Scene) => void} */
  #forget({ net: { shape: [, height, width] } }) {
    const most = Math.max(4 * BATCH, Math.floor(KEPT_BYTES / (4 * SIDE * SIDE * width * height)));
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(key);
    }
  }
}
