// A pad whose model is told β: the slider, and what follows it. The gates of both networks, the
// encoded images, the ellipse and the words beside the sliders move together, without the server.

import { createBeta } from "../parts/beta.js";
import { glidePoints, latentOf, rateAt } from "../core/rates.js";

/** @import { Decoder, Points } from "../core/header.js" */
/** @import { Rates } from "../core/rates.js" */
/** @import { BetaSlider } from "../parts/beta.js" */
/** @import { LatentPad } from "./pad.js" */

/** The β of a pad; nothing happens where the model knows but one. */
export class PadRate {
  /** @param {LatentPad} pad */
  constructor(pad) {
    this.pad = pad;
    /** @type {Decoder | null} */
    this.net = null;
    /** @type {BetaSlider | null} */
    this.slider = null;
    /** The encoded images as they are shown. @type {Points | null} */
    this.points = null;
    /** Where they lie at other β. @type {Rates | null} */
    this.rates = null;
    /** The encoded images at β = 1. @type {Points | null} */
    this.base = null;
  }

  forget() {
    [this.points, this.rates, this.base] = [null, null, null];
  }

  /**
   * Another model: show its slider at a β, 1 where none within its range is asked for.
   * @type {(net: Decoder, asked: number | null) => void}
   */
  setModel(net, asked) {
    this.net = net;
    this.forget();
    const { refs, beside, root } = this.pad;
    this.slider = createBeta(refs.rate, net, beside ? "beside " : "", {
      move: (beta) => this.move(beta),
      rest: () => this.pad.release(),
      settle: () => this.pad.settle(),
    });
    root.classList.toggle("pad-rated", !refs.rate.hidden);
    delete root.dataset.beta;
    net.beta = null;
    this.tell(asked);
  }

  /**
   * Decode and encode at a β from now on; what is shown of the image stays.
   * @type {(asked: number | null) => void}
   */
  tell(asked) {
    const { net, pad } = this;
    if (!net?.header.betas || net.remote) return;
    const [low, high] = net.header.betas;
    // an address holds four digits, which may lie a little outside
    const known = asked !== null && asked >= low * 0.999 && asked <= high * 1.001;
    net.beta = known ? Math.min(high, Math.max(low, asked)) : 1;
    net.setBeta(net.beta);
    pad.root.dataset.beta = String(net.beta);
    this.slider?.show(net.beta);
    this.glide();
    pad.images.setBeta(net.beta);
  }

  /** @type {(beta: number) => void} */
  move(beta) {
    this.tell(beta);
    this.pad.show(this.pad.held);
    this.pad.map.repaint();
  }

  /**
   * The encoded images have come, with where they lie at other β; null for none.
   * @type {(points: Points | null, rates: Rates | null) => Points | null}
   */
  setPoints(points, rates) {
    this.forget();
    if (!points || !rates || rates.count !== points.count) return points;
    this.base = points;
    this.rates = rates;
    // copies: the payload is kept, and opened again later
    this.points = { ...points, loc: points.loc.slice(), scale: points.scale?.slice() ?? null };
    this.place();
    return this.points;
  }

  /** Bring the images to where they lie at the β of now. */
  place() {
    const { points, base, rates, net } = this;
    if (!points || !base || !rates || !net?.beta) return;
    const home = net.beta === 1;
    if (home) {
      points.loc.set(base.loc);
      if (base.scale) points.scale?.set(base.scale);
    } else glidePoints(rates, net.beta, points);
    // at β = 1 alone it is known how far is far, and what shape a posterior with correlations has
    points.near = home ? base.near : null;
    points.tril = home ? base.tril : null;
    points.outline = home ? base.outline : null;
  }

  glide() {
    if (this.points) {
      this.place();
      this.pad.map.glided();
    }
    this.inform();
  }

  /** Say beside each slider what its dimension carries at the β of now. */
  inform() {
    const { net, points, pad } = this;
    if (!net?.beta) return;
    const { header } = net;
    const found = header.rates ? rateAt(header.rates, net.beta) : null;
    const latent = { ...header.latent, ...(points ? latentOf(points) : {}) };
    if (found?.klPerDim) latent.kl_per_dim = found.klPerDim;
    pad.controls.sliders?.inform({ ...header, latent });
  }
}
