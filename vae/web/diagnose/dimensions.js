// What each dimension tells about an image: its KL, the most informative first.

import { element, shownNumber } from "../parts/dom.js";

/** @import { Diagnose } from "./diagnose.js" */

export class DimensionsExhibit {
  constructor() {
    this.said = element("p", { class: "dg-said" });
    this.list = element("ol", { class: "dg-dimensions" });
    this.root = element("div", { class: "dg-exhibit" }, this.said, this.list);
  }

  stop() {}

  /** @type {(page: Diagnose) => void} */
  show({ data: { evidence: { dimensions: found }, working } }) {
    this.list.replaceChildren();
    if (!found) {
      this.said.textContent = working ? "measuring every image …" : "Nothing is known of single dimensions.";
      return;
    }
    const values = found.kl ?? found.spread;
    const known = found.kl !== null;
    this.said.textContent = known
      ? "KL(q(z|x) ‖ p(z)) of each dimension, nats per image. A dimension is used where its means differ " +
        "between images: where their variance is over 0.01."
      : "The variance of each dimension's codes over the images. The KL of single dimensions is not defined " +
        "for this model.";
    const order = values.map((_, i) => i).sort((i, j) => values[j] - values[i]);
    const most = Math.max(...values, 1e-9);
    this.list.append(...order.map((i) => row(i, values[i], most, found.used[i], known ? "nats" : "")));
  }
}

/** @type {(i: number, value: number, most: number, used: boolean, unit: string) => HTMLElement} */
function row(i, value, most, used, unit) {
  const bar = element("div", { class: `dg-bar ${used ? "dg-bar-elbo" : "dg-bar-log"}` });
  bar.style.width = `${Math.max(0.5, (100 * value) / most)}%`;
  const track = element("div", { class: "dg-track", "aria-hidden": "true" }, bar);
  const words = `${shownNumber(value, 2)}${unit && ` ${unit}`}${used ? "" : " · not used"}`;
  return element("li", { class: "dg-dimension" },
    element("span", { class: "dg-name", textContent: `z${i + 1}` }), track,
    element("span", { class: "dg-amount", textContent: words }));
}
