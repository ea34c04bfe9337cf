// After the run: its snapshots again, by hand or played.

import { button, element } from "../parts/dom.js";

/** @import { SnapshotEntry } from "./frames.js" */

/** @typedef {(entry: SnapshotEntry, milliseconds: number) => Promise<void>} ShowSnapshot */

const PLAY_MS = 380; // from one snapshot to the next
const REST_MS = 2500; // from the end to the next start

/**
 * A row with a play button and a slider over snapshots. `show(entry, milliseconds)` shows one and
 * resolves when it is drawn; entries are [step, file].
 * @type {(root: HTMLElement, show: ShowSnapshot) => TrainReplay}
 */
export function createTrainReplay(root, show) {
  return new TrainReplay(root, show);
}

class TrainReplay {
  /** @param {HTMLElement} root @param {ShowSnapshot} show */
  constructor(root, show) {
    this.show = show;
    /** @type {SnapshotEntry[]} */
    this.entries = [];
    this.turn = 0;
    this.play = button("play", { class: "pad-button train-play" });
    this.slider = element("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": "snapshot" });
    this.words = element("span", { class: "train-small train-replay-words" });
    root.append(this.play, this.slider, this.words);
    this.root = root;
    this.play.onclick = () => (this.playing() ? this.pause() : this.start());
    this.slider.oninput = () => {
      this.pause();
      this.go(Number(this.slider.value), 160);
    };
    this.setEntries([]);
  }

  /**
   * Offer these snapshots; with fewer than two there is nothing to play.
   * @type {(entries: SnapshotEntry[]) => void}
   */
  setEntries(entries) {
    const same = entries.length === this.entries.length && entries.at(-1)?.[1] === this.entries.at(-1)?.[1];
    if (same && entries.length) return;
    this.pause();
    this.entries = entries;
    this.root.classList.toggle("train-unseen", entries.length < 2);
    this.slider.max = String(Math.max(0, entries.length - 1));
    this.slider.value = this.slider.max;
    this.say(entries.length - 1);
  }

  playing() {
    return this.play.getAttribute("aria-pressed") === "true";
  }

  pause() {
    this.turn += 1;
    this.play.setAttribute("aria-pressed", "false");
    this.play.textContent = "play";
  }

  /**
   * Play to the end, `times` times; pausing ends all of them.
   * @type {(times?: number) => Promise<void>}
   */
  async start(times = 1) {
    const turn = ++this.turn;
    /** @type {(milliseconds: number) => Promise<unknown>} */
    const pass = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.play.setAttribute("aria-pressed", "true");
    this.play.textContent = "pause";
    const last = this.entries.length - 1;
    let at = Number(this.slider.value);
    for (let round = 0; round < times && turn === this.turn; round++) {
      if (round) await pass(REST_MS);
      if (at >= last) at = -1;
      while (turn === this.turn && at < last) {
        at += 1;
        this.slider.value = String(at);
        await this.go(at, at === 0 ? 0 : PLAY_MS);
        await pass(PLAY_MS);
      }
    }
    if (turn === this.turn) this.pause();
  }

  /** @type {(at: number, milliseconds: number) => Promise<void>} */
  async go(at, milliseconds) {
    this.say(at);
    await this.show(this.entries[at], milliseconds);
  }

  /** @type {(at: number) => void} */
  say(at) {
    const entry = this.entries[at];
    const text = entry ? `step ${entry[0].toLocaleString("en-US")}` : "";
    this.words.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }
}
