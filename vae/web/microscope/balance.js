// What is known of one image and one q, and the work that is still to be done for it: log p(x), the
// ELBO and KL(q ‖ p(z|x)), each by its own rule.
//
// Work is done in slices between frames. The ELBO of a q that moves is there at once, by a rule of
// few places; what rests is refined until it stays.

import { BATCH } from "../batch/many.js";
import { divergence, elbo, ownLattice } from "./bounds.js";
import { evidenceOf } from "./evidence.js";
import { jointOf } from "./joint.js";
import { Lattice } from "./lattice.js";

/** @import { Evidence } from "./evidence.js" */
/** @import { Looker, Pair, Subject } from "./joint.js" */
/** @import { Joint, Normal } from "./lattice.js" */

/** Values in nats, null while they are not known. @typedef {{log: number | null, elbo: number | null, kl: number | null, rests: boolean}} Terms */

const SLICE_MS = 9; // of the 16.7 between two frames, while the hand may ask for more
const WHOLE_MS = 14; // of them, before the first numbers stand
const HAND_MS = 10; // that a moved q may take for its ELBO
const ORDERS = [3, 4, 5, 6, 8, 10, 12, 16, 20];
const STEADY = 0.003; // nats
const FINEST_SUM = 3; // levels below the coarsest that a KL can be summed on
const KEPT = 8; // images of a model

/** @type {WeakMap<Looker, Balance[]>} */
const newest = new WeakMap();

/**
 * What is known of an image that was looked at before, with what is still to be done, or a new one.
 * @type {(looker: Looker, subject: Subject, pair: Pair, q: Normal) => Balance}
 */
export function balanceOf(looker, subject, pair, q) {
  const kept = newest.get(looker) ?? [];
  const known = kept.find((one) => one.isOf(subject, pair)) ?? new Balance(looker, subject, pair, q);
  newest.set(looker, [known, ...kept.filter((one) => one !== known)].slice(0, KEPT));
  known.move(q);
  return known;
}

class Balance {
  /** @type {Evidence | null} */
  evidence = null;
  /** @type {Terms} */
  terms = { log: null, elbo: null, kl: null, rests: false };
  /** How long one value takes, milliseconds. */
  cost = 0.5;
  /** @type {Generator<void, void> | null} */
  #work = null;

  /** @param {Looker} looker @param {Subject} subject @param {Pair} pair @param {Normal} q */
  constructor(looker, subject, pair, q) {
    this.subject = subject;
    this.pair = pair;
    const joint = jointOf(looker.net, looker.many, subject, pair);
    /** @type {Joint} */
    this.joint = (spots) => this.#timed(() => joint(spots), spots.length);
    this.lattice = new Lattice(this.joint, q);
    this.q = q;
    this.#work = this.#find(looker.steps(subject, pair));
    this.joint(Array.from({ length: BATCH }, () => [q.a, q.b]));
  }

  /** Whether it is of these very pixels, on this plane. @type {(subject: Subject, pair: Pair) => boolean} */
  isOf({ pixels, label }, pair) {
    return this.subject.pixels === pixels && this.subject.label === label && String(this.pair) === String(pair);
  }

  /** Whether something is still to be computed. */
  get busy() {
    return this.#work !== null;
  }

  /**
   * Take another q: its ELBO is there when this returns, its KL as far as its values are known.
   * @type {(q: Normal) => void}
   */
  move(q) {
    if (this.terms.rests && isSame(q, this.q)) return;
    this.q = q;
    const order = ORDERS.filter((count) => count ** q.sd.length * this.cost <= HAND_MS).at(-1) ?? ORDERS[0];
    this.terms = { ...this.terms, elbo: elbo(this.joint, q, order), rests: false };
    if (!this.evidence) return;
    this.#sumWithin(HAND_MS / 2);
    this.#work = this.#refine(this.evidence.log);
  }

  /** Compute for a slice of a frame; whether something changed. @type {() => boolean} */
  work() {
    const before = this.terms;
    const end = performance.now() + (this.terms.kl === null ? WHOLE_MS : SLICE_MS);
    while (this.#work && performance.now() < end) {
      if (this.#work.next().done) this.#work = null;
    }
    return this.terms !== before || !this.#work;
  }

  /** @type {(look: ReturnType<Looker["steps"]>) => Generator<void, void>} */
  *#find(look) {
    this.evidence = yield* evidenceOf(this.lattice, yield* look);
    this.terms = { ...this.terms, log: this.evidence.log };
    this.#sumWithin(HAND_MS);
    yield* this.#refine(this.evidence.log);
  }

  /** @type {(milliseconds: number) => void} */
  #sumWithin(milliseconds) {
    if (!this.evidence) return;
    const kl = divergence(this.lattice, this.evidence.log, this.q, Math.ceil(milliseconds / this.cost));
    if (kl !== null) this.terms = { ...this.terms, kl };
  }

  /**
   * Finer rules for both, until neither changes.
   * @type {(log: number) => Generator<void, void>}
   */
  *#refine(log) {
    const { q } = this;
    for (const kl of sums(this.lattice, log, q)) {
      if (kl !== null) this.terms = { ...this.terms, kl };
      yield;
    }
    for (const less of sums(ownLattice(this.joint, q), 0, q)) {
      if (less !== null) this.terms = { ...this.terms, elbo: -less };
      yield;
    }
    this.terms = { ...this.terms, rests: true };
  }

  /** @type {<T>(what: () => T, values: number) => T} */
  #timed(what, values) {
    const start = performance.now();
    const found = what();
    const each = (performance.now() - start) / values;
    this.cost = 0.8 * this.cost + 0.2 * Math.max(each, 0.005);
    return found;
  }
}

/**
 * KL(q ‖ …) on finer and finer places of a lattice, until it stays; null while values are missing.
 * @type {(lattice: Lattice, log: number, q: Normal) => Generator<number | null, void>}
 */
function* sums(lattice, log, q) {
  for (let finer = 0, before = NaN; finer <= FINEST_SUM; ) {
    const kl = divergence(lattice, log, q, BATCH, finer);
    yield kl;
    if (kl === null) continue;
    if (Math.abs(kl - before) < STEADY) return;
    before = kl;
    finer += 1;
  }
}

/** @type {(one: Normal, other: Normal) => boolean} */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
