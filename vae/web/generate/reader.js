// The classifier of the model's images: asked for once, waited for while it is trained.

import { parseClassifier } from "../batch/classifier.js";
import { className } from "../core/told.js";
import { messageOf } from "../parts/fetched.js";

/** @import { Classifier, Opinion } from "../batch/classifier.js" */
/** @import { NetworkHeader } from "../core/header.js" */

const AGAIN_MS = 700;
const SURE = 0.8; // below it the second guess is named too
const NOT_HERE = "The images that this model was trained on are not on this machine: nobody can say what is drawn.";

export class Reader {
  /** @type {Classifier | null} */
  classifier = null;
  #timer = 0;
  #asked = "";

  /**
   * `told(words)` hears how far it is, "" once the classifier is there; `changed()` that it is.
   * @param {(words: string) => void} told @param {() => void} changed
   */
  constructor(told, changed) {
    this.told = told;
    this.changed = changed;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#asked = "";
  }

  /** Another model: another classifier. */
  forget() {
    this.stop();
    this.classifier = null;
    this.told("");
  }

  /** @type {(address: string) => Promise<void>} */
  async ask(address) {
    if (this.classifier || this.#asked === address) return;
    this.#asked = address;
    this.told("asking for the classifier …");
    try {
      await this.#look(address);
    } catch (error) {
      this.stop();
      this.told(`The classifier did not come: ${messageOf(error)}.`);
    }
  }

  /** @type {(address: string) => Promise<void>} */
  async #look(address) {
    const answer = await fetch(address);
    if (this.#asked !== address) return;
    if (answer.status === 202) {
      const { done, total } = await answer.json();
      const share = total ? ` ${Math.round((100 * done) / total)} %` : "";
      this.told(`a classifier is being trained on the training images …${share}`);
      this.#timer = setTimeout(() => this.#look(address).catch((error) => this.told(messageOf(error))), AGAIN_MS);
      return;
    }
    if (answer.status === 204) return this.told(NOT_HERE);
    if (!answer.ok) return this.told(await answer.text());
    const found = parseClassifier(await answer.arrayBuffer());
    if (this.#asked !== address) return;
    this.classifier = found;
    this.told(found ? "" : "This browser cannot run the classifier: it has no WebAssembly.");
    this.changed();
  }

  /** What is known of the classifier itself. */
  get about() {
    if (!this.classifier) return "";
    const { accuracy, count } = this.classifier;
    return `A classifier trained on the training images; right on ${(100 * accuracy).toFixed(1)} % of ` +
      `${count.toLocaleString("en")} validation images. Below ${100 * SURE} % it is unsure, and “?” says so.`;
  }
}

/** An opinion in the space under a picture. @type {(header: NetworkHeader, opinion: Opinion) => string} */
export function shortOpinion(header, { label, confidence, other }) {
  if (confidence < SURE) return `${className(header, label)}/${className(header, other)} ?`;
  return `${className(header, label)} ${Math.floor(100 * confidence)}%`;
}

/** An opinion as a sentence. @type {(header: NetworkHeader, opinion: Opinion) => string} */
export function longOpinion(header, { label, confidence, other, otherConfidence }) {
  /** @type {(share: number) => string} */
  const percent = (share) => `${Math.floor(1000 * share) / 10} %`;
  const first = `${className(header, label)} (${percent(confidence)})`;
  if (confidence >= SURE) return `The classifier sees ${first}.`;
  return `The classifier is unsure: ${first} or ${className(header, other)} (${percent(otherConfidence)}).`;
}
