// The last view: a row for each class, a column for each style; the same z in all rows, or the same
// noise where each class has a prior of its own.

import { className } from "../core/told.js";
import { button, element, shownVector } from "../parts/dom.js";
import { temperatureSlider } from "./layout.js";
import { noiseOf } from "../core/source.js";
import { saveButtons } from "./save.js";
import { WallView } from "./wall_view.js";

/** @import { Generate, Opened } from "./generate.js" */

const STYLES = 10;
const NOT_TOLD = "This model is told no class: its prior draws images of all classes alike, and none of " +
  "them can be asked for. Choose a conditional model to see a row for each class.";

const ONE_PRIOR = "A row is a class, a column is one z: the same style in every class.";
const OWN_PRIOR = "A row is a class. A column is one draw of noise, which the normal of each class scales and moves to " +
  "its own z.";

export class ByClass extends WallView {
  /** @param {Generate} page */
  constructor(page) {
    super(page);
    this.temperature = temperatureSlider((value) => this.#warm(value), () => page.rest());
    this.words = element("p", { class: "gen-words" });
    const fresh = button("new styles", { title: "another seed (key r)", onclick: () => page.reseed() });
    this.side = element("div", { class: "gen-controls" }, this.temperature.root, this.words, element("div", { class: "gen-line" }, fresh),
      saveButtons(() => this.wall.kept(`${page.named} by class seed ${page.state.seed}`)));
  }

  /** @type {(opened: Opened) => string | null} */
  open({ net, many }) {
    this.wall.setModel(net, many);
    this.words.textContent = net.header.latent.by_class ? OWN_PRIOR : ONE_PRIOR;
    return net.classes ? null : NOT_TOLD;
  }

  draw() {
    const { opened, state, source } = this.page;
    if (!opened || !source) return;
    const { net } = opened;
    const temperature = source.fixed ? 1 : state.temperature;
    this.temperature.show(temperature, source.warmth, source.fixed);
    const styles = noiseOf(state.seed, STYLES, net.zDim);
    const rows = Array.from({ length: net.classes }, (_, label) => className(net.header, label));
    const cells = rows.flatMap((name, label) => styles.map((noise, k) => {
      const z = source.place(noise, temperature, label);
      return { z, label, name: `${name}, style ${k + 1}: z = ${shownVector(z, 2, 3)}` };
    }));
    this.wall.show({ count: cells.length, columns: STYLES, rows, tall: net.classes > 16 }, cells);
  }

  /** @type {(value: number) => void} */
  #warm(value) {
    this.page.state.temperature = value;
    this.draw();
  }
}
