// Where a path may begin and end: encoded images, classes, draws of the prior, the map, a picture.

import { numbersText } from "../parts/query.js";
import { shownVector } from "../parts/dom.js";
import { rowOf } from "../core/latent.js";
import { samplePlace } from "../core/random.js";
import { typicalRows } from "../core/typical.js";

/** What an end is called, by its kind; an encoded image has its own words. */
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
 * label (its class, or null), told (the class that it is decoded as, or null where it has none of
 * its own)}. `kind` is "image" or a key of END_WORDS, which gives its words
 * where there are no others.
 */
export function endAt(z, kind, { words = null, place = null, row = null, label = null, told = label } = {}) {
  const exact = Float64Array.from(z);
  return {
    z: exact,
    kind,
    words: words ?? END_WORDS[kind](exact),
    place: place ?? `z:${numbersText(exact)}`,
    row,
    label,
    told,
  };
}

/**
 * The class that a path is decoded as at t: that of one end up to half-way, then the other's; null
 * for a model that is told none. As `classes_on` in vae/latent/paths.py.
 */
export function classAt({ a, b }, t) {
  return t < 0.5 ? a.told : b.told;
}

/** Tell an end without a class of its own one: the one that stood there before, or the first. */
export function withClass(end, before, classes) {
  if (!classes) return { ...end, told: null };
  const known = [end.told, before?.told, 0].find((one) => Number.isInteger(one) && one < classes);
  return { ...end, told: known };
}

export function isEndKind(kind) {
  return Object.hasOwn(END_WORDS, kind);
}

function sixDigits(value) {
  return Number(value.toPrecision(6));
}

/** What one model can offer as an end; `points` may be null. */
export class EndSource {
  net; points; split;

  constructor(net, points, split) {
    [this.net, this.points, this.split] = [net, points, split];
    this.labels = points ? [...new Set(points.label)].filter((v) => v >= 0).sort((x, y) => x - y) : [];
    this.typical = new Map(); // label → rows of its typical members
  }

  nameOf(label) {
    return this.net.header.class_names[label] ?? String(label);
  }

  /** A typical image of a class: the one after `last`, an end, and not the one at `other`. */
  ofClass(label, last = null, other = null) {
    if (!this.typical.has(label)) this.typical.set(label, typicalRows(this.points, label));
    const rows = this.typical.get(label);
    const at = (end) => rows.findIndex((k) => this.points.index[k] === end?.row);
    let next = (at(last) + 1) % rows.length;
    if (rows.length > 1 && next === at(other)) next = (next + 1) % rows.length;
    return rows.length ? this.imageEnd(rows[next]) : null;
  }

  ofAnyImage() {
    return this.imageEnd(Math.floor(Math.random() * this.points.count));
  }

  /** The image with a number in its split; null where the map does not hold it. */
  ofImage(index) {
    const k = this.points?.index.indexOf(index) ?? -1;
    return k < 0 ? null : this.imageEnd(k);
  }

  /** The encoded image at a place that is known to six digits; null where there is none. */
  imageAt(z) {
    if (!this.points) return null;
    const { loc, count, zDim } = this.points;
    const rounded = Array.from(z, sixDigits);
    // rounding takes a microsecond: first what is close at all
    const same = (value, wanted) =>
      Math.abs(value - wanted) <= 1e-5 * Math.abs(wanted) && sixDigits(value) === wanted;
    for (let k = 0; k < count; k++) {
      let i = 0;
      while (i < zDim && same(loc[k * zDim + i], rounded[i])) i += 1;
      if (i === zDim) return this.imageEnd(k);
    }
    return null;
  }

  /** "numbers 0 to 9999": which images there are. */
  range() {
    let [low, high] = [Infinity, -Infinity];
    for (const index of this.points.index) [low, high] = [Math.min(low, index), Math.max(high, index)];
    return [low, high];
  }

  ofPrior() {
    const { header } = this.net;
    return endAt(samplePlace(header), header.has_density || header.latent.drawn_by ? "prior" : "codes");
  }

  imageEnd(k) {
    const { points } = this;
    const row = points.index[k];
    const known = points.label[k] >= 0;
    const words = `${known ? `class ${this.nameOf(points.label[k])}, ` : ""}${this.split} image ${row}`;
    const label = known ? points.label[k] : null;
    return endAt(rowOf(points.loc, k, points.zDim), "image", { words, place: `index:${row}`, row, label });
  }

  /** Two ends to begin with: the first two classes, else two encoded images, else two draws. */
  defaults() {
    if (this.labels.length > 1) return this.labels.slice(0, 2).map((label) => this.ofClass(label));
    if (this.points?.count > 1) {
      // far apart in the data set, the same at every visit
      return [0, this.points.count >> 1].map((k) => this.imageEnd(k));
    }
    return [this.ofPrior(), this.ofPrior()];
  }
}
