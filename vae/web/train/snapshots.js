// The snapshots of one run: which there are, and the newest one that can be read.

import { fetchTrainFrame } from "./frames.js";

/** @import { SnapshotEntry, TrainFrame } from "./frames.js" */

export class Snapshots {
  /** @type {SnapshotEntry[]} */
  entries = [];
  /** The file that was read last. @type {string | null} */
  #read = null;
  #reading = false;

  /** @param {string} address of the run */
  constructor(address) {
    this.address = address;
  }

  /**
   * Read the newest snapshot, one after another; null where there is no newer one than was read.
   * @type {() => Promise<TrainFrame | null>}
   */
  async newest() {
    if (this.#reading) return null;
    this.#reading = true;
    const found = await this.#search();
    this.#reading = false;
    return found;
  }

  /** @type {() => Promise<TrainFrame | null>} */
  async #search() {
    for (const entry of this.entries.slice(-3).reverse()) {
      if (entry[1] === this.#read) return null;
      try {
        const frame = await this.at(entry);
        this.#read = entry[1];
        return frame;
      } catch {
        // thinned out or damaged: the one before it will do
      }
    }
    return null;
  }

  /** Read one of them; throws where it is gone. @type {(entry: SnapshotEntry) => Promise<TrainFrame>} */
  at(entry) {
    return fetchTrainFrame(this.address, entry);
  }
}
