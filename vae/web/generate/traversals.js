// One row a dimension of z, which alone takes steps of the prior's probability; or one row a direction
// along which the picture changes most.

import { headerOfClass } from "../core/class_prior.js";
import { dimensionOrder, isDead } from "../core/latent.js";
import { className } from "../core/told.js";
import { button, choice, element, menu, setOptions, shownNumber } from "../parts/dom.js";
import { knownDensity, marginalQuantile, usualReach } from "./chart.js";
import { directionsAt } from "./directions.js";
import { labelled } from "./layout.js";
import { noiseOf } from "../core/source.js";
import { saveButtons } from "./save.js";
import { WallView } from "./wall_view.js";

/** @import { Mixture, NetworkHeader } from "../core/header.js" */
/** @import { Generate, Opened } from "./generate.js" */
/** @import { Cell } from "./wall.js" */

/** A row: its words, and the z of each of its pictures with what to call it. */
/** @typedef {{words: string, title: string, places: {z: Float64Array, name: string}[]}} Row */

const STEPS = 9;
const EDGE = 0.025; // as in vae/latent/paths.py
const SHARES = Array.from({ length: STEPS }, (_, k) => EDGE + (k * (1 - 2 * EDGE)) / (STEPS - 1));
const REACH = 2; // spreads of z that a direction goes to each side
const MOST_ROWS = 10; // before all are asked for
const DRAW = "draw";

export class Traversals extends WallView {
  #all = false;
  #label = 0;

