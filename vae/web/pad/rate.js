// A pad whose model is told β: the slider, and what follows it. The gates of both networks, the
// encoded images, the ellipse and the words beside the sliders move together, without the server.

import { createBeta } from "../parts/beta.js";
import { betaWithin, bringPoints, copyOfPoints, headerAtBeta } from "../core/rates.js";

/** @import { Decoder, Near, Points } from "../core/header.js" */
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
    net.beta = betaWithin(net.header.betas, asked) ?? 1;
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
    this.points = copyOfPoints(points);
    this.place();
    return this.points;
  }

  /** What tells near from far, which is known at β = 1 alone. @type {(near: Near) => void} */
  setNear(near) {
    const home = this.base ?? this.pad.points;
    if (home) home.near = near;
    this.place();
  }

  /** Bring the images to where they lie at the β of now. */
  place() {
    const { points, base, rates, net } = this;
    if (points && base && rates && net?.beta) bringPoints(points, base, rates, net.beta);
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
    pad.controls.sliders?.inform(headerAtBeta(net.header, points, net.beta));
  }
}
