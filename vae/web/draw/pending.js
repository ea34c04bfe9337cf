// Drawings on their way to the server. Each is written down in the browser first and forgotten when
// the server has it, so that neither a reload nor a restarted server loses one.

/** @import { Kept } from "./props.js" */

/**
 * A drawing that the server is to keep; `comesFrom` is the split that it was in before it was deleted.
 * @typedef {{token: string, group: string, pixels: string, comesFrom?: string}} Waiting
 */

/**
 * `send` fails with an error that `isRefusal` for what the server will never take; anything else is
 * tried again.
 * @typedef {object} PendingActions
 * @property {(drawing: Waiting) => Promise<Kept>} send
 * @property {(error: unknown) => boolean} isRefusal
 * @property {(drawing: Waiting, kept: Kept) => void} kept
 * @property {(drawing: Waiting, error: unknown) => void} refused
 * @property {(count: number, failing: boolean) => void} waits how many wait, and whether the server is away
 * @property {(run: () => void) => void} later calls after a pause
 */

/** @typedef {Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">} Store */

const PREFIX = "explorer-drawn:";

export class Pending {
  /** @type {Waiting[]} */
  #waiting = [];
  #busy = false;

  /** @param {string} set @param {Store | null} store @param {PendingActions} act */
  constructor(set, store, act) {
    this.prefix = `${PREFIX}${set}:`;
    this.store = store;
    this.act = act;
  }

  /** Take up what an earlier page could not send. @type {() => Waiting[]} */
  takeUp() {
    /** @type {Waiting[]} */
    const found = [];
    for (let i = 0; i < (this.store?.length ?? 0); i++) {
      const key = this.store?.key(i) ?? "";
      if (!key.startsWith(this.prefix)) continue;
      const [group, pixels, comesFrom] = (this.store?.getItem(key) ?? "").split(" ");
      const token = key.slice(this.prefix.length);
      if (pixels && !this.#waiting.some((one) => one.token === token)) found.push({ token, group, pixels, ...(comesFrom ? { comesFrom } : {}) });
    }
    this.#waiting.push(...found);
    void this.#next();
    return found;
  }

  /** @type {(drawing: Waiting) => void} */
  add(drawing) {
    try {
      const { group, pixels, comesFrom } = drawing;
      this.store?.setItem(this.prefix + drawing.token, [group, pixels, comesFrom].filter(Boolean).join(" "));
    } catch {
      // a browser without room still sends it
    }
    this.#waiting.push(drawing);
    void this.#next();
  }

  /** Let go of what waits: the set has another name now. @type {() => Waiting[]} */
  release() {
    const waiting = this.#waiting;
    for (const { token } of waiting) this.forget(token);
    this.#waiting = [];
    return waiting;
  }

  get count() {
    return this.#waiting.length;
  }

  /** Forget a drawing that the server will not take. @type {(token: string) => void} */
  forget(token) {
    this.store?.removeItem(this.prefix + token);
  }

  /** @type {(drawing: Waiting) => void} */
  #drop(drawing) {
    this.#waiting = this.#waiting.filter((one) => one !== drawing);
  }

  async #next() {
    if (this.#busy || !this.#waiting.length) return;
    this.#busy = true;
    const [drawing] = this.#waiting;
    let again = false;
    try {
      const kept = await this.act.send(drawing);
      this.#drop(drawing);
      this.forget(drawing.token);
      this.act.kept(drawing, kept);
    } catch (error) {
      again = !this.act.isRefusal(error);
      if (!again) {
        this.#drop(drawing);
        this.act.refused(drawing, error);
      }
    }
    this.#busy = false;
    this.act.waits(this.#waiting.length, again);
    if (again) this.act.later(() => void this.#next());
    else void this.#next();
  }
}

/** A name for a drawing that no other has. @type {() => string} */
export function newToken() {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
