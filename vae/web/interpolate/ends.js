// Where a path may begin and end: encoded images, classes, draws of the prior, the map, a picture.

import { numbersText } from "../parts/query.js";
import { shownVector } from "../parts/dom.js";
import { rowOf } from "../core/latent.js";
import { posteriorOfPoint } from "../core/posterior.js";
import { headerOfClass } from "../core/class_prior.js";
import { samplePlace } from "../core/random.js";
import { typicalRows } from "../core/typical.js";

/** @import { Decoder, Numbers, Points, Posterior } from "../core/header.js" */

/**
 * @typedef {object} End
 * @property {Float64Array} z
 * @property {string} kind "image", or a key of END_WORDS
 * @property {string} words
 * @property {string} place as the command line names it
 * @property {number | null} row in its split
 * @property {number | null} label its class
 * @property {number | null} told the class that it is decoded as, null where it has none of its own
 * @property {Posterior | null} posterior of the image that was encoded there, null where there is none
 */

/** @typedef {{a: End, b: End}} Ends */

export const HALF_WAY = 0.5; // of a path, where the decoder is told the other end's class

/**
 * What an end is called, by its kind; an encoded image has its own words.
 * @type {Record<string, (z: Float64Array) => string>}
 */
const END_WORDS = {
  place: (z) => `z = ${shownVector(z, 2, 3)}`,
  map: () => "place on the map",
  prior: () => "draw of the prior",
  codes: () => "draw around the codes",
  drawing: () => "drawn by hand",
  picture: () => "picture file",
  held: () => "image held on Explore",
};

/**
 * An end: {z, kind, words, place (as the command line names it), row (in its split, or null),
 * label (its class, or null), posterior}. `kind` is "image" or a key of END_WORDS, which gives its words
 * where there are no others.
 * @type {(z: Numbers, kind: string, known?: Partial<End>) => End}
 */
export function endAt(z, kind, known = {}) {
  const { words, place, row = null, label = null, told = label, posterior = null } = known;
  const exact = Float64Array.from(z);
  return {
    z: exact,
    kind,
    words: words ?? END_WORDS[kind](exact),
    place: place ?? `z:${numbersText(exact)}`,
    row,
    label,
    told,
    posterior,
  };
}

/**
 * The class that a path is decoded as at t: that of one end up to half-way, then the other's; null
 * for a model that is told none. As `classes_on` in vae/latent/paths.py.
 * @type {(ends: Ends, t: number) => number | null}
 */
export function classAt({ a, b }, t) {
  return t < HALF_WAY ? a.told : b.told;
}

/**
 * Tell an end without a class of its own one: the one that stood there before, or the first.
 * @type {(end: End, before: End | null, classes: number) => End}
 */
export function withClass(end, before, classes) {
  if (!classes) return { ...end, told: null };
  const told = [end.told, before?.told].find((one) => typeof one === "number" && one < classes);
  return { ...end, told: told ?? 0 };
}

/** @type {(kind: string) => boolean} */
export function isEndKind(kind) {
  return Object.hasOwn(END_WORDS, kind);
}

/** @type {(value: number) => number} */
function sixDigits(value) {
  return Number(value.toPrecision(6));
}

/** What one model can offer as an end; `points` may be null. */
export class EndSource {

  /** @param {Decoder} net @param {Points | null} points @param {string} split */
  constructor(net, points, split) {
    this.net = net;
    this.points = points;
    this.split = split;
    this.labels = points ? [...new Set(points.label)].filter((v) => v >= 0).sort((x, y) => x - y) : [];
    /** The rows of each label's typical members. @type {Map<number, number[]>} */
    this.typical = new Map();
  }

  /** @type {(label: number) => string} */
  nameOf(label) {
    return this.net.header.class_names[label] ?? String(label);
  }

  /**
   * A typical image of a class: the one after `last`, an end, and not the one at `other`.
   * @type {(label: number, last?: End | null, other?: End | null) => End | null}
   */
  ofClass(label, last = null, other = null) {
    const { points } = this;
    if (!points) return null;
    const rows = this.typical.get(label) ?? typicalRows(points, label);
    this.typical.set(label, rows);
    /** @type {(end: End | null) => number} */
    const at = (end) => rows.findIndex((k) => points.index[k] === end?.row);
    let next = (at(last) + 1) % rows.length;
    if (rows.length > 1 && next === at(other)) next = (next + 1) % rows.length;
    return rows.length ? this.imageEnd(points, rows[next]) : null;
  }

  /** @type {() => End | null} */
  ofAnyImage() {
    const { points } = this;
    return points && this.imageEnd(points, Math.floor(Math.random() * points.count));
  }

  /**
   * The image with a number in its split; null where the map does not hold it.
   * @type {(index: number) => End | null}
   */
  ofImage(index) {
    const { points } = this;
    const k = points?.index.indexOf(index) ?? -1;
    return points && k >= 0 ? this.imageEnd(points, k) : null;
  }

  /**
   * The encoded image at a place that is known to six digits; null where there is none.
   * @type {(z: Numbers) => End | null}
   */
  imageAt(z) {
    const { points } = this;
    if (!points) return null;
    const { loc, count, zDim } = points;
    const rounded = Array.from(z, sixDigits);
    // rounding takes a microsecond: first what is close at all
    /** @type {(value: number, wanted: number) => boolean} */
    const same = (value, wanted) =>
      Math.abs(value - wanted) <= 1e-5 * Math.abs(wanted) && sixDigits(value) === wanted;
    for (let k = 0; k < count; k++) {
      let i = 0;
      while (i < zDim && same(loc[k * zDim + i], rounded[i])) i += 1;
      if (i === zDim) return this.imageEnd(points, k);
    }
    return null;
  }

  /** "numbers 0 to 9999": which images there are. @type {() => [number, number]} */
  range() {
    let [low, high] = [Infinity, -Infinity];
    for (const index of this.points?.index ?? []) [low, high] = [Math.min(low, index), Math.max(high, index)];
    return [low, high];
  }

  /**
   * A draw of the prior; where each class has its own, of the class that `last`, an end, is told.
   * @type {(last?: End | null) => End}
   */
  ofPrior(last = null) {
    const { header } = this.net;
    const told = header.latent.by_class ? (last?.told ?? 0) : null;
    const kind = header.has_density || header.latent.drawn_by ? "prior" : "codes";
    return endAt(samplePlace(headerOfClass(header, told)), kind, { told });
  }

  /** @type {(points: Points, k: number) => End} */
  imageEnd(points, k) {
    const row = points.index[k];
    const known = points.label[k] >= 0;
    const words = `${known ? `class ${this.nameOf(points.label[k])}, ` : ""}${this.split} image ${row}`;
    const label = known ? points.label[k] : null;
    const posterior = posteriorOfPoint(points, k, this.net.header);
    const told = { words, place: `index:${row}`, row, label, posterior };
    return endAt(rowOf(points.loc, k, points.zDim), "image", told);
  }

  /**
   * Two ends to begin with: the first two classes, else two encoded images, else two draws.
   * @type {() => End[]}
   */
  defaults() {
    const { labels, points } = this;
    const typical = labels.slice(0, 2).map((label) => this.ofClass(label)).filter((end) => end !== null);
    if (typical.length > 1) return typical;
    if (points && points.count > 1) {
      // far apart in the data set, the same at every visit
      return [0, points.count >> 1].map((k) => this.imageEnd(points, k));
    }
    return [this.ofPrior(), this.ofPrior()];
  }
}
