// The lesson on the ELBO: one image and its q, which the hand drags from its optimum. Beside the plane
// stands one of five sides of it.

import { encode } from "../../core/decoder.js";
import { choice, element, menu, shownNumber } from "../../parts/dom.js";
import { Microscope } from "../../microscope/microscope.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { nameIn } from "../parts/lights.js";
import { readSpecimens } from "../specimens.js";
import { IntegralStation } from "./integral.js";
import { LikelihoodStation } from "./likelihood.js";
import { PriorStation } from "./prior.js";
import { TighterStation } from "./tighter.js";

/** @import { MountExhibit, Opened, Told } from "../exhibit.js" */
/** @import { Specimen } from "../../microscope/specimens.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Specimens } from "../specimens.js" */
/** @import { Station } from "./station.js" */

const STATIONS = ["identity", "likelihood", "integral", "tighter", "prior"];
const WIDE = { cx: 0, cy: 0, span: 7.4 };

/** @type {MountExhibit} */
export const mount = (root, told) => new ElboExhibit(root, told);

class ElboExhibit extends Exhibit {
  /** @type {Opened | null} */
  #opened = null;
  /** @type {Record<string, Station>} */
  #stations = {};
  /** @type {Pick<import("../../microscope/balance.js").Terms, "log" | "elbo" | "kl">} */
  #terms = { log: null, elbo: null, kl: null };
  #station = "identity";
  /** @type {ReturnType<Microscope["plane"]["view"]> | null} */
  #near = null;

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    /** @type {Specimens} */
    this.specimens = readSpecimens(told.data.specimens);
    this.image = askedImage(told, this.specimens.images.length);
    this.microscope = new Microscope({
      settled: () => this.#settled(),
      drawn: (terms, frames) => this.#drawn(terms, frames),
    });
    const { stage, reset, plane } = this.microscope.refs;
    this.map = /** @type {HTMLElement} */ (stage.firstElementChild);
    this.own = /** @type {HTMLElement} */ (stage.lastElementChild);
    this.images = menu(told.words.images, this.specimens.labels.map((label, k) => [String(k), fillIn(told.words.image_of, { k: k + 1, label })]), (value) => this.put(Number(value)));
    const { words } = told;
    this.stations = choice(words.sides, Object.fromEntries(STATIONS.map((name) => [name, words[`to_${name}`]])), (name) => this.turn(name));
    this.root.append(element("div", { class: "ln-exhibit pad-exhibit" },
      element("div", { class: "ln-top" }, this.stations.root, this.images), this.microscope.root));
    plane.after(element("div", { class: "pad-corner" }, reset));
    const { rows } = this.microscope.refs.bars;
    for (const [symbol, row] of Object.entries(rows)) nameIn(row.root, symbol, told);
    nameIn(this.microscope.refs.qWords, "q", told);
    this.begin(() => this.#open());
  }

  async #open() {
    const { told } = this;
    const opened = await told.open("vae");
    if (!this.alive) return;
    this.#opened = opened;
    const redraw = () => this.microscope.plane.draw();
    this.#stations = {
      likelihood: new LikelihoodStation(told.words, told),
      integral: new IntegralStation(told.words, redraw),
      tighter: new TighterStation(told.words, redraw),
      prior: new PriorStation(told.words, told.facts, opened.points, redraw),
    };
    this.microscope.setTheme(this.theme);
    this.microscope.setModel(opened.net, opened.many, opened.encoder);
    this.microscope.above = (context, frame) => this.#stations[this.#station]?.above?.(context, frame);
    this.put(this.image);
    if (STATIONS.includes(told.asked.side)) this.turn(told.asked.side);
  }

  /** Look at another image. @type {(k: number) => void} */
  put(k) {
    const opened = this.#opened;
    if (!opened) return;
    this.image = k;
    this.images.value = String(k);
    const pixels = this.specimens.images[k];
    const label = this.specimens.labels[k];
    /** @type {Specimen} */
    const specimen = { pixels, posterior: encode(opened.encoder, pixels), label: null, row: null, words: fillIn(this.told.words.image_said, { label }) };
    this.#near = null;
    this.microscope.show(specimen);
    this.told.keep({ image: k === this.told.data.image ? null : String(k) });
    this.#look();
  }

  /** Look at another side of it. @type {(name: string) => void} */
  turn(name) {
    this.#stations[this.#station]?.leave();
    const { plane } = this.microscope;
    const station = this.#stations[name];
    const wide = Boolean(station?.wide);
    if (wide && !this.#near) this.#near = plane.view();
    if (!wide && this.#near) {
      plane.setView(this.#near);
      this.#near = null;
    }
    this.#station = name;
    this.stations.set(name);
    (this.map.nextElementSibling ?? this.own).replaceWith(station?.root ?? this.own);
    this.root.dataset.side = name;
    this.told.keep({ side: name === STATIONS[0] ? null : name });
    this.#look();
    this.#widen();
    plane.draw();
  }

  #widen() {
    if (this.#stations[this.#station]?.wide) this.microscope.plane.setView(WIDE);
  }

  #look() {
    const [opened, { q, specimen }] = [this.#opened, this.microscope];
    if (!opened || !q || !specimen) return;
    const { net, many } = opened;
    this.#stations[this.#station]?.show({ net, many, pixels: specimen.pixels, q, terms: this.#terms, theme: this.theme });
  }

  /** @type {(terms: {log: number | null, elbo: number | null, kl: number | null}, frames: number) => void} */
  #drawn(terms, frames) {
    this.#terms = terms;
    Object.assign(this.root.dataset, { frames, log: terms.log ?? "", elbo: terms.elbo ?? "", kl: terms.kl ?? "" });
    this.#look();
    if (terms.log !== null) this.told.ready();
  }

  #settled() {
    const { log, elbo, kl } = this.#terms;
    // its lookers move the view when an image's field has come
    this.#widen();
    this.microscope.plane.draw();
    if (log === null || elbo === null || kl === null) return;
    this.told.say(fillIn(this.told.words.said, { log: shownNumber(log), elbo: shownNumber(elbo), kl: shownNumber(kl) }));
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.microscope.setTheme(theme);
    super.setTheme(theme);
  }

  resized() {
    this.microscope.plane.resize();
    super.resized();
  }

  paint() {
    this.microscope.plane.draw();
    this.#look();
  }

  stop() {
    super.stop();
    this.#stations[this.#station]?.leave();
    this.microscope.stop();
  }
}

/** @type {(told: Told, count: number) => number} */
function askedImage({ asked, data }, count) {
  const found = Number(asked.image);
  return asked.image !== undefined && Number.isInteger(found) && found >= 0 && found < count ? found : data.image;
}
