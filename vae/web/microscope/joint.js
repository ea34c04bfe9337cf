// log p(x, z) of one image over a plane through its posterior's mean.

import { headerOfClass } from "../core/class_prior.js";
import { logDensity, priorSpan } from "../core/density.js";
import { isScored, logLikelihoodOf } from "../core/likeness.js";
import { BATCH } from "../batch/many.js";
import { putNewest } from "../parts/fetched.js";
import { placeOn } from "./pair.js";

/** @import { Network, NetworkHeader, Numbers } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { Look } from "./evidence.js" */
/** @import { Joint } from "./lattice.js" */

/**
 * An image under the microscope: its pixels, a place z that the plane goes through, and the class
 * that the decoder is told, null for none.
 * @typedef {{pixels: Numbers, z: Numbers, label: number | null}} Subject
 */

/** Dimensions to the right and upwards; there is no second one where z has one. @typedef {number[]} Pair */

const LOOK_PARTS = 24; // steps of a coarse look across the prior
const LOOK_AIR = 0.35; // of the prior's span, beyond it on each side

/**
 * Why this page cannot tell log p(x, z) of a model, in a sentence; "" where it can.
 * @type {(header: NetworkHeader, remote: boolean) => string}
 */
export function whyNoJoint(header, remote) {
  if (!header.has_density) {
    return "This model encodes an image as one point and was held to no prior: it has no p(z|x), " +
      "no ELBO and no log p(x) to look at.";
  }
  if (remote) return "This decoder is too large to run in a browser, so that p(z|x) is not drawn here.";
  if (!isScored(header)) return "This page does not know how this likelihood scores an image.";
  if (!logDensity(header.latent)) {
    return "The density of this learned prior over so many dimensions is not known in the browser, " +
      "so that p(z|x) is not drawn here.";
  }
  return "";
}

/**
 * log p(x, z) in nats at places of the plane of two dimensions: the other dimensions stay where the
 * subject's z has them.
 * @type {(net: Network, many: Many, subject: Subject, pair: Pair) => Joint}
 */
export function jointOf(net, many, subject, pair) {
  const label = subject.label ?? net.label;
  const logPrior = logDensity(headerOfClass(net.header, net.classes ? label : null).latent);
  return (spots) => {
    const zs = spots.map(([a, b]) => placeOn(subject.z, pair, a, b));
    const values = new Float64Array(spots.length);
    many.run(zs, () => label, (raw, k) => {
      values[k] = scored(net.header, raw, subject.pixels, logPrior?.(zs[k]) ?? NaN);
    });
    return values;
  };
}

// beyond the places at which a learned prior is kept nothing is known of it: no mass is put there
/** @type {(header: NetworkHeader, raw: Numbers, pixels: Numbers, logPrior: number) => number} */
function scored(header, raw, pixels, logPrior) {
  return Number.isNaN(logPrior) ? -1e6 : logLikelihoodOf(header, raw, pixels) + logPrior;
}

/** What the decoder says at the places of a coarse look. @typedef {{raws: Float32Array[]}} Kept */

/** @type {WeakMap<Network, Looker>} */
const lookers = new WeakMap();

/** What looks over the prior of a model of this decoder. @type {(net: Network, many: Many) => Looker} */
export function lookerOf(net, many) {
  const known = lookers.get(net) ?? new Looker(net, many);
  lookers.set(net, known);
  return known;
}

/** Looks over a model's whole prior; what the decoder says there is kept where images share it. */
export class Looker {
  /** @type {Map<string, Kept>} */
  #kept = new Map();

  /** @param {Network} net @param {Many} many */
  constructor(net, many) {
    this.net = net;
    this.many = many;
  }

  /**
   * log p(x, z) at even steps over all that the prior reaches; yields after each batch.
   * @type {(subject: Subject, pair: Pair) => Generator<void, Look>}
   */
  *steps(subject, pair) {
    const { net } = this;
    const label = subject.label ?? net.label;
    const header = headerOfClass(net.header, net.classes ? label : null);
    const { spots, step } = spotsOver(header, pair);
    const kept = this.#keptFor(subject, pair);
    const zs = spots.map(([a, b]) => placeOn(subject.z, pair, a, b));
    while (kept.raws.length < spots.length) {
      const next = zs.slice(kept.raws.length, kept.raws.length + BATCH);
      this.many.run(next, () => label, (raw) => kept.raws.push(Float32Array.from(raw)));
      yield;
    }
    const logPrior = logDensity(header.latent);
    const seen = spots.map((spot, k) => {
      const value = scored(header, kept.raws[k], subject.pixels, logPrior?.(zs[k]) ?? NaN);
      return { spot, value };
    });
    return { seen, step };
  }

  // where the plane is all of z the next image's places lie where this one's did, else those of the
  // same image
  /** @type {(subject: Subject, pair: Pair) => Kept} */
  #keptFor({ label, z }, pair) {
    const name = [label, pair, Array.from(z).filter((_, k) => !pair.includes(k))].join(" ");
    const known = this.#kept.get(name) ?? { raws: [] };
    // of every class where the plane is all of z, else of the last image
    const most = z.length > pair.length ? 1 : Math.max(1, this.net.classes);
    putNewest(this.#kept, name, known, most);
    return known;
  }
}

/** @type {(header: NetworkHeader, pair: Pair) => {spots: [number, number][], step: number}} */
function spotsOver({ latent }, pair) {
  const spans = pair.map((i) => {
    const [low, high] = priorSpan(latent, i) ?? [-3, 3];
    const air = LOOK_AIR * (high - low) / 2;
    return [low - air, high + air];
  });
  const step = Math.max(...spans.map(([low, high]) => high - low)) / LOOK_PARTS;
  /** @type {(span: number[]) => number[]} */
  const along = ([low, high]) => {
    const count = Math.ceil((high - low) / step) + 1;
    return Array.from({ length: count }, (_, k) => (low + high) / 2 + (k - (count - 1) / 2) * step);
  };
  const up = spans[1] ? along(spans[1]) : [0];
  return { spots: along(spans[0]).flatMap((a) => up.map((b) => /** @type {[number, number]} */ ([a, b]))), step };
}
