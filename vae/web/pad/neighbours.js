// What is known of the place under the hand: whether it is far from the encoded images, which of
// them are nearest, and the image it belongs to beside what the decoder makes of that one.
//
// Whether it is far is told at every move. The nearest of all images are looked up ten times a
// second at most, and pictures are fetched and drawn only when the hand rests.

import { decode } from "../core/decoder.js";
import { shownNumber, shownVector } from "../parts/dom.js";
import { putNewest } from "../parts/fetched.js";
import { rowOf } from "../core/latent.js";
import { createOriginals } from "../parts/originals.js";
import { showHalf, showNeighbour } from "./original.js";
import { likeliest } from "../core/likeness.js";
import { countLabels, howFar, nearestImages } from "../core/nearness.js";
import { className } from "../core/told.js";

/** @import { NetworkHeader, Numbers, Points } from "../core/header.js" */
/** @import { Nearness } from "../core/nearness.js" */
/** @import { LatentPad } from "./pad.js" */

/** The rows nearest to a place. @typedef {{rows: Int32Array, distances: Float64Array}} Nearest */

/**
 * An image: a row of the atlas, or −1 and an image from outside with its μ and a name.
 * @typedef {{row: number, pixels?: Float32Array, loc?: Numbers, label?: number | null, name?: string}} Subject
 */

const VERDICT_IMAGES = 15;
const VERDICT_MS = 100;
const MOST_DECODED = 500;
const REST_MS = 80;
const SPEAK_MS = 700; // after the hand rests, so that a reader hears places and not the way
const FAR_WORDS = "far from what the model was trained on";
const NOT_HERE = "the originals are not on this machine";
const NOT_COME = "the original could not be loaded";
const NOT_DECODED = "too large to decode in the browser";

/**
 * Make it for a pad; `pad.refs`, `pad.net` and `pad.held` are read, never changed.
 * @type {(pad: LatentPad) => Neighbours}
 */
export function createNeighbours(pad) {
  return new Neighbours(pad);
}

class Neighbours {
  timers = { look: 0, rest: 0, speak: 0 };
  /** @type {Points | null} */
  points = null;
  /** The z that is drawn. @type {Numbers | null} */
  z = null;
  /** The row under the hand, −1 for none. */
  hovered = -1;
  /** The image that the held z came from. @type {(Subject & {z: Numbers}) | null} */
  source = null;
  /** @type {boolean | null} */
  far = null;
  /** @type {Nearness | null} */
  found = null;
  /** @type {Nearest | null} */
  nearest = null;
  originals = createOriginals(null);
  /** The decoded images of rows. @type {Map<number, Float32Array>} */
  decoded = new Map();

  /** @param {LatentPad} pad */
  constructor(pad) {
    this.pad = pad;
  }

  /** @type {(address: string | null) => void} */
  reset(address) {
    this.stop();
    [this.points, this.z, this.hovered, this.source, this.far] = [null, null, -1, null, null];
    this.nearest = null;
    this.originals = createOriginals(address);
    this.decoded = new Map();
  }

