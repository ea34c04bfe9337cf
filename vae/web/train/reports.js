// What a run has reported: a row for each report, and the KL of each dimension where that is told.

/** @typedef {number | null} Value */

/**
 * A report: step, seconds, β; elbo, log p(x|z) and KL in training; the three in validation; σ.
 * @typedef {[step: number, ...numbers: Value[]]} Row
 */

/**
 * What an answer of the server tells of new reports; `reset` where the earlier ones no longer hold.
 * @typedef {{reset?: boolean, rows: Row[], kl_rows?: (Value[] | null)[] | null}} Told
 */

/** A row is [step, seconds, β, elbo, log p(x|z) and KL in training, the three in validation, σ]. */
export class Reports {
  /** @type {Row[]} */
  rows = [];
  /** @type {Map<Value, Value[]>} */
  #kl = new Map();

  /**
   * Take an answer of the server; returns whether there is anything to draw anew.
   * @type {(told: Told) => boolean}
   */
  take({ reset, rows, kl_rows: kl }) {
    if (reset) {
      this.rows = [];
      this.#kl.clear();
    }
    kl?.forEach((values, i) => values && this.#kl.set(rows[i][0], values));
    for (const row of rows) {
      // a resumed run goes on from its last save: what was reported beyond it is told again
      while (this.rows.length && this.rows[this.rows.length - 1][0] >= row[0]) this.rows.pop();
      this.rows.push(row);
    }
    return rows.length > 0 || Boolean(reset);
  }

  /** The newest row, or null. @type {() => Row | null} */
  last() {
    return this.rows.at(-1) ?? null;
  }

  /** The first row that is not before a step, or null. @type {(step: number) => Row | null} */
  at(step) {
    return this.rows.find(([one]) => one >= step) ?? null;
  }

  /** @type {(step: number) => Row[]} */
  until(step) {
    return this.rows.filter(([one]) => one <= step);
  }

  /**
   * The KL of each dimension in a row, or null where it is not known.
   * @type {(row: Row | null) => Value[] | null}
   */
  klOf(row) {
    return (row && this.#kl.get(row[0])) ?? null;
  }
}
