// What a drag over the chart does, and the buttons beside: the whole map, a link to the picture.

import { button, element, setPressed } from "../parts/dom.js";

/**
 * @typedef {object} ToolActions
 * @property {(tool: string) => void} take
 * @property {() => void} whole
 * @property {(pressed: HTMLElement) => void} share
 */

/** @type {Record<string, string>} */
const CHART_TOOLS = { lasso: "Lasso", select: "Box", pan: "Move", zoom: "Zoom" };

/** The row of tools; `act.take(tool)`, `act.whole()` and `act.share(pressed)` hear the buttons. */
export class ChartTools {
  /** @param {ToolActions} act */
  constructor(act) {
    this.act = act;
    this.root = element("div", { class: "chart-tools", role: "group", "aria-label": "what a drag does" });
    /** @type {string | false} */
    this.tool = false;
    /** @type {string | null} */
    this.offered = null;
    /** @type {HTMLButtonElement[]} */
    this.made = [];
  }

  /**
   * Offer these tools, the first one chosen unless the chosen one is among them; returns it.
   * @type {(tools: string[], shared: boolean) => string | false}
   */
  offer(tools, shared) {
    this.root.hidden = !tools.length;
    if (!this.tool || !tools.includes(this.tool)) this.tool = tools[0] ?? false;
    if (this.offered !== tools.join()) this.fill(tools, shared);
    this.offered = tools.join();
    return this.tool;
  }

  /** @type {(tools: string[], shared: boolean) => void} */
  fill(tools, shared) {
    const { act } = this;
    this.made = tools.map((tool) => {
      const one = button(CHART_TOOLS[tool], { class: "chart-tool" });
      setPressed(one, tool === this.tool);
      one.onclick = () => act.take(tool);
      one.dataset.tool = tool;
      return one;
    });
    const whole = button("whole map", { class: "chart-tool chart-whole", onclick: act.whole });
    const share = button("share", { class: "chart-tool", title: "copy a link to this picture" });
    share.onclick = () => act.share(share);
    this.root.replaceChildren(...this.made, whole, ...(shared ? [share] : []));
  }

  /** @type {(tool: string) => void} */
  choose(tool) {
    this.tool = tool;
    for (const one of this.made) setPressed(one, one.dataset.tool === tool);
  }
}