  stop() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.timers = { look: 0, rest: 0, speak: 0 };
  }

  /**
   * Another model opened; `address` is where its originals are, or null.
   * @type {(address: string | null) => void}
   */
  setModel(address) {
    this.reset(address);
    const { refs, net } = this.pad;
    refs.verdict.hidden = refs.column.hidden = !net.header.n_atlas;
    refs.sentence.textContent = "";
    // what the last model left belongs to no image of this one
    for (const half of [refs.original, refs.reconstruction]) showHalf(half, null, net.shape, "", {});
    for (const canvas of refs.neighbours) showNeighbour(canvas, null, net.shape, "");
    this.tellFar(null);
  }

  /** @type {(points: Points | null) => void} */
  setPoints(points) {
    this.points = points;
    if (this.z) this.look(this.z);
  }

  /** The hand is on an encoded image, by its row; −1 for none. @type {(row: number) => void} */
  hover(row) {
    this.hovered = row;
  }

  /**
   * The held z belongs to an image: a row, or one that came from outside.
   * @type {(source: Subject) => void}
   */
  from(source) {
    this.source = { ...source, z: this.pad.held };
    this.look(this.pad.held);
  }

  /** Follow the drawn z. @type {(z: Numbers) => void} */
  look(z) {
    this.z = z;
    this.tellFar(howFar(this.points, z));
    // the pictures are of where the hand was, until it rests
    this.pad.refs.picture.classList.add("pad-stale");
    this.timers.look ||= setTimeout(() => this.judge(), VERDICT_MS);
    clearTimeout(this.timers.rest);
    this.timers.rest = setTimeout(() => this.rest(), REST_MS);
  }

  /** @type {(found: Nearness | null) => void} */
  tellFar(found) {
    this.found = found;
    const far = found?.far ?? false;
    if (far === this.far) return;
    this.far = far;
    const { refs } = this.pad;
    refs.imageBox.classList.toggle("pad-far", far);
    refs.farWords.textContent = far ? FAR_WORDS : "";
  }

  // ---- the sentence -----------------------------------------------------------------------

  judge() {
    clearTimeout(this.timers.look);
    this.timers.look = 0;
    const { refs } = this.pad;
    const { points, z } = this;
    if (!points?.count || !z) return;
    this.nearest = nearestImages(points, z, VERDICT_IMAGES);
    const near = verdictWords(this.pad.net.header, points, this.nearest);
    refs.sentence.textContent = this.inferredWords(points, this.nearest) + near;
    refs.verdict.title = this.found ? ruleWords(this.found) : "";
  }

  /**
   * "inferred 7, q(y|x) = 0.98; " of the encoded image that is shown; "" where nothing infers it.
   * @type {(points: Points, nearest: Nearest) => string}
   */
  inferredWords(points, nearest) {
    const { row, how } = this.subject(nearest);
    const { encoder } = this.pad.images;
    const pixels = how === "original" && row >= 0 ? this.originals.at(points.index[row]) : null;
    if (!pixels || !encoder?.classify) return "";
    const { label, probability } = likeliest(encoder.classify(pixels));
    return `inferred ${className(this.pad.net.header, label)}, q(y|x) = ${shownNumber(probability)}; `;
  }

  // ---- the pictures -----------------------------------------------------------------------

  async rest() {
    const { net } = this.pad;
    clearTimeout(this.timers.speak);
    this.timers.speak = setTimeout(() => this.speak(), SPEAK_MS);
    this.judge();
    const { points, nearest } = this;
    if (!points || !nearest) return;
    this.draw(points, nearest);
    const { row } = this.subject(nearest);
    const wanted = row >= 0 ? [row, ...nearest.rows] : [...nearest.rows];
    const came = await this.originals.fetch(wanted.map((each) => points.index[each]));
    if (came && this.pad.net === net && this.nearest === nearest) this.draw(points, nearest);
    if (!net.header.infers || this.originals.absent()) return;
    // an encoder that does not come is told where it is asked for by hand
    await this.pad.images.openEncoder().catch(() => null);
    if (this.pad.net === net && this.nearest === nearest) this.judge();
  }

  /**
   * The image that the pair shows: the one under the hand, the one z came from, or the nearest.
   * @type {(nearest: Nearest) => Subject & {how: string}}
   */
  subject(nearest) {
    const { hovered, source, z, pad } = this;
    if (z !== pad.held && hovered >= 0) return { row: hovered, how: "original" };
    if (source && z === source.z) return { ...source, how: "original" };
    return { row: nearest.rows[0], how: "nearest" };
  }

  /** @type {(points: Points, nearest: Nearest) => void} */
  draw(points, nearest) {
    const { refs, net } = this.pad;
    refs.picture.classList.remove("pad-stale");
    this.drawPair(points, this.subject(nearest));
    const absent = this.originals.absent();
    refs.neighbours.forEach((canvas, i) => {
      const row = nearest.rows[i];
      canvas.hidden = row === undefined;
      if (row === undefined) return;
      const pixels = absent ? this.reconstruct(points, row) : this.originals.at(points.index[row]);
      const words = `${absent ? "decoded" : "original"}: ${this.nameOf(points, row)}`;
      showNeighbour(canvas, pixels, net.shape, words);
    });
  }

  /** @type {(points: Points, subject: Subject & {how: string}) => void} */
  drawPair(points, { row, how, pixels, loc, label, name }) {
    const { refs, net } = this.pad;
    const image = name ?? this.nameOf(points, row);
    const shown = pixels ?? this.originals.at(points.index[row]);
    const instead = this.originals.absent() ? NOT_HERE : this.originals.failed() ? NOT_COME : "";
    showHalf(refs.original, shown, net.shape, `${how} · ${image}`, { instead });
    const outside = loc && !net.remote ? decode(net, loc, label ?? net.label) : null;
    const decoded = row >= 0 ? this.reconstruct(points, row) : outside;
    const place = net.header.has_density ? "its μ" : "its z";
    const title = `decoded from ${place}: ${image}`;
    showHalf(refs.reconstruction, decoded, net.shape, "decoded", { title, instead: NOT_DECODED });
  }

  /**
   * The mean image of a row's μ; null where the decoder is too large to run here.
   * @type {(points: Points, row: number) => Float32Array | null}
   */
  reconstruct(points, row) {
    const { net } = this.pad;
    if (net.remote) return null;
    const there = this.decoded.get(row);
    if (there) return there;
    const decoded = decode(net, rowOf(points.loc, row, net.zDim), points.label[row]).slice();
    putNewest(this.decoded, row, decoded, MOST_DECODED);
    return decoded;
  }

  /** @type {(points: Points, row: number) => string} */
  nameOf(points, row) {
    const { header } = this.pad.net;
    const number = points.index[row].toLocaleString("en");
    const label = points.label[row];
    const kind = label < 0 ? "" : `, class ${header.class_names[label] ?? label}`;
    return `${header.split ?? "held-out"} image ${number}${kind}`;
  }

  // ---- for who cannot see it --------------------------------------------------------------

  speak() {
    const { points, nearest, found, pad, z } = this;
    if (!z) return;
    const parts = [`z = ${shownVector(z)}`];
    if (nearest && points?.count) {
      const { how, name, row } = this.subject(nearest);
      // on a plane of many dimensions the point under the hand may lie far from z itself
      const on = z === pad.held ? "z of" : "the hand is on";
      if (how === "original") parts.push(`${on} ${name ?? this.nameOf(points, row)}`);
      parts.push(`nearest images: ${verdictWords(pad.net.header, points, nearest)}`);
    }
    if (found) parts.push(found.far ? FAR_WORDS : "among the encoded images");
    pad.refs.live.textContent = parts.join("; ");
  }
}

/**
 * "9: 11 of the 15 nearest", or how far the nearest are where images have no classes.
 * @type {(header: NetworkHeader, points: Points, nearest: Nearest) => string}
 */
function verdictWords(header, points, { rows, distances }) {
  const [[label, count]] = countLabels(points, rows);
  if (label >= 0) {
    const name = header.class_names[label] ?? `class ${label}`;
    return `${name}: ${count} of the ${rows.length} nearest`;
  }
  const [first, last] = [distances[0], distances[distances.length - 1]].map((value) => shownNumber(value));
  return `the ${rows.length} nearest lie ${first} to ${last} away`;
}

/** @type {(found: Nearness) => string} */
function ruleWords({ distance, around, limit, neighbours }) {
  const numbers = [distance, around].map((value) => shownNumber(value, value < 0.1 ? 3 : 2));
  return `The encoded image that is nearest but ${neighbours - 1} is ${numbers[0]} away; from those ` +
    `images to their own neighbours it is ${numbers[1]} on average. Over ${shownNumber(limit)} ` +
    "times as far counts as far: of samples from the posteriors of held-out images, 1 in 100.";
}
