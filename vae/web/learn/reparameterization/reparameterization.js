// The reparameterization trick: ε in the hand, the gradient's way past the dice, and how much two
// estimates of the same gradient scatter, measured on a shipped decoder.

import { reversibleDecoder } from "../../backward/decoder.js";
import { decode, drawPixels, encode } from "../../core/decoder.js";
import { contextOf, shownVector } from "../../parts/dom.js";
import { fetchPayload } from "../../parts/load.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { readSpecimens } from "../specimens.js";
import { fillStrip, imageAsked } from "../strip.js";
import { Draws } from "./draws.js";
import { reparameterized } from "./estimators.js";
import { NoisePad } from "./noise_pad.js";
import { parts } from "./parts.js";
import { reachOf } from "./scatter.js";

/** @import { MountExhibit, Opened, Told } from "../exhibit.js" */
/** @import { ReversibleDecoder } from "../../backward/decoder.js" */
/** @import { Estimator } from "./draws.js" */

const SLICE_MS = 9;
const ROUND = 600; // draws of a run
const MOST_ASKED = 300; // draws that an address may ask for

/** @type {MountExhibit} */
export const mount = (root, told) => new Trick(root, told);

class Trick extends Exhibit {
  /** @type {{decoder: ReversibleDecoder, model: Opened} | null} */
  opened = null;
  /** @type {Draws | null} */
  draws = null;
  baseline = false;
  apart = false;
  image = 0;
  #frame = 0;

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const { words, asked } = told;
    this.words = words;
    this.specimens = readSpecimens(told.data.specimens);
    this.pad = new NoisePad(words.pad, () => this.drawNow());
    this.refs = parts(this.pad, words, {
      run: () => this.run(),
      dice: () => this.dice(),
      restart: () => this.take(this.image),
      baseline: (on) => this.#set({ baseline: on }),
      apart: (on) => this.#set({ apart: on }),
      light: told.light,
    });
    root.replaceChildren(this.refs.root);
    this.choose = fillStrip(this.refs.strip, this.specimens, words.image, (k) => this.take(k));
    this.image = imageAsked(asked.image, this.specimens.images.length);
    if (asked.baseline === "1") this.refs.baseline.click();
    this.begin(() => this.#open(asked));
  }

  /** @type {(asked: Record<string, string>) => Promise<void>} */
  async #open(asked) {
    const model = await this.told.open("vae");
    this.opened = { model, decoder: reversibleDecoder(await fetchPayload(model.props.decoder)) };
    this.take(this.image);
    const draws = /^\d{1,4}$/.test(asked.draws ?? "") ? Math.min(Number(asked.draws), MOST_ASKED) : 0;
    for (let i = 0; i < draws; i++) this.draws?.draw();
    this.#rested();
    this.told.ready();
  }

  /** Begin with an image, before its first draw. @type {(k: number) => void} */
  take(k) {
    this.pause();
    this.image = k;
    this.choose(k);
    if (!this.opened) return;
    const { model: { encoder }, decoder } = this.opened;
    const image = this.specimens.images[k];
    const { loc, scale } = encode(encoder, image);
    if (!scale) throw new Error("the encoder says no width of q(z|x)");
    this.draws = new Draws(decoder, image, Float64Array.from(loc), Float64Array.from(scale));
    drawPixels(contextOf(this.refs.original), image, this.specimens.shape);
    this.#rested();
  }

  dice() {
    this.pause();
    if (!this.draws) return;
    const [a, b] = this.draws.draw();
    this.pad.noise = [a, b];
    this.#rested();
  }

  run() {
    if (this.#frame) {
      this.pause();
      this.#rested();
      return;
    }
    const until = (this.draws?.count ?? 0) + ROUND;
    const slice = () => {
      const [start, { draws }] = [performance.now(), this];
      while (draws && draws.count < until && performance.now() - start < SLICE_MS) draws.draw();
      this.#frame = draws && draws.count < until ? requestAnimationFrame(slice) : 0;
      if (this.#frame) this.drawNow();
      else this.#rested();
    };
    this.#frame = requestAnimationFrame(slice);
    this.drawNow();
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** @type {(change: {baseline?: boolean, apart?: boolean}) => void} */
  #set(change) {
    Object.assign(this, change);
    this.#rested();
  }

  /** What stands still is kept in the address and said. */
  #rested() {
    this.drawNow();
    if (!this.draws) return;
    const { image, baseline, draws: { count } } = this;
    this.told.keep({
      image: image ? String(image + 1) : null,
      draws: count ? String(Math.min(count, MOST_ASKED)) : null,
      baseline: baseline ? "1" : null,
    });
    this.told.say(this.refs.said.textContent ?? "");
  }

  stop() {
    this.pause();
    super.stop();
  }

  paint() {
    const { draws, opened, refs, theme } = this;
    refs.run.textContent = this.#frame ? this.words.pause : this.words.run;
    if (!draws || !opened) return;
    this.#look();
    const score = this.baseline ? "baseline" : "score";
    const reach = reachOf(draws.loc[score]);
    refs.scatters.score.draw(draws.loc[score], draws.tally[score].mean, reach, theme);
    refs.scatters.path.draw(draws.loc.path, draws.tally.path.mean, this.apart ? reachOf(draws.loc.path) : reach, theme);
    this.#say(score);
  }

  /** What the hand's own ε makes. */
  #look() {
    const { draws, opened, refs, theme, pad } = this;
    if (!draws || !opened) return;
    const { value, slope, z } = draws.look(pad.noise);
    const { loc, scale } = reparameterized(slope, pad.noise);
    const downhill = slope.map((nats, d) => -nats * draws.sigma[d]);
    pad.draw(draws.noises, downhill, theme);
    drawPixels(contextOf(refs.decoded), decode(opened.model.net, z), this.specimens.shape);
    const f = `${value.toFixed(0)} nats`;
    const shared = { z: shownVector(z), f };
    Object.entries(shared).forEach(([name, text]) => {
      for (const { texts } of [refs.graphs.score, refs.graphs.path]) texts[name].textContent = text;
    });
    const { texts } = refs.graphs.path;
    texts.noise.textContent = `ε = ${shownVector(pad.noise)}`;
    texts.slope.textContent = `∂f/∂z = ${shownVector(slope, 0)}`;
    texts.loc.textContent = `∂f/∂μ = ${shownVector(loc, 0)}`;
    texts.scale.textContent = `∂f/∂σ = ${shownVector(scale, 0)}`;
    Object.assign(refs.root.dataset, { noise: pad.noise.join(","), slope: loc.join(",") });
  }

  /** @type {(score: Estimator) => void} */
  #say(score) {
    const { draws, refs, words } = this;
    if (!draws) return;
    const { count, tally } = draws;
    for (const name of /** @type {const} */ (["score", "path"])) {
      const { variance } = tally[name === "path" ? "path" : score];
      refs.spreads[name].textContent = variance >= 0 ? fillIn(words.spread, { spread: whole(Math.sqrt(variance)), error: whole(Math.sqrt(variance / count)) }) : "";
    }
    const times = draws.times(score);
    const known = Number.isFinite(times);
    refs.said.textContent = fillIn(known ? words.said : words.before, { count: whole(count), times: times < 10 ? times.toFixed(1) : whole(times) });
    Object.assign(refs.root.dataset, { draws: String(count), times: known ? String(times) : "", running: String(this.#frame !== 0) });
  }
}

/** @type {(value: number) => string} */
const whole = (value) => Math.round(value).toLocaleString("en");
