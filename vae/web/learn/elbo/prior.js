// What a better prior buys. The plane shows where all images' codes lie against the prior; the bars
// take a model's KL apart, and hold two models against each other.

import { classColour } from "../../parts/theme.js";
import { element, shownNumber } from "../../parts/dom.js";
import { fillIn } from "../fill_in.js";

/** @import { Points } from "../../core/header.js" */
/** @import { Look, Say, Station } from "./station.js" */

const SHOWN = 2500; // codes that are drawn

/** @typedef {Record<string, number | string>} Facts */

/** @implements {Station} */
export class PriorStation {
  wide = true;
  /** @type {Look | null} */
  #look = null;

  /** @param {Say} say @param {Facts} facts @param {Points | null} points @param {() => void} redraw of the plane */
  constructor(say, facts, points, redraw) {
    this.points = points;
    this.redraw = redraw;
    /** @type {(name: string) => number} */
    const fact = (name) => Number(facts[name]);
    const rate = fact("rate");
    this.root = element("div", { class: "ln-station" },
      element("p", { class: "ln-name", textContent: say.rate_name }),
      bar(say.informs, fact("informs"), 0, rate, "ln-bar-quiet"),
      bar(say.apart, fact("apart"), fact("informs"), rate, "ln-bar-accent"),
      bar(say.vamp, fact("vamp_apart"), fact("informs"), rate, "ln-bar-quiet"),
      element("p", { class: "ln-equal", textContent: fillIn(say.prior_fits, { apart: shownNumber(fact("apart"), 2), stderr: shownNumber(fact("apart_stderr"), 2) }) }),
      element("p", { class: "ln-name", textContent: say.flow_name }),
      bar(say.plain, fact("plain_loss"), 0, fact("plain_loss"), "ln-bar-quiet"),
      bar(say.flow, fact("flow_loss"), 0, fact("plain_loss"), "ln-bar-accent"),
      element("p", { class: "ln-equal", textContent: fillIn(say.flow_line, {
        saves: shownNumber(fact("flow_saves"), 1), plain: fact("plain_epochs"), flow: fact("flow_epochs"), tested: fact("tested").toLocaleString("en"),
      }) }));
  }

  leave() {}

  /** @type {(look: Look) => void} */
  show(look) {
    this.#look = look;
    this.redraw();
  }

  /** @type {NonNullable<Station["above"]>} */
  above(context, { toScreen }) {
    const [points, theme] = [this.points, this.#look?.theme];
    if (!points || !theme) return;
    context.save();
    context.globalAlpha = 0.75;
    for (let row = 0; row < Math.min(points.count, SHOWN); row++) {
      const [x, y] = toScreen(points.loc[2 * row], points.loc[2 * row + 1]);
      context.fillStyle = classColour(points.label[row], theme);
      context.fillRect(x - 1.2, y - 1.2, 2.4, 2.4);
    }
    context.restore();
  }
}

/** A bar from one value on, on a scale that ends at another. @type {(name: string, value: number, from: number, end: number, kind: string) => HTMLElement} */
function bar(name, value, from, end, kind) {
  const length = element("div", { class: `dg-bar ${kind}` });
  length.style.left = `${(100 * from) / end}%`;
  length.style.width = `${(100 * value) / end}%`;
  return element("div", { class: "dg-row" },
    element("span", { class: "dg-term", textContent: name }),
    element("output", { class: "dg-value", textContent: shownNumber(value, 2) }),
    element("div", { class: "dg-track", "aria-hidden": "true" }, length));
}
