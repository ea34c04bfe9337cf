// Asking the server how a run goes: often while it runs, seldom while it rests, never once it ended.

/** @import { SnapshotEntry } from "./frames.js" */
/** @import { Mark } from "./marks.js" */
/** @import { Told, Value } from "./reports.js" */

/**
 * What a view must know of a run before its first number.
 * @typedef {object} Facts
 * @property {string[]} class_names
 * @property {boolean} has_density
 * @property {boolean} learns_scale
 * @property {boolean} [scale_by_position]
 * @property {boolean} [draws_itself]
 * @property {boolean} warms_up
 * @property {boolean} kl_per_dim
 * @property {boolean} rings
 * @property {boolean} [prior_by_class] whether each class has a prior of its own
 * @property {number | null} beta
 * @property {number | null} validation_images
 */

/**
 * @typedef {object} LiveAnswer
 * @property {string} state
 * @property {string | null} phase
 * @property {number} step
 * @property {number | null} steps
 * @property {number} share of the budget
 * @property {number} position in the queue
 * @property {number} after
 * @property {string} file
 * @property {SnapshotEntry[]} snapshots
 * @property {Mark[]} [marks]
 * @property {Value[] | null} kl_per_dim
 * @property {Facts} [facts]
 */

/** @typedef {LiveAnswer & Told} Live */

/**
 * @typedef {object} PollActions
 * @property {(answer: Live) => void} hear
 * @property {(words: string | null) => void} trouble
 * @property {(words: string) => void} gone
 */

const ACTIVE_MS = 700;
const RESTING_MS = 3000;
const UNSEEN_MS = 5000; // in a tab that nobody looks at
const LONGEST_BACKOFF_MS = 15_000;

/**
 * Whether a run in this state has a trainer, or waits for one.
 * @type {(state: string | null | undefined) => boolean}
 */
export function isTrainActive(state) {
  return state === "running" || state === "queued";
}

/**
 * Ask `address`/live again and again. `hear(answer)` takes each answer; `trouble(words)` hears why
 * none comes, and null when one came; `gone(words)` that the run is no longer there.
 */
export class TrainPoll {
  /** @param {string} address @param {PollActions} act */
  constructor(address, act) {
    this.address = address;
    this.act = act;
    this.after = 0;
    this.file = "";
    this.failures = 0;
    this.timer = 0;
    this.stopped = false;
    this.asking = false;
    this.seen = () => document.hidden || this.now();
    document.addEventListener("visibilitychange", this.seen);
    this.ask();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  /** Ask now, whatever the next time was to be. */
  now() {
    if (this.stopped || this.asking) return;
    clearTimeout(this.timer);
    this.ask();
  }

  async ask() {
    this.asking = true;
    let wait = null;
    try {
      wait = await this.askOnce();
    } catch {
      this.failures += 1;
      if (!this.stopped) this.act.trouble("The server does not answer; the picture shows where the run last stood.");
      wait = Math.min(LONGEST_BACKOFF_MS, ACTIVE_MS * 2 ** this.failures);
    }
    this.asking = false;
    // over or gone: who comes back to the tab would else ask again, and a replay begin anew
    if (wait === null) this.stop();
    else if (!this.stopped) this.timer = setTimeout(() => this.ask(), wait);
  }

  async askOnce() {
    const query = `after=${this.after}&file=${encodeURIComponent(this.file)}`;
    const answer = await fetch(`${this.address}/live?${query}`, { cache: "no-store" });
    if (this.stopped) return null;
    if (answer.status === 404) {
      this.act.gone(await answer.text());
      return null;
    }
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const said = await answer.json();
    if (this.stopped) return null;
    [this.after, this.file] = [said.after, said.file];
    if (this.failures) this.act.trouble(null);
    this.failures = 0;
    this.act.hear(said);
    if (said.state === "finished") return null;
    if (!isTrainActive(said.state)) return RESTING_MS;
    return document.hidden ? UNSEEN_MS : ACTIVE_MS;
  }
}
