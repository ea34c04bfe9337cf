// Images beside what comes back of them, one pair at a time, large: the worst, the median, the best.

import { decode, drawPixels } from "../core/decoder.js";
import { button, choice, contextOf, element, setPressed, shownNumber } from "../parts/dom.js";

/** @import { Diagnose } from "./diagnose.js" */
/** @import { ImageTerms, Reconstructions, Strip } from "./props.js" */
/** @import { Specimen } from "../microscope/specimens.js" */

const THUMBS = 24;

export class ReconstructionsExhibit {
  /** @type {Reconstructions | null} */
  #found = null;
  #strip = "worst";
  #at = 0;
  /** @type {Diagnose | null} */
  #page = null;

  constructor() {
    this.#said = element("p", { class: "dg-said" });
    this.#choice = choice("which images", { worst: "worst", median: "median", best: "best" }, (name) => {
      [this.#strip, this.#at] = [name, 0];
      this.#draw();
    });
    this.#original = element("canvas", { class: "dg-picture", role: "img" });
    this.#decoded = element("canvas", { class: "dg-picture", role: "img" });
    this.#words = element("figcaption", { class: "dg-caption" });
    this.#numbers = element("figcaption", { class: "dg-caption" });
    this.#thumbs = element("div", { class: "dg-thumbs", role: "group", "aria-label": "images" });
    this.#bars = element("canvas", { class: "dg-histogram", role: "img" });
    const [before, next] = [button("←", { "aria-label": "image before" }), button("→", { "aria-label": "next image" })];
    before.onclick = () => this.#step(-1);
    next.onclick = () => this.#step(1);
    const under = button("put under the microscope");
    under.onclick = () => this.#look();
    const tools = element("div", { class: "dg-tools" }, this.#choice.root, before, next, under);
    const pair = element("div", { class: "dg-pair" },
      element("figure", {}, this.#original, this.#words), element("figure", {}, this.#decoded, this.#numbers));
    this.root = element("div", { class: "dg-exhibit" }, this.#said, tools, pair, this.#thumbs, this.#bars);
  }

  #said;
  #choice;
  #original;
  #decoded;
  #words;
  #numbers;
  #thumbs;
  #bars;

  stop() {}

  /** @type {(page: Diagnose) => void} */
  show(page) {
    const found = page.data.evidence.reconstructions;
    const same = this.#page === page && this.#found?.mean === found?.mean && this.#found?.strips.length === found?.strips.length;
    [this.#page, this.#found] = [page, found];
    this.#said.textContent = saidOf(page, found);
    for (const part of [this.#choice.root.parentElement, this.#original.parentElement?.parentElement, this.#thumbs, this.#bars]) {
      if (part) part.hidden = !found || !page.specimens || page.specimens.absent;
    }
    if (!same) {
      this.#at = 0;
      this.#draw();
    }
    drawHistogram(this.#bars, found, this.#current()?.log_px ?? null, page);
  }

  /** @type {() => Strip | null} */
  #images() {
    return this.#found?.strips.find(({ name }) => name === this.#strip) ?? null;
  }

  /** @type {() => ImageTerms | null} */
  #current() {
    return this.#images()?.images[this.#at] ?? null;
  }

  /** @type {(by: number) => void} */
  #step(by) {
    const count = this.#images()?.images.length ?? 0;
    if (!count) return;
    this.#at = (this.#at + by + count) % count;
    this.#open();
  }

  #look() {
    const [page, one] = [this.#page, this.#current()];
    if (!page || !one) return;
    page.choose("microscope");
    page.look(one.row);
  }

  async #draw() {
    const [page, strip] = [this.#page, this.#images()];
    const { specimens } = page ?? {};
    if (!page || !strip || !specimens) return;
    await specimens.originals.fetch(strip.images.slice(0, THUMBS).map(({ row }) => row));
    if (strip !== this.#images()) return;
    this.#thumbs.replaceChildren(...strip.images.map((one, k) => this.#thumb(one, k)));
    await this.#open();
  }

  /** @type {(one: ImageTerms, k: number) => HTMLElement} */
  #thumb(one, k) {
    const canvas = element("canvas", { class: "pad-thumb" });
    const pixels = this.#page?.specimens?.originals.at(one.row);
    const shape = this.#page?.net?.shape;
    if (pixels && shape) drawPixels(contextOf(canvas), pixels, shape);
    const made = element("button", {
      type: "button", class: "dg-thumb", "aria-label": `image ${one.row}, ${shownNumber(-one.log_px, 1)} nats`,
      onclick: () => {
        this.#at = k;
        this.#open();
      },
    }, canvas);
    return made;
  }

  async #open() {
    const [page, one] = [this.#page, this.#current()];
    const { specimens, net } = page ?? {};
    if (!page || !one || !specimens || !net || net.remote) return;
    for (const [k, thumb] of Array.from(this.#thumbs.children).entries()) {
      if (thumb instanceof HTMLElement) setPressed(thumb, k === this.#at);
    }
    const specimen = await specimens.ofRow(one.row);
    if (!specimen || one !== this.#current()) return;
    this.#pair(specimen, one);
    drawHistogram(this.#bars, this.#found, one.log_px, page);
  }

  /** @type {(specimen: Specimen, one: ImageTerms) => void} */
  #pair({ pixels, posterior, label, words }, one) {
    const net = this.#page?.net;
    if (!net || net.remote) return;
    drawPixels(contextOf(this.#original), pixels, net.shape);
    drawPixels(contextOf(this.#decoded), decode(net, posterior.loc, label ?? net.label), net.shape);
    this.#original.setAttribute("aria-label", words);
    this.#decoded.setAttribute("aria-label", "its reconstruction");
    this.#words.textContent = words;
    const kl = one.kl === null ? "" : ` · KL ${shownNumber(one.kl, 1)} nats`;
    this.#numbers.textContent = `reconstruction from its mean · −log p(x|z) ${shownNumber(-one.log_px, 1)} nats${kl}`;
  }
}

/** @type {(page: Diagnose, found: Reconstructions | null) => string} */
function saidOf(page, found) {
  if (page.data.working && !found) return "measuring every image …";
  if (!found) {
    return "This model's images are not on the server's machine: single images cannot be shown. The list " +
      "has what the model's file says of them.";
  }
  return `−log p(x|z) is ${shownNumber(found.mean, 1)} nats per image on average, and ` +
    `${shownNumber(found.swapped, 1)} with the code of another image: the difference is what the code tells. ` +
    `${shownNumber(100 * found.mistaken, 1)} % of the images are explained as well by another's code.`;
}

/** @type {(canvas: HTMLCanvasElement, found: Reconstructions | null, at: number | null, page: Diagnose) => void} */
function drawHistogram(canvas, found, at, page) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!found || !width || !height || !page.theme) return;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = contextOf(canvas);
  context.scale(ratio, ratio);
  const { edges, counts } = found;
  const [low, high] = [edges[0], edges[edges.length - 1]];
  /** @type {(value: number) => number} */
  const place = (value) => ((value - low) / (high - low || 1)) * width;
  const floor = height - 18;
  const most = Math.max(...counts);
  context.fillStyle = page.theme.text;
  context.globalAlpha = 0.45;
  for (const [k, count] of counts.entries()) {
    const tall = (count / most) * (floor - 4);
    context.fillRect(place(edges[k]), floor - tall, Math.max(1, place(edges[k + 1]) - place(edges[k]) - 1), tall);
  }
  context.globalAlpha = 1;
  if (at !== null) {
    context.fillStyle = page.theme.accent;
    context.fillRect(place(-at) - 1, 0, 2, floor);
  }
  context.fillStyle = page.theme.text;
  context.font = `12px ${getComputedStyle(canvas).getPropertyValue("--pad-mono") || "monospace"}`;
  context.textBaseline = "bottom";
  context.fillText(shownNumber(low, 0), 0, height);
  context.textAlign = "right";
  context.fillText(`${shownNumber(high, 0)} nats`, width, height);
  canvas.setAttribute("aria-label", `−log p(x|z) of all images, from ${shownNumber(low, 0)} to ${shownNumber(high, 0)} nats`);
}
