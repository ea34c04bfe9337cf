// Where a path may begin and end: encoded images, classes, draws of the prior, the map, a picture.

import { rowOf } from "./pad_latent.js";
import { samplePlace } from "./pad_random.js";

/** An end: {z, words, place (as the command line names it), row (in its split, or null)}. */
export function endAt(z, words, place = null, row = null) {
  const exact = Float64Array.from(z);
  return { z: exact, words, place: place ?? `z:${numbersOf(exact)}`, row };
}

/** Numbers with commas between, six digits: a difference that no pixel shows. */
export function numbersOf(z) {
  return Array.from(z, (value) => Number(value.toPrecision(6))).join(",");
}

/** Row of the image whose mean is nearest the mean of its class, as `class_representative`. */
export function representative({ loc, label, count, zDim }, wanted) {
  const mean = new Float64Array(zDim);
  let members = 0;
  for (let k = 0; k < count; k++) {
    if (label[k] !== wanted) continue;
    members += 1;
    for (let i = 0; i < zDim; i++) mean[i] += loc[k * zDim + i];
  }
  let [best, found] = [Infinity, -1];
  for (let k = 0; k < count; k++) {
    if (label[k] !== wanted) continue;
    let sum = 0;
    for (let i = 0; i < zDim; i++) sum += (loc[k * zDim + i] - mean[i] / members) ** 2;
    if (sum < best) [best, found] = [sum, k];
  }
  return found;
}

/** What one model can offer as an end; `points` may be null. */
export class EndSource {
  constructor(net, points, split) {
    [this.net, this.points, this.split] = [net, points, split];
    this.labels = points ? [...new Set(points.label)].filter((v) => v >= 0).sort((x, y) => x - y) : [];
  }

  nameOf(label) {
    return this.net.header.class_names[label] ?? String(label);
  }

  /** The encoded image that stands for a class. */
  ofClass(label) {
    const k = representative(this.points, label);
    return k < 0 ? null : this.imageEnd(k, `class ${this.nameOf(label)}`, String(label));
  }

  ofAnyImage() {
    return this.imageEnd(Math.floor(Math.random() * this.points.count));
  }

  /** The image with a number in its split; null where the map does not hold it. */
  ofImage(index) {
    const k = this.points?.index.indexOf(index) ?? -1;
    return k < 0 ? null : this.imageEnd(k);
  }

  /** "numbers 0 to 9999": which images there are. */
  range() {
    let [low, high] = [Infinity, -Infinity];
    for (const index of this.points.index) [low, high] = [Math.min(low, index), Math.max(high, index)];
    return [low, high];
  }

  ofPrior() {
    const point = this.net.header.posterior === "point";
    return endAt(samplePlace(this.net.header), point ? "draw around the codes" : "draw of the prior");
  }

  imageEnd(k, instead = null, place = null) {
    const { points } = this;
    const row = points.index[k];
    const label = points.label[k];
    const kind = label < 0 ? "" : `, class ${this.nameOf(label)}`;
    const words = instead ? `${instead} (${this.split} image ${row})` : `${this.split} image ${row}${kind}`;
    return endAt(rowOf(points.loc, k, points.zDim), words, place ?? `index:${row}`, row);
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
