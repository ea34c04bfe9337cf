// Images that come with a posterior: one of the encoded images, or one drawn by hand.

import { parseNetwork } from "../core/decoder.js";
import { setPressed } from "../parts/dom.js";
import { createDrawing, posteriorParts, showPosterior } from "../pictures/drawing.js";
import { recognise } from "../core/likeness.js";
import { showTrouble } from "./layout.js";
import { fetchPayload } from "../parts/load.js";
import { posteriorOfPoint } from "../core/posterior.js";

const CLOUD_SIZE = 32; // draws of q(z|x) on the map
const SHARED_IMAGE = "latent-pad-image"; // tells the other pad of a page which image this one has

/** A pad's way from an image to z; what one pad of a page shows, the other encodes too. */
export class EncodedImages {
  constructor(pad) {
    this.pad = pad;
    this.encoder = null;
    this.drawing = null;
    this.posterior = this.pixels = null;
    this.received = null;
    this.hear = (event) => this.receive(event.detail);
    window.addEventListener(SHARED_IMAGE, this.hear);
  }

  stop() {
    this.drawing?.stop();
    window.removeEventListener(SHARED_IMAGE, this.hear);
  }

  /** Another model opens: its encoder is another one. */
  forget() {
    this.closeDrawing();
    this.encoder = null;
  }

  // ---- an encoded image -------------------------------------------------------------------

  /** Go to a random image of a class, null for any: to its μ, or to a draw from q(z|x). */
  startFromClass(label, sample) {
    const { points } = this.pad;
    if (!points) return;
    const rows = [...points.label.keys()].filter((k) => label === null || points.label[k] === label);
    if (!rows.length) return;
    const row = rows[Math.floor(Math.random() * rows.length)];
    this.shared({ index: points.index[row], sample }, () => this.startFromPoint(row, sample));
  }

  startFromPoint(row, sample) {
    const { points, map, net } = this.pad;
    const { loc, draw } = posteriorOfPoint(points, row, net.header);
    this.pad.goTo(sample && draw ? draw() : loc, points.label[row]);
    this.pad.neighbours.from({ row });
    this.showPoint(row);
    map.plane.draw();
  }

  /** Show the posterior of an encoded image on the map, without its numbers. */
  showPoint(row) {
    this.pad.map.find(row);
    this.pad.neighbours.hover(row);
    this.pad.refs.tip.hidden = true;
  }

  /** Go to an image with `act`; the other pad encodes it too, unless it follows z itself. */
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

  async receive({ from, dataset, images, index, sample, pixels }) {
    const { net, points, pair, data } = this.pad;
    if (from === this || !net || dataset !== net.header.dataset) return;
    if (index !== undefined) {
      // a row is the same image only in the same split of the same pixels
      if (!images || images !== data.images) return;
      const row = points?.index.indexOf(index) ?? -1;
      if (row >= 0) pair.quietly(() => this.startFromPoint(row, sample));
    } else if (pixels === null) {
      this.clearPosterior();
      this.pad.refs.drawing.hidden = true;
    } else if (await this.openEncoder()) {
      pair.quietly(() => this.encodeImage(pixels));
      this.showReceived();
    }
  }

  /** Show what this model makes of a drawing that stands on the other pad. */
  showReceived() {
    const { refs, net } = this.pad;
    this.received ??= posteriorParts();
    refs.drawing.replaceChildren(this.received.words, this.received.stripBox);
    refs.drawing.hidden = false;
    showPosterior(this.received, net, this.posterior);
  }

  // ---- a drawing --------------------------------------------------------------------------

  async openEncoder() {
    const { net, data } = this.pad;
    if (this.encoder || !data.encoder) return this.encoder;
    const encoder = parseNetwork(await fetchPayload(data.encoder));
    if (this.pad.net === net) this.encoder = encoder;
    if (net.beta) encoder.setBeta(net.beta);
    return this.encoder;
  }

  /** Encode at another β; a drawing moves to where it lies then. */
  setBeta(beta) {
    this.encoder?.setBeta(beta);
    if (this.posterior) this.encodeImage(this.pixels);
  }

  async openDrawing(on) {
    const { refs, root, net, data, pair } = this.pad;
    if (!on) {
      this.closeDrawing();
      return;
    }
    try {
      if (!(await this.openEncoder()) || this.drawing) return;
    } catch (error) {
      const sentence = `The encoder of ${data.model} could not be loaded: ${error.message}.`;
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
    showPosterior(this.drawing.parts, net, null);
    pair.changed();
    // the decoded image last: where all is stacked the sheet lies right below it
    for (const part of [refs.drawing, refs.imageBox]) part.scrollIntoView({ block: "nearest" });
  }

  closeDrawing() {
    const { refs, root, map, net } = this.pad;
    if (!this.drawing) return;
    this.drawing.stop();
    [this.drawing, this.posterior] = [null, null];
    refs.drawing.hidden = true;
    refs.drawing.replaceChildren();
    root.classList.remove("pad-with-drawing");
    setPressed(this.pad.controls.actions.drawing, false);
    map.mark(null);
    if (net) this.shared({ pixels: null }, () => this.pad.show(this.pad.held));
    this.pad.pair.changed();
  }

  drew(pixels) {
    if (pixels) this.shared({ pixels }, () => this.encodeImage(pixels));
    else this.shared({ pixels }, () => this.clearPosterior());
    if (this.drawing) showPosterior(this.drawing.parts, this.pad.net, this.posterior);
  }

  clearPosterior() {
    if (!this.posterior) return;
    this.posterior = null;
    this.pad.map.mark(null);
    this.pad.show(this.pad.held);
  }

  encodeImage(pixels) {
    this.posterior = recognise(this.pad.net, this.encoder, pixels);
    const { loc, draw, label } = this.posterior;
    this.pad.tellClass(label);
    this.pixels = pixels;
    const cloud = draw ? Array.from({ length: CLOUD_SIZE }, draw) : [];
    this.pad.map.find(-1);
    this.pad.map.mark(this.posterior, "your drawing", cloud);
    this.pad.hold(Float64Array.from(loc));
    this.pad.neighbours.from({ pixels: pixels.slice(), loc, label, name: "your drawing" });
  }
}
