// A point becomes a cloud: one image's μ and σ on the map, draws from it, and what they cost.

import { drawPixels, encode } from "../../core/decoder.js";
import { contextOf, shownNumber } from "../../parts/dom.js";
import { Pixels } from "../../pictures/pixels.js";
import { createPlane } from "../../plane/plane.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { readSpecimens } from "../specimens.js";
import { fillStrip, imageAsked } from "../strip.js";
import { drawChart } from "./chart.js";
import { costs, drawn, mirroredNoise } from "./cost.js";
import { cloudParts } from "./parts.js";
import { sketchCloudOf } from "./sketch.js";

/** @import { MountExhibit, Opened, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Cloud, Cost } from "./cost.js" */

const [COLUMNS, ROWS] = [4, 3];
const SHOWN = COLUMNS * ROWS;
const DRAWS = 24;
const WIDTHS = Array.from({ length: 41 }, (_, k) => 10 ** (-1 + k / 20));
const NEAR = 13; // σ across the near view, so that a cloud of usual width fills a third
const LONGEST_SEED = 6;

/** @type {MountExhibit} */
export const mount = (root, told) => new CloudExhibit(root, told);

class CloudExhibit extends Exhibit {
  /** @type {Opened | null} */
  model = null;
  /** @type {Cloud} */
  cloud = { loc: [0, 0], scale: [1, 1] };
  /** @type {Cost[]} */
  costs = [];
  /** @type {Float64Array[]} */
  noise = [];
  /** @type {Pixels | null} */
  pixels = null;

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    this.specimens = readSpecimens(told.data.specimens);
    this.refs = cloudParts(told.words, (view) => this.look(view));
    const { refs } = this;
    root.replaceChildren(refs.root);
    const { image, sigma, seed, view } = told.asked;
    this.image = imageAsked(image, this.specimens.images.length);
    const times = Number(sigma);
    this.power = times >= 0.1 && times <= 10 ? Math.log10(times) : 0;
    this.seed = new RegExp(`^\\d{1,${LONGEST_SEED}}$`).test(seed ?? "") ? Number(seed) : 1;
    this.view = view === "map" ? "map" : "near";
    refs.view.set(this.view);
    refs.slider.value = String(this.power);
    this.choose = fillStrip(refs.strip, this.specimens, told.words.image, (k) => this.take(k));
    this.plane = createPlane(refs.plane, { theme: this.theme });
    this.plane.setOverlay((paper, frame) => sketchCloudOf(paper, frame, this.sketched()));
    this.#listen();
    this.#original();
    this.begin(() => this.#open());
  }

  get times() {
    return 10 ** this.power;
  }

