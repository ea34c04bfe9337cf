// The classifier of the model's images: asked for once, waited for while it is trained.

import { parseClassifier } from "../batch/classifier.js";
import { className } from "../core/told.js";
import { asSentence, messageOf } from "../parts/fetched.js";

/** @import { Classifier, Opinion } from "../batch/classifier.js" */
/** @import { NetworkHeader } from "../core/header.js" */

const AGAIN_MS = 700;
const SURE = 0.8; // below it the second guess is named too
const LETTERS = 10; // so many stand under a picture
const NOT_HERE = "The images that this model was trained on are not on this machine: nobody can say what is drawn.";

export class Reader {
  /** @type {Classifier | null} */
  classifier = null;
  /** How far it is, or why there is none; "" once it is there. */
  words = "";
  /** There will be none, unless it is asked for again. */
  refused = false;
  #timer = 0;
  #asked = "";

  /**
   * `told()` hears of other words, `changed()` that the classifier is there.
   * @param {() => void} told @param {() => void} changed
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
    this.#say("");
  }

  /** @type {(address: string) => Promise<void>} */
  async ask(address) {
    if (this.classifier || this.#asked === address) return;
    this.#asked = address;
    this.#say("asking for the classifier …");
    await this.#follow(address);
  }

  /** @type {(words: string, refused?: boolean) => void} */
  #say(words, refused = false) {
    [this.words, this.refused] = [words, refused];
    // whoever presses again asks again
    if (refused) this.stop();
    this.told();
  }

  /** @type {(address: string) => Promise<void>} */
  async #follow(address) {
    try {
      await this.#look(address);
    } catch (error) {
      if (this.#asked === address) this.#say(`The classifier did not come: ${messageOf(error)}.`, true);
    }
  }

  /** @type {(address: string) => Promise<void>} */
  async #look(address) {
    const answer = await fetch(address);
    if (this.#asked !== address) return;
    if (answer.status === 202) {
      const { done, total } = await answer.json();
      const share = total ? ` ${Math.round((100 * done) / total)} %` : "";
      this.#say(`a classifier is being trained on the training images …${share}`);
      this.#timer = setTimeout(() => void this.#follow(address), AGAIN_MS);
      return;
    }
    if (answer.status === 204) return this.#say(NOT_HERE, true);
    if (!answer.ok) return this.#say(asSentence(await answer.text()), true);
    const found = parseClassifier(await answer.arrayBuffer());
    if (this.#asked !== address) return;
    this.classifier = found;
    this.#say(found ? "" : "This browser cannot run the classifier: it has no WebAssembly.", !found);
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
  const name = className(header, label);
  if (confidence < SURE) {
    const both = `${name}/${className(header, other)} ?`;
    return both.length <= LETTERS ? both : `${name} ?`;
  }
  return `${name} ${Math.floor(100 * confidence)}%`;
}

/** An opinion as a sentence. @type {(header: NetworkHeader, opinion: Opinion) => string} */
export function longOpinion(header, { label, confidence, other, otherConfidence }) {
  /** @type {(share: number) => string} */
  const percent = (share) => `${Math.floor(1000 * share) / 10} %`;
  const first = `${className(header, label)} (${percent(confidence)})`;
  if (confidence >= SURE) return `The classifier sees ${first}.`;
  return `The classifier is unsure: ${first} or ${className(header, other)} (${percent(otherConfidence)}).`;
}
