// Images that can be put under the microscope: encoded images of the map, where their pixels are on
// the server's machine, images that the model makes itself, and drawings.

import { decode, encode } from "../core/decoder.js";
import { recognise } from "../core/likeness.js";
import { sampleOf } from "../core/random.js";
import { className } from "../core/told.js";
import { originalsOf } from "../parts/originals.js";

/** @import { Network, Points, Posterior } from "../core/header.js" */

/**
 * An image: its pixels, its posterior, the class that the networks are told (null for none), its row
 * in its split (null where it has none), and words.
 * @typedef {{pixels: Float32Array, posterior: Posterior, label: number | null, row: number | null, words: string}} Specimen
 */

export class Specimens {
  /**
   * @param {Network} net @param {Network} encoder @param {Points | null} points
   * @param {string | null} originals @param {string} split
   */
  constructor(net, encoder, points, originals, split) {
    this.net = net;
    this.encoder = encoder;
    this.points = points;
    this.split = split;
    this.originals = originalsOf(originals);
  }

  /** Whether the server has said that the images are not there. */
  get absent() {
    return this.originals.absent() || !this.points;
  }

  /**
   * The image in a row of its split; null where its pixels are not here.
   * @type {(row: number) => Promise<Specimen | null>}
   */
  async ofRow(row) {
    await this.originals.fetch([row]);
    const pixels = this.originals.at(row);
    if (!pixels) return null;
    const at = this.points?.index.indexOf(row) ?? -1;
    const own = this.points && at >= 0 ? this.points.label[at] : -1;
    // a model that infers the class is not told it
    const known = own >= 0 && own < this.net.classes && !this.encoder.classify;
    const posterior = known ? encode(this.encoder, pixels, own) : recognise(this.net, this.encoder, pixels);
    const label = this.net.classes ? (known ? own : /** @type {{label: number | null}} */ (posterior).label) : null;
    const named = own >= 0 ? `${className(this.net.header, own)}, ` : "";
    return { pixels, posterior, label, row, words: `${named}${this.split} image ${row}` };
  }

  /** The same image as the networks see it when they are told a class. @type {(specimen: Specimen, label: number) => Specimen} */
  told(specimen, label) {
    return { ...specimen, label, posterior: encode(this.encoder, specimen.pixels, label) };
  }

  /** What the menu of classes says of an image: [label, words] each; none where no class is told. @type {(specimen: Specimen) => string[][]} */
  classesOf({ pixels }) {
    const { net, encoder } = this;
    const qy = encoder.classify?.(pixels);
    return Array.from({ length: net.classes }, (_, label) => {
      const share = qy ? ` · q(y|x) ${Math.round(100 * qy[label])} %` : "";
      return [String(label), `told ${className(net.header, label)}${share}`];
    });
  }

  /** The row of some encoded image other than the last. @type {(last: number | null) => number | null} */
  anotherRow(last) {
    const { points } = this;
    if (!points || points.count < 2) return points?.index[0] ?? null;
    for (;;) {
      const row = points.index[Math.floor(Math.random() * points.count)];
      if (row !== last) return row;
    }
  }

  /** An image drawn by hand; where the networks are told a class, the likeliest. @type {(pixels: Float32Array) => Specimen} */
  drawn(pixels) {
    const posterior = recognise(this.net, this.encoder, pixels);
    const { label } = posterior;
    const taken = label === null ? "" : `, taken as ${className(this.net.header, label)}`;
    return { pixels, posterior, label, row: null, words: `your drawing${taken}` };
  }

  /** An image that the model decodes from a draw of its prior. @type {() => Specimen} */
  made() {
    const { net, encoder } = this;
    const label = net.classes ? Math.floor(Math.random() * net.classes) : null;
    const pixels = decode(net, sampleOf(net, label ?? net.label), label ?? net.label).slice();
    const posterior = label === null ? encode(encoder, pixels) : encode(encoder, pixels, label);
    return { pixels, posterior, label, row: null, words: "made by the model from a draw of its prior" };
  }
}

