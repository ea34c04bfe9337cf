// The server that decodes for a pad whose decoder is too large to run here.

import { RemoteDecoder } from "../core/remote.js";
import { copyOf } from "../pictures/shown.js";

/** @import { Numbers } from "../core/header.js" */
/** @import { Answer } from "../core/remote.js" */
/** @import { LatentPad } from "./pad.js" */

/** Asks the server for the images of one model, and draws what it answers. */
export class PadServer {
  /** The z that joins the trail once the server has decoded it. @type {Numbers | null} */
  owed = null;

  /** @param {LatentPad} pad @param {string} model */
  constructor(pad, model) {
    this.pad = pad;
    this.decoder = new RemoteDecoder((question) =>
      pad.tell("asked", { model, seq: pad.seq, ...question }));
  }

  /** @type {(z: Numbers) => void} */
  ask(z) {
    this.decoder.ask(z, this.pad.net.label);
  }

  /**
   * Draw what the server decoded; a place that was held joins the trail only now.
   * @type {(answer: Answer | null) => void}
   */
  hear(answer) {
    const { pad } = this;
    const found = this.decoder.hear(answer);
    if (!found) return;
    pad.picture?.put(found.pixels);
    pad.drawn(found.z);
    if (found.z === this.owed) pad.trail.add(copyOf(pad.refs.image), found.z, pad.net.label);
  }
}
