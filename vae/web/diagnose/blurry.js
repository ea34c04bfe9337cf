// Why pictures are blurred: at a place z stand the images whose posteriors cover it. Their mean,
// weighted, is the best that a Bernoulli decoder can say there.

import { decode, drawPixels } from "../core/decoder.js";
import { planeAlong } from "../core/latent.js";
import { contextOf, element, shownNumber } from "../parts/dom.js";
import { className } from "../core/told.js";
import { sizeOfShape } from "../core/shapes.js";
import { createPlane } from "../plane/plane.js";
import { listenToHand } from "../plane/hand.js";
import { watchSize } from "../parts/size_watch.js";
import { coverAt, weightedMean, whyNoCover } from "../microscope/cover.js";
import { firstPair, placeOn } from "../microscope/pair.js";

/** @import { Network, Points } from "../core/header.js" */
/** @import { Diagnose } from "./diagnose.js" */
/** @import { Share } from "../microscope/cover.js" */

const SHOWN = 8;
const REST_MS = 120;

export class BlurryExhibit {
  /** @type {Diagnose | null} */
  #page = null;
  /** @type {number[]} */
  #pair = [];
  /** @type {Float64Array | null} */
  #z = null;
  #model = "";
  #timer = 0;

  constructor() {
    this.said = element("p", { class: "dg-said" });
    this.canvas = element("canvas", {
      class: "pad-plane", tabIndex: 0, role: "img", "data-testid": "cover-plane",
      "aria-label": "map of the encoded images: move over it to see which images share a place",
    });
    this.plane = createPlane(this.canvas);
    this.mean = element("canvas", { class: "dg-picture", role: "img", "aria-label": "weighted mean of the images" });
    this.decoded = element("canvas", { class: "dg-picture", role: "img", "aria-label": "what the decoder makes of z" });
    this.meanWords = element("figcaption", { class: "dg-caption" });
    this.thumbs = element("div", { class: "dg-thumbs dg-thumbs-few" });
    this.number = element("p", { class: "dg-count", "aria-live": "polite" });
    const pair = element("div", { class: "dg-pictures" },
      element("figure", {}, this.decoded, element("figcaption", { class: "dg-caption", textContent: "the decoder at z" })),
      element("figure", {}, this.mean, this.meanWords));
    const box = element("div", { class: "pad-plane-box dg-plane-box" }, this.canvas);
    const side = element("div", { class: "dg-side" }, pair, this.number, this.thumbs);
    this.stage = element("div", { class: "dg-stage" }, element("div", { class: "dg-map" }, box), side);
    this.root = element("div", { class: "dg-exhibit" }, this.said, this.stage);
    this.hand = listenToHand(this.canvas, this.plane, {
      look: (a, b) => this.#move(a, b),
      hold: (a, b) => this.#move(a, b),
      begin() {}, cancel() {}, leave() {}, near() {}, viewed() {},
      release: () => this.#rest(),
      moved: () => this.plane.draw(),
    });
    this.observer = watchSize(this.canvas, () => {
      this.plane.resize();
      this.plane.draw();
    });
  }

  stop() {
    clearTimeout(this.#timer);
    this.hand.stop();
    this.observer.disconnect();
  }

  /** @type {(page: Diagnose) => void} */
  show(page) {
    const { net, points } = page;
    this.#page = page;
    if (page.theme) this.plane.setTheme(page.theme);
    if (!net || net.remote) return;
    const why = whyNoCover(net.header, points);
    this.stage.hidden = Boolean(why);
    this.said.textContent = why ||
      "Move over the map: the images whose posteriors cover z, weighted by q(z|x). Their mean is the best " +
      "that a Bernoulli decoder can draw there; what they do not share is blurred.";
    if (why || !points) return;
    if (this.#model !== page.opening) this.#begin(net, points, page.opening ?? "");
    this.plane.resize();
    this.plane.draw();
  }

  /** @type {(net: Network, points: Points, version: string) => void} */
  #begin(net, points, version) {
    this.#model = version;
    this.#pair = firstPair(net.header);
    const { u, v, labels } = planeAlong(net.zDim, this.#pair[0], this.#pair[1] ?? this.#pair[0]);
    this.plane.setPoints(points);
    this.plane.setAxes(u, net.zDim > 1 ? v : new Float64Array(1), labels);
    this.plane.setPrior(net.header.latent.rings);
    this.plane.resize();
    this.plane.fit();
    const z = this.#page?.microscope.specimen?.posterior.loc ?? points.loc.slice(0, points.zDim);
    this.#look(Float64Array.from(z));
    this.#rest();
  }

  /** @type {(a: number, b: number) => void} */
  #move(a, b) {
    if (!this.#z) return;
    this.#look(placeOn(this.#z, this.#pair, a, b));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), REST_MS);
  }

  /** @type {(z: Float64Array) => void} */
  #look(z) {
    const { net, points } = this.#page ?? {};
    if (!net || net.remote || !points) return;
    this.#z = z;
    const { shares, effective, label } = coverOf(net, points, z);
    drawPixels(contextOf(this.decoded), decode(net, z, label ?? net.label), net.shape);
    const kind = label === null ? "" : ` of class ${className(net.header, label)}`;
    this.number.textContent = `${shownNumber(effective, 1)} images${kind} share this place`;
    this.plane.setCursor({ a: z[this.#pair[0]], b: this.#pair.length > 1 ? z[this.#pair[1]] : 0, held: true });
    this.plane.draw();
    this.#pictures(net, points, shares);
  }

  async #rest() {
    const { points, specimens, net } = this.#page ?? {};
    const z = this.#z;
    if (!points || !specimens || !net || net.remote || !z) return;
    const { shares } = coverOf(net, points, z);
    await specimens.originals.fetch(shares.map(({ row }) => points.index[row]));
    if (z === this.#z) this.#pictures(net, points, shares);
  }

  /** @type {(net: Network, points: Points, shares: Share[]) => void} */
  #pictures(net, points, shares) {
    const originals = this.#page?.specimens?.originals;
    if (!originals) return;
    const parts = shares.map(({ row, share }) => ({ share, pixels: originals.at(points.index[row]) }));
    const { mean, held } = weightedMean(parts, sizeOfShape(net.shape));
    drawPixels(contextOf(this.mean), mean, net.shape);
    const absent = this.#page?.specimens?.absent;
    this.meanWords.textContent = absent ? "their pixels are not on the server's machine"
      : `mean of the images by q(z|x), ${shownNumber(100 * held, 0)} % of the weight`;
    const shown = shares.slice(0, SHOWN).map(({ share }, k) => {
      const canvas = element("canvas", { class: "pad-thumb" });
      const { pixels } = parts[k];
      if (pixels) drawPixels(contextOf(canvas), pixels, net.shape);
      const words = element("figcaption", { textContent: `${shownNumber(100 * share, share < 0.1 ? 1 : 0)} %` });
      return element("figure", { class: "dg-share" }, canvas, words);
    });
    this.thumbs.replaceChildren(...shown);
  }
}

/**
 * What covers z; where the decoder is told a class, of the class that has most weight there.
 * @type {(net: Network, points: Points, z: Float64Array) => ReturnType<typeof coverAt> & {label: number | null}}
 */
function coverOf(net, points, z) {
  const found = coverAt(points, z);
  const label = points.label[found.shares[0]?.row ?? 0];
  if (!net.classes || label < 0) return { ...found, label: null };
  return { ...coverAt(points, z, label), label };
}
