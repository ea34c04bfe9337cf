// Compare: models side by side, the same thing of each in a row.

import { find } from "../parts/dom.js";
import { mounted } from "../parts/mounted.js";

export default mounted((parent, data) => new Compare(parent, data));

/** @typedef {{model: string, wrong?: string}} Column */
/** @typedef {{columns: Column[]}} CompareProps */

export class Compare {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};

  /** @param {HTMLElement} parent @param {CompareProps} data */
  constructor(parent, data) {
    this.root = find(parent, ".pad-host");
    this.data = data;
    this.root.dataset.testid = "compare";
    this.root.dataset.ready = "false";
  }

  stop() {}

  /** @type {(data: CompareProps) => void} */
  update(data) {
    this.data = data;
    this.root.dataset.models = data.columns.map(({ model }) => model).join(",");
    this.root.dataset.ready = "true";
  }
}
