// The person's own image on the page: sent when it is chosen or the pen is lifted, and what came back.

import { setPressed } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { showSentence } from "../parts/sentence.js";
import { verdictsOf } from "./large.js";
import { numbersOf, pictureOf, sentOf, Sheet } from "./bring.js";

/** @import { Anomaly } from "./anomaly.js" */
/** @import { OwnFound } from "./props.js" */

export class Own {
  /** What was sent last. @type {{seq: number, pixels: Float32Array, title: string} | null} */
  #sent = null;
  /** @type {OwnFound | null} */
  #found = null;

  /** @param {Anomaly} page */
  constructor(page) {
    this.page = page;
    this.sheet = new Sheet(page.card.drawing, (pixels) => this.#send(pixels, "your drawing"));
  }

  /** @type {(file: File) => Promise<void>} */
  async take(file) {
    const { page } = this;
    // what stands there is of another image
    page.card.hide();
    try {
      const pixels = await pictureOf(file, page.data.shape, page.data.framing);
      showSentence(page.refs, null);
      this.#send(pixels, file.name);
    } catch (error) {
      showSentence(page.refs, messageOf(error));
    }
  }

  /** Draw an image; pressed again the sheet goes. */
  draw() {
    const { page, sheet } = this;
    if (sheet.isOpen) {
      page.card.hide();
      return;
    }
    page.large = null;
    sheet.open(page.data.shape, page.data.framing);
    page.card.imageBox.hidden = page.card.mapBox.hidden = true;
    page.card.explore.hidden = page.card.microscope.hidden = true;
    page.card.title.textContent = "Draw, and lift the pen: it is scored.";
    page.card.head.hidden = true;
    page.card.verdicts.replaceChildren();
    page.card.open();
    setPressed(page.refs.draw, true);
  }

  close() {
    this.sheet.close();
    this.page.card.imageBox.hidden = false;
    setPressed(this.page.refs.draw, false);
  }

  leave() {
    this.close();
    [this.#sent, this.#found] = [null, null];
    this.page.exhibit.setOwn(null);
  }

  stop() {
    this.sheet.close();
  }

  /** @type {(pixels: Float32Array, title: string) => void} */
  #send(pixels, title) {
    const seq = this.page.ask({ do: "own", pixels: sentOf(pixels) });
    this.#sent = { seq, pixels, title };
  }

  /** Take what Python says of the image that was sent last. @type {(found: OwnFound | null) => void} */
  hear(found) {
    if (!found || found.seq !== this.#sent?.seq || found.seq === this.#found?.seq) return;
    this.#found = found;
    this.mark();
    this.#show();
  }

  /** Show where the image stands on the axis. */
  mark() {
    this.page.exhibit.setOwn(this.#found?.scores[this.page.showing] ?? null);
  }

  #show() {
    const { page } = this;
    const [sent, found] = [this.#sent, this.#found];
    if (!sent || !found) return;
    page.large = null;
    page.card.show(page.data.shape, {
      title: sent.title,
      model: page.data.model,
      pixels: sent.pixels,
      nats: found.pixels === null ? null : numbersOf(found.pixels),
      verdicts: verdictsOf(page, ({ name }) => found.scores[name]),
      z: found.z,
      row: null,
    });
    page.card.imageBox.hidden = this.sheet.isOpen;
  }
}
