// A pad whose model is told β: the slider, and what follows it. The gates of both networks, the
// encoded images, the ellipse and the words beside the sliders move together, without the server.

import { createBeta } from "./beta.js";
import { glidePoints, latentOf, rateAt } from "../core/rates.js";

/** The β of a pad; nothing happens where the model knows but one. */
export class PadRate {
  constructor(pad) {
    this.pad = pad;
    this.net = null;
    this.forget();
  }

  forget() {
    [this.points, this.rates, this.base] = [null, null, null];
  }

  /** Another model: show its slider at a β, 1 where none within its range is asked for. */
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

  /** Decode and encode at a β from now on; what is shown of the image stays. */
  tell(asked) {
    const { net, pad } = this;
    if (!net.header.betas || net.remote) return;
    const [low, high] = net.header.betas;
    net.beta = asked >= low && asked <= high ? asked : 1;
    net.setBeta(net.beta);
    pad.root.dataset.beta = String(net.beta);
    this.slider.show(net.beta);
    this.glide();
    pad.images.setBeta(net.beta);
  }

  move(beta) {
    this.tell(beta);
    this.pad.show(this.pad.held);
    this.pad.map.repaint();
  }

  /** The encoded images have come, with where they lie at other β; null for none. */
  setPoints(points, rates) {
    this.forget();
    if (!points || !rates || rates.count !== points.count) return points;
    this.base = points;
    this.rates = rates;
    // copies: the payload is kept, and opened again later
    this.points = { ...points, loc: points.loc.slice(), scale: points.scale.slice() };
    this.place();
    return this.points;
  }

  /** Bring the images to where they lie at the β of now. */
  place() {
    const { points, base, rates, net } = this;
    const home = net.beta === 1;
    if (home) for (const name of ["loc", "scale"]) points[name].set(base[name]);
    else glidePoints(rates, net.beta, points);
    // at β = 1 alone it is known how far is far, and what shape a posterior with correlations has
    for (const name of ["near", "tril", "outline"]) points[name] = home ? base[name] : null;
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
    const { header } = net;
    if (!net.beta) return;
    const found = header.rates ? rateAt(header.rates, net.beta) : null;
    const latent = { ...header.latent, ...(points ? latentOf(points) : {}) };
    if (found?.klPerDim) latent.kl_per_dim = found.klPerDim;
    pad.controls.sliders.inform({ ...header, latent });
  }
}
