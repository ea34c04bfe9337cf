// The uppermost row: what each model is, and the slider of one that is told β.

import { createBeta } from "../parts/beta.js";
import { element } from "../parts/dom.js";
import { Row } from "./row.js";

/** @import { BetaSlider } from "../parts/beta.js" */
/** @import { Column } from "./column.js" */
/** @import { Compare } from "./compare.js" */

export class NamesRow extends Row {
  /** @type {WeakMap<Column, {head: HTMLElement, kind: HTMLElement, box: HTMLElement, slider: BetaSlider | null}>} */
  heads = new WeakMap();

  /** @param {Compare} page @param {HTMLElement} tools */
  constructor(page, tools) {
    super("models", "");
    this.page = page;
    this.root.setAttribute("aria-label", "models");
    this.head.append(tools);
  }

  drawHead() {}

  /** @type {(column: Column) => void} */
  draw(column) {
    const cell = this.cell(column);
    const made = this.heads.get(column) ?? {
      head: element("h2", { class: "cmp-title", textContent: column.title }),
      kind: element("p", { class: "cmp-note" }),
      box: element("div", { class: "pad-rate-box", hidden: true }),
      slider: null,
    };
    this.heads.set(column, made);
    const { drawing, data } = column;
    const size = drawing?.net.zDim;
    const kind = data.wrong === undefined ? data.kind : "";
    made.kind.textContent = size ? `${kind} · ${size} dimension${size > 1 ? "s" : ""}` : kind;
    cell.show("", made.head, made.kind, made.box);
    // the slider moves the map too, so it waits for that
    if (!drawing || !column.complete || made.slider) return;
    made.slider = createBeta(made.box, drawing.net, `${column.title}: `, {
      move: (beta) => this.page.setBeta(column, beta),
      rest: () => {},
      settle: () => {},
    });
    made.slider.show(column.beta);
  }
}
