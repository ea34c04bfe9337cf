// Images that come with a posterior: one of the encoded images, or one drawn by hand.

import { parseNetwork } from "../core/decoder.js";
import { setPressed } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { createDrawing, offerClasses, posteriorParts, showPosterior } from "../pictures/drawing.js";
import { recognise } from "../core/likeness.js";
import { showTrouble } from "./layout.js";
import { fetchPayload } from "../parts/load.js";
import { posteriorOfPoint } from "../core/posterior.js";

/** @import { Network, Posterior } from "../core/header.js" */
/** @import { Drawing, PosteriorParts } from "../pictures/drawing.js" */
/** @import { LatentPad } from "./pad.js" */

/**
 * An image that both pads encode: a row of the split, or pixels, null once the drawing is gone.
 * @typedef {{index?: number, sample?: boolean, pixels?: Float32Array | null}} SharedImage
 */

/**
 * @typedef {SharedImage & {from: EncodedImages, dataset: string | null, images: string | null}} Said
 */

const CLOUD_SIZE = 32; // draws of q(z|x) on the map
const SHARED_IMAGE = "latent-pad-image"; // tells the other pad of a page which image this one has

/** A pad's way from an image to z; what one pad of a page shows, the other encodes too. */
export class EncodedImages {
  /** @type {Network | null} */
  encoder = null;
  /** @type {Drawing | null} */
  drawing = null;
  /** The drawing that is encoded, and its posterior. @type {Float32Array | null} */
  pixels = null;
  /** @type {Posterior | null} */
  posterior = null;
  /** The class that a person chose for the drawing, null for the likeliest. @type {number | null} */
  chosen = null;
  /** Where what the other pad drew is shown. @type {PosteriorParts | null} */
  received = null;

  /** @param {LatentPad} pad */
  constructor(pad) {
    this.pad = pad;
    /** @type {(event: Event) => void} */
    this.hear = (event) => event instanceof CustomEvent && this.receive(event.detail);
    window.addEventListener(SHARED_IMAGE, this.hear);
  }

  stop() {
    this.drawing?.stop();
    window.removeEventListener(SHARED_IMAGE, this.hear);
  }

  /** Another model opens: its encoder is another one. */
  forget() {
    this.closeDrawing();
    // the other model's classes may be others
    [this.encoder, this.received, this.chosen] = [null, null, null];
  }

  // ---- an encoded image -------------------------------------------------------------------

  /**
   * Go to a random image of a class, null for any: to its μ, or to a draw from q(z|x).
   * @type {(label: number | null, sample: boolean) => void}
   */
  startFromClass(label, sample) {
    const { points } = this.pad;
    if (!points) return;
    const rows = [...points.label.keys()].filter((k) => label === null || points.label[k] === label);
    if (!rows.length) return;
    const row = rows[Math.floor(Math.random() * rows.length)];
    this.shared({ index: points.index[row], sample }, () => this.startFromPoint(row, sample));
  }

  /** @type {(row: number, sample: boolean) => void} */
  startFromPoint(row, sample) {
    const { points, map, net } = this.pad;
    if (!points) return;
    const { loc, draw } = posteriorOfPoint(points, row, net.header);
    this.pad.goTo(sample && draw ? draw() : loc, points.label[row]);
    this.pad.neighbours.from({ row });
    this.showPoint(row);
    map.plane.draw();
  }

  /**
   * Show the posterior of an encoded image on the map, without its numbers.
   * @type {(row: number) => void}
   */
  showPoint(row) {
    this.pad.map.find(row);
    this.pad.neighbours.hover(row);
    this.pad.refs.tip.hidden = true;
  }

  /**
   * Go to an image with `act`; the other pad encodes it too, unless it follows z itself.
   * @type {(detail: SharedImage, act: () => void) => void}
   */
  shared(detail, act) {
    const { pair, net, data } = this.pad;
    if (pair.mode === "z") {
      act();
      return;
    }
    pair.quietly(act);
    const said = { ...detail, from: this, dataset: net.header.dataset, images: data.images };
    window.dispatchEvent(new CustomEvent(SHARED_IMAGE, { detail: said }));
  }

  /** @type {(said: Said) => Promise<void>} */
  async receive({ from, dataset, images, index, sample, pixels }) {
    const { isOpen, points, pair, data } = this.pad;
    if (from === this || !isOpen || dataset !== this.pad.net.header.dataset) return;
    if (index !== undefined) {
      // a row is the same image only in the same split of the same pixels
      if (!images || images !== data.images) return;
      const row = points?.index.indexOf(index) ?? -1;
      if (row >= 0) pair.quietly(() => this.startFromPoint(row, Boolean(sample)));
      return;
    }
    if (!pixels) {
      this.clearPosterior();
      this.pad.refs.drawing.hidden = true;
      return;
    }
    const encoder = await this.openEncoder();
    if (!encoder) return;
    pair.quietly(() => this.encodeImage(encoder, pixels));
    this.showReceived();
  }