  #listen() {
    const { refs } = this;
    refs.slider.oninput = () => this.turn(Number(refs.slider.value));
    refs.slider.onchange = () => this.#keep();
    refs.again.onclick = () => {
      this.seed = (this.seed % 10 ** LONGEST_SEED) + 1;
      this.#noise();
      this.draw();
      this.#keep();
    };
    /** @type {[HTMLElement, string][]} */
    const named = [[refs.draws, "z"], [refs.slider, "sigma"], [refs.chart, "kl"]];
    for (const [part, symbol] of named) {
      part.onpointerenter = () => this.hover(symbol);
      part.onpointerleave = () => this.hover(null);
    }
    refs.plane.onpointermove = ({ offsetX, offsetY }) => {
      const [x, y] = this.plane.toScreen(this.cloud.loc[0], this.cloud.loc[1]);
      this.hover(Math.hypot(x - offsetX, y - offsetY) < 16 ? "mu" : "sigma");
    };
    refs.plane.onpointerleave = () => this.hover(null);
  }

  async #open() {
    this.model = await this.told.open("vae");
    const { net, points } = this.model;
    this.pixels = new Pixels(COLUMNS, ROWS, net.shape);
    this.plane.setPoints(points);
    this.plane.setAxes([1, 0], [0, 1], ["z1", "z2"]);
    this.#noise();
    this.take(this.image, false);
    this.told.ready();
  }

  #noise() {
    if (this.model) this.noise = mirroredNoise(this.seed, DRAWS, this.model.net.zDim);
  }

  /** Look at another image. @type {(k: number, keep?: boolean) => void} */
  take(k, keep = true) {
    this.image = k;
    this.choose(k);
    this.#original();
    if (!this.model) return;
    const { loc, scale } = encode(this.model.encoder, this.specimens.images[k]);
    this.cloud = { loc, scale: scale ?? loc.map(() => 0) };
    this.draw();
    if (keep) this.#keep();
  }

  #original() {
    const { refs, specimens, image, told } = this;
    drawPixels(contextOf(refs.original), specimens.images[image], specimens.shape);
    refs.originalWords.textContent = fillIn(told.words.original, { label: specimens.labels[image] });
  }

  /** @type {(power: number) => void} */
  turn(power) {
    this.power = power;
    this.draw();
    this.hover("sigma");
  }

  /** @type {(view: string) => void} */
  look(view) {
    this.view = view === "map" ? "map" : "near";
    this.draw();
    this.#keep();
  }

  paint() {
    const { model, pixels, refs, noise, cloud, times, theme } = this;
    if (!model || !pixels) return;
    const image = this.specimens.images[this.image];
    const zs = noise.slice(0, SHOWN).map((one) => drawn(cloud, one, times));
    model.many.decode(zs, () => null, (values, k) => pixels.put(k, values));
    pixels.ready();
    const paper = contextOf(refs.draws);
    const [, height, width] = model.net.shape;
    [refs.draws.width, refs.draws.height] = [COLUMNS * (width + 1) - 1, ROWS * (height + 1) - 1];
    for (let k = 0; k < SHOWN; k++) {
      pixels.draw(paper, k, (k % COLUMNS) * (width + 1), Math.floor(k / COLUMNS) * (height + 1), width, height);
    }
    const key = `${this.image} ${this.seed}`;
    if (refs.chart.dataset.of !== key) {
      this.costs = costs(model.many, image, cloud, noise, WIDTHS);
      refs.chart.dataset.of = key;
    }
    this.#plane();
    const [cost] = costs(model.many, image, cloud, noise, [times]);
    this.#write(cost);
    drawChart(refs.chart, theme, { costs: this.costs, at: (this.power + 1) / 2, lit: this.lit, names: /** @type {any} */ (this.told.words) });
  }

  #plane() {
    const { plane, cloud, times } = this;
    plane.resize();
    if (this.view === "map") plane.fit();
    else {
      const wide = Math.max(...Array.from(cloud.scale));
      plane.setView({ cx: cloud.loc[0], cy: cloud.loc[1], span: wide * Math.max(NEAR, 5.5 * times) });
    }
    plane.draw();
  }

  /** @type {(cost: Cost) => void} */
  #write({ distortion, kl }) {
    const { refs, told, times } = this;
    const { words } = told;
    const total = distortion + kl;
    refs.times.textContent = `${words.slider.replace("times", "×")} ${times.toFixed(2)}`;
    refs.slider.setAttribute("aria-valuetext", times.toFixed(2));
    refs.numbers.textContent = `${words.total} ${shownNumber(total, 1)} = ${shownNumber(distortion, 1)} + ${shownNumber(kl, 1)} ${words.nats}`;
    refs.caption.textContent = fillIn(words.caption, { draws: DRAWS });
    Object.assign(refs.root.dataset, { kl: kl.toFixed(4), distortion: distortion.toFixed(4), times: times.toFixed(3), image: this.image });
    told.say(fillIn(words.said, { spread: times.toFixed(2), distortion: shownNumber(distortion, 1), kl: shownNumber(kl, 1), total: shownNumber(total, 1) }));
  }

  sketched() {
    const { cloud, times, noise, lit, theme } = this;
    const spots = noise.slice(0, SHOWN).map((one) => Array.from(drawn(cloud, one, times)));
    return { cloud, times, spots, lit, theme };
  }

  #keep() {
    const { image, seed, view, power } = this;
    this.told.keep({
      image: image ? String(image + 1) : null,
      sigma: power ? this.times.toFixed(2) : null,
      seed: seed === 1 ? null : String(seed),
      view: view === "map" ? view : null,
    });
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.plane.setTheme(theme);
    super.setTheme(theme);
  }
}
