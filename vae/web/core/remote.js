// A decoder too large for a frame in the browser: the server decodes for the hand, one image at a
// time, and of the places that the hand passed meanwhile only the last is asked for.

import { readPayload } from "./payload.js";

/** @import { NetworkHeader, Numbers, RemoteNetwork } from "./header.js" */

/**
 * The server's answer to question `count`: the pixels as bytes in base64.
 * @typedef {{count: number, pixels: string}} Answer
 */

const PATIENCE_MS = 5000; // an answer that is later than this is not waited for

/**
 * Read the outline of a decoder: its header, without layers and weights.
 * @type {(buffer: ArrayBuffer) => RemoteNetwork}
 */
export function parseOutline(buffer) {
  const payload = readPayload(buffer, "vae-network", 1);
  const header = /** @type {NetworkHeader} */ (payload.header);
  const classes = header.told?.classes ?? 0;
  return { header, zDim: header.z_dim, shape: header.image_shape, classes, label: 0, remote: true };
}

export class RemoteDecoder {
  /**
   * `send({z, label, count})` carries a question to the server.
   * @param {(question: {z: number[], label: number, count: number}) => void} send
   */
  constructor(send) {
    this.send = send;
    this.count = 0;
    /** @type {Numbers | null} */
    this.asked = null;
    /** @type {{z: Numbers, label: number} | null} */
    this.next = null;
    this.since = 0;
  }

  /** @type {(z: Numbers, label: number) => void} */
  ask(z, label) {
    if (this.asked && performance.now() - this.since < PATIENCE_MS) {
      this.next = { z, label };
      return;
    }
    [this.asked, this.next, this.since] = [z, null, performance.now()];
    this.count += 1;
    this.send({ z: Array.from(z), label, count: this.count });
  }

  /**
   * The image {z, pixels} that an answer brings; null where it is not the one waited for.
   * @type {(answer: Answer | null) => {z: Numbers, pixels: Float32Array} | null}
   */
  hear(answer) {
    if (!answer || !this.asked || answer.count !== this.count) return null;
    const [z, next] = [this.asked, this.next];
    this.asked = null;
    if (next) this.ask(next.z, next.label);
    const bytes = atob(answer.pixels);
    return { z, pixels: Float32Array.from(bytes, (byte) => byte.charCodeAt(0) / 255) };
  }
}
