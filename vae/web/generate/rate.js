// A model that is told β: the slider above the controls, and what follows it in all views.

import { createBeta } from "../parts/beta.js";
import { betaWithin, bringPoints, copyOfPoints, headerAtBeta } from "../core/rates.js";
import { wrongWords } from "./state.js";

/** @import { NetworkHeader, Points } from "../core/header.js" */
/** @import { Rates } from "../core/rates.js" */
/** @import { BetaSlider } from "../parts/beta.js" */
/** @import { Generate, Opened } from "./generate.js" */

const SETTLE_MS = 400; // after a key, until the address is written

/** The β of the page; nothing happens where the model knows but one. */
export class GenerateRate {
  /** @type {Opened | null} */
  #opened = null;
  /** What the model says at β = 1. @type {NetworkHeader | null} */
  #header = null;
  /** @type {BetaSlider | null} */
  #slider = null;
  /** The encoded images as they are shown. @type {Points | null} */
  #points = null;
  /** The same at β = 1. @type {Points | null} */
  #base = null;
  /** @type {Rates | null} */
  #rates = null;
  #timer = 0;
  beta = 1;

  /** @param {Generate} page */
  constructor(page) {
    this.page = page;
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Another model: show its slider, at the β that the address asks for. @type {(opened: Opened) => void} */
  setModel(opened) {
    const { page } = this;
    const { header } = opened.net;
    this.stop();
    [this.#opened, this.#header, this.#points, this.#base, this.#rates] = [opened, header, null, null, null];
    this.#slider = createBeta(page.refs.rate, opened.net, "", {
      move: (beta) => this.#move(beta),
      rest: () => page.rest(),
      settle: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => page.rest(), SETTLE_MS);
      },
    });
    delete page.root.dataset.beta;
    this.beta = 1;
    if (!header.betas) return;
    const text = page.state.more.beta ?? null;
    const asked = betaWithin(header.betas, text === null ? null : text.trim() ? Number(text) : NaN);
    const [low, high] = header.betas;
    if (asked === null) page.say(wrongWords("beta", text ?? "", `a number from ${low} to ${high}`));
    this.#tell(asked ?? 1);
  }

  /**
   * The encoded images have come, with where they lie at other β; returns those of the β of now.
   * @type {(points: Points | null, rates: Rates | null) => Points | null}
   */
  setPoints(points, rates) {
    if (!points || !rates || rates.count !== points.count) return points;
    [this.#base, this.#rates, this.#points] = [points, rates, copyOfPoints(points)];
    this.#tell(this.beta);
    return this.#points;
  }

  /** @type {(beta: number) => void} */
  #move(beta) {
    const { page } = this;
    this.#tell(beta);
    page.state.more = { ...page.state.more, beta: beta === 1 ? null : String(Number(beta.toPrecision(4))) };
    page.card.close();
    const { view } = page;
    if (view.decodeAnew) view.decodeAnew();
    else view.draw();
  }

  /** Do something at the β that it was asked for, whatever the slider says by now. @type {(beta: number, act: () => void) => void} */
  during(beta, act) {
    const many = this.#opened?.many;
    many?.setBeta(beta);
    act();
    many?.setBeta(this.beta);
  }

  /** Decode at a β from now on. @type {(beta: number) => void} */
  #tell(beta) {
    const opened = this.#opened;
    if (!opened || !this.#header?.betas) return;
    this.beta = beta;
    opened.net.setBeta(beta);
    opened.many.setBeta(beta);
    if (this.#points && this.#base && this.#rates) bringPoints(this.#points, this.#base, this.#rates, beta);
    opened.net.header = headerAtBeta(this.#header, this.#points, beta);
    this.#slider?.show(beta);
    this.page.root.dataset.beta = String(beta);
  }
}