  /** Show what this model makes of a drawing that stands on the other pad. */
  showReceived() {
    const { refs, net } = this.pad;
    if (!this.received) {
      this.received = posteriorParts();
      this.offerClasses(this.received);
    }
    refs.drawing.replaceChildren(this.received.taken, this.received.words, this.received.stripBox);
    refs.drawing.hidden = false;
    showPosterior(this.received, net, this.posterior);
  }

  /**
   * Let a person choose the class that a drawing is encoded as, until another drawing.
   * @type {(parts: PosteriorParts) => void}
   */
  offerClasses(parts) {
    this.chosen = null;
    offerClasses(parts, this.pad.net, (label) => {
      const { encoder, posterior, pixels } = this;
      this.chosen = label;
      if (!encoder || !posterior || !pixels) return;
      this.pad.pair.quietly(() => this.encodeImage(encoder, pixels));
      showPosterior(parts, this.pad.net, this.posterior);
      this.pad.release();
    });
  }

  // ---- a drawing --------------------------------------------------------------------------

  /** @type {() => Promise<Network | null>} */
  async openEncoder() {
    const { net, data } = this.pad;
    if (this.encoder || !data.encoder) return this.encoder;
    const encoder = parseNetwork(await fetchPayload(data.encoder));
    if (this.pad.net === net) this.encoder = encoder;
    if (net.beta) encoder.setBeta(net.beta);
    return this.encoder;
  }

  /** Encode at another β; a drawing moves to where it lies then. @type {(beta: number) => void} */
  setBeta(beta) {
    const { encoder, posterior, pixels } = this;
    encoder?.setBeta(beta);
    if (encoder && posterior && pixels) this.encodeImage(encoder, pixels);
  }

  /** @type {(on: boolean) => Promise<void>} */
  async openDrawing(on) {
    const { refs, root, net, data, pair } = this.pad;
    if (!on) {
      this.closeDrawing();
      return;
    }
    try {
      if (!(await this.openEncoder()) || this.drawing) return;
    } catch (error) {
      const sentence = `The encoder of ${data.title} could not be loaded: ${messageOf(error)}.`;
      showTrouble(refs, sentence, () => this.openDrawing(true));
      return;
    }
    showTrouble(refs, null);
    refs.drawing.hidden = false;
    root.classList.add("pad-with-drawing");
    this.drawing = createDrawing(refs.drawing, net.shape, data.framing ?? null, {
      drew: (pixels) => this.drew(pixels),
      lifted: () => this.posterior && this.pad.release(),
    });
    this.offerClasses(this.drawing.parts);
    showPosterior(this.drawing.parts, net, null);
    pair.changed();
    // the decoded image last: where all is stacked the sheet lies right below it
    for (const part of [refs.drawing, refs.imageBox]) part.scrollIntoView({ block: "nearest" });
  }

  closeDrawing() {
    const { refs, root, map, isOpen } = this.pad;
    if (!this.drawing) return;
    this.drawing.stop();
    [this.drawing, this.posterior, this.chosen] = [null, null, null];
    refs.drawing.hidden = true;
    refs.drawing.replaceChildren();
    root.classList.remove("pad-with-drawing");
    setPressed(this.pad.controls.actions.drawing, false);
    map.mark(null);
    if (isOpen) this.shared({ pixels: null }, () => this.pad.show(this.pad.held));
    this.pad.pair.changed();
  }

  /** @type {(pixels: Float32Array | null) => void} */
  drew(pixels) {
    const { encoder } = this;
    if (pixels && encoder) this.shared({ pixels }, () => this.encodeImage(encoder, pixels));
    else this.shared({ pixels }, () => this.clearPosterior());
    if (this.drawing) showPosterior(this.drawing.parts, this.pad.net, this.posterior);
  }

  clearPosterior() {
    if (!this.posterior) return;
    this.posterior = null;
    this.pad.map.mark(null);
    this.pad.show(this.pad.held);
  }

  /** @type {(encoder: Network, pixels: Float32Array) => void} */
  encodeImage(encoder, pixels) {
    this.posterior = recognise(this.pad.net, encoder, pixels, this.chosen);
    const { loc, draw, label = null } = this.posterior;
    this.pad.tellClass(label);
    this.pixels = pixels;
    const cloud = draw ? Array.from({ length: CLOUD_SIZE }, draw) : [];
    this.pad.map.find(-1);
    this.pad.map.mark(this.posterior, "your drawing", cloud);
    this.pad.hold(Float64Array.from(loc));
    this.pad.neighbours.from({ row: -1, pixels: pixels.slice(), loc, label, name: "your drawing" });
  }
}