  /** @param {Generate} page */
  constructor(page) {
    super(page);
    this.all = button("all", { onclick: () => this.#showAll() });
    this.rows = choice("rows", { dimensions: "dimensions", directions: "directions" }, (rows) =>
      this.#keep({ rows: rows === "directions" ? rows : null }));
    this.through = choice("through", { origin: "the middle", [DRAW]: "a draw" }, (through) => {
      if (through === DRAW) page.reseed();
      this.#keep({ through: through === DRAW ? DRAW : null });
    });
    this.classes = menu("class", [], () => this.#keep({ class: this.classes.value }));
    this.classLine = labelled("class", this.classes);
    this.words = element("p", { class: "gen-words" });
    this.side = element("div", { class: "gen-controls" }, this.rows.root, this.words,
      element("div", { class: "gen-line" }, this.all),
      element("div", { class: "gen-line" }, element("span", { class: "gen-words", textContent: "through" }), this.through.root), this.classLine,
      saveButtons(() => this.wall.kept(`${page.named} traversals`)));
  }

  again() {
    this.through.buttons[DRAW].click();
  }

  /** @type {(opened: Opened) => string | null} */
  open({ net, many }) {
    this.wall.setModel(net, many);
    this.#all = false;
    this.classLine.hidden = !net.classes;
    setOptions(this.classes, Array.from({ length: net.classes }, (_, label) => [String(label), className(net.header, label)]));
    return null;
  }

  draw() {
    const { opened, state } = this.page;
    if (!opened) return;
    const { net } = opened;
    const asked = Number(state.more.class ?? 0);
    this.#label = asked < net.classes ? asked : 0;
    const directions = state.more.rows === "directions";
    const z = this.#centre(opened);
    const found = directions ? this.#directions(opened, z) : this.#dimensions(opened, z);
    this.rows.set(directions ? "directions" : "dimensions");
    this.through.set(state.more.through === DRAW ? DRAW : "origin");
    this.classes.value = String(this.#label);
    this.words.textContent = directions ? DIRECTION_WORDS : dimensionWords(net.header);
    const shown = this.#all ? found : found.slice(0, MOST_ROWS);
    this.all.hidden = found.length <= MOST_ROWS;
    this.all.textContent = this.#all ? `show ${MOST_ROWS} rows` : `show all ${found.length} rows`;
    const label = net.classes ? this.#label : null;
    /** @type {Cell[]} */
    const cells = shown.flatMap(({ places }) => places.map((place) => ({ ...place, label })));
    const tops = directions ? SPREADS.map((t) => shownNumber(t, 1)) : SHARES.map(percent);
    const rows = shown.map(({ words }) => words);
    this.wall.show({ count: cells.length, columns: STEPS, rows, tops, tall: shown.length > MOST_ROWS }, cells);
  }

  /** What the model says where it is told the chosen class. @type {(opened: Opened) => NetworkHeader} */
  #told({ net: { header, classes } }) {
    return headerOfClass(header, classes ? this.#label : null);
  }

  /** @type {(opened: Opened) => Float64Array} */
  #centre(opened) {
    const { source, state } = this.page;
    const { zDim, classes } = opened.net;
    if (source && state.more.through === DRAW) {
      return source.place(noiseOf(state.seed, 1, zDim)[0], 1, classes ? this.#label : null);
    }
    return usualReach(this.#told(opened)).middle;
  }

  /** @type {(opened: Opened, z: Float64Array) => Row[]} */
  #dimensions(opened, z) {
    const header = this.#told(opened);
    const kl = header.latent.kl_per_dim;
    return dimensionOrder(header).map((i) => {
      const words = isDead(header, i) ? `z${i + 1} unused` : `z${i + 1}${kl ? ` ${shownNumber(kl[i])}` : ""}`;
      const places = SHARES.map((share) => {
        const moved = Float64Array.from(z);
        moved[i] = quantileOf(header, i, share);
        return { z: moved, name: `z${i + 1} = ${shownNumber(moved[i])}` };
      });
      return { words, title: words, places };
    });
  }

  /** @type {(opened: Opened, z: Float64Array) => Row[]} */
  #directions(opened, z) {
    const { net, many } = opened;
    const scale = usualReach(this.#told(opened)).spread;
    const found = directionsAt(many, z, scale, net.classes ? this.#label : null);
    return found.map(({ vector, share }, k) => ({
      words: `${k + 1}. ${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`,
      title: "",
      places: SPREADS.map((t) => {
        const moved = z.map((value, i) => value + t * scale[i] * vector[i]);
        return { z: moved, name: `direction ${k + 1}, ${shownNumber(t, 1)} σ` };
      }),
    }));
  }

  #showAll() {
    this.#all = !this.#all;
    this.draw();
  }

  /** @type {(more: Record<string, string | null>) => void} */
  #keep(more) {
    this.page.state.more = { ...this.page.state.more, ...more };
    this.draw();
    this.page.rest();
  }
}

/** The outermost shares keep a digit more. @type {(share: number) => string} */
function percent(share) {
  const value = 100 * share;
  return value < 5 || value > 95 ? value.toFixed(1) : value.toFixed(0);
}

const SPREADS = Array.from({ length: STEPS }, (_, k) => REACH * ((2 * k) / (STEPS - 1) - 1));
const DIRECTION_WORDS = "A row is a direction in z along which the picture changes most about this place, " +
  "with its share of all change. It goes 2 σ to each side (above, in σ).";

/** @type {(header: NetworkHeader) => string} */
function dimensionWords({ has_density: hasDensity, latent }) {
  const prior = latent.by_class ? "the quantiles of the class's prior" : "the prior's quantiles";
  const through = hasDensity || latent.draws ? prior : "the codes' quantiles";
  const beside = latent.kl_per_dim ? " Beside it stands its KL, in nats per image; the most informative come first." : "";
  return `A row is one dimension of z, which alone goes through ${through} (above, in %).${beside}`;
}

/** @type {(header: NetworkHeader, i: number, share: number) => number} */
function quantileOf(header, i, share) {
  const known = knownDensity(header);
  if (known) return marginalQuantile(known, i, share);
  const values = header.latent.draws?.map((z) => z[i]).sort((a, b) => a - b);
  if (!values) return marginalQuantile({ weight: [1], loc: [[0]], scale: [[1]] }, 0, share);
  // between the two draws around it
  const at = share * (values.length - 1);
  const low = Math.floor(at);
  return values[low] + (at - low) * ((values[low + 1] ?? values[low]) - values[low]);
}
