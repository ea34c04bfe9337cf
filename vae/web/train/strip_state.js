// What the two strips under the curves show: the KL of each dimension, and β once it changes.

import { watchSize } from "../parts/size_watch.js";
import { calmTrainTop, drawTrainBars, drawTrainBeta } from "./strips.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Row, Value } from "./reports.js" */

export class TrainStrips {
  /** @type {Theme | null} */
  theme = null;
  /** KL of each dimension in nats, as it is known. @type {number[] | null} */
  kl = null;
  /** Top of the bars' axis; 0 before there are any. */
  top = 0;
  /** @type {Row[]} */
  rows = [];
  end = 100;
  /** The β that the run is to reach. @type {number | null | undefined} */
  beta = null;

  /** @param {{bars: HTMLCanvasElement, beta: HTMLCanvasElement}} refs */
  constructor(refs) {
    this.refs = refs;
    this.observer = watchSize(refs.bars, () => this.draw());
  }

  stop() {
    this.observer.disconnect();
  }

  clear() {
    this.kl = null;
    this.top = 0;
    this.rows = [];
    this.end = 100;
    this.beta = null;
    this.draw();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  /**
   * Show the KL of each dimension; null where it is not known, and what was shown stays.
   * @type {(kl: Value[] | null) => void}
   */
  showKl(kl) {
    if (kl) {
      this.kl = kl.map((value) => value ?? 0);
      this.top = calmTrainTop(this.top, this.kl);
    }
    this.draw();
  }

  /**
   * Take the reports and the step at which the curves end; a β that changed has its curve.
   * @type {(rows: Row[], end: number) => void}
   */
  setRows(rows, end) {
    this.rows = rows;
    this.end = end;
    if (rows.some((row) => row[2] !== rows[0][2])) this.refs.beta.hidden = false;
    this.draw();
  }

  draw() {
    const { theme, refs } = this;
    if (!theme) return;
    if (!refs.bars.hidden) drawTrainBars(refs.bars, theme, this.kl ?? [], this.top || 1);
    if (!refs.beta.hidden) drawTrainBeta(refs.beta, theme, this.rows, this.end, this.beta);
  }
}
