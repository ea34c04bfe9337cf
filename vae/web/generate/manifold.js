// The manifold as a map to fly over: what the decoder makes of a plane of z, without end.

import { headerOfClass } from "../core/class_prior.js";
import { dimensionOrder, isDead } from "../core/latent.js";
import { className } from "../core/told.js";
import { button, choice, element, menu, setOptions, shownNumber, shownVector } from "../parts/dom.js";
import { numbersText } from "../parts/query.js";
import { checkedView } from "../plane/view.js";
import { evenChart, fittedChart, knownDensity, quantileChart, usualReach } from "./chart.js";
import { listenToFlight } from "./flight.js";
import { labelled } from "./layout.js";
import { Pixels } from "../pictures/pixels.js";
import { saveButtons } from "./save.js";
import { Sky } from "./sky.js";
import { noiseOf } from "../core/source.js";
import { seen } from "./tiles.js";

/** @import { Chart } from "./chart.js" */
/** @import { Generate, Opened } from "./generate.js" */

const LEAST_SPAN = 1e-6; // of the map's own units: below, float32 tells no two places apart
const GREATEST_SPAN = 1e4;
const DRAW = "draw"; // through the first draw of the seed

export class Manifold {
  /** @type {Chart | null} */
  chart = null;
  #label = 0;

  /** @param {Generate} page */
  constructor(page) {
    this.page = page;
    this.canvas = element("canvas", {
      class: "gen-sky", tabIndex: 0, role: "img", "data-testid": "manifold",
    });
    this.caption = element("p", { class: "gen-caption" });
    this.main = element("div", { class: "gen-view gen-flight" }, this.canvas, this.caption);
    this.sky = new Sky(this.canvas, (done) => {
      this.#describe(done);
      page.drawn(done);
    });
    this.stopListening = listenToFlight(this.canvas, this.#hand());
    this.steps = choice("steps of the map", { equal: "equal probability", even: "equal length" }, (steps) =>
      this.#keep({ steps: steps === "even" ? "even" : null, map: null }));
    this.axes = ["across", "up"].map((name) => menu(`dimension ${name}`, [], () => this.#axed()));
    this.axesLine = element("div", { class: "gen-line" }, labelled("across", this.axes[0]), labelled("up", this.axes[1]));
    this.through = choice("the plane goes through", { origin: "the middle", [DRAW]: "a draw" }, (through) => {
      if (through === DRAW) page.reseed();
      this.#keep({ through: through === DRAW ? DRAW : null });
    });
    this.classes = menu("class", [], () => this.#keep({ class: this.classes.value }));
    this.classLine = labelled("class", this.classes);
    this.words = element("p", { class: "gen-words" });
    const zoom = ["−", "+"].map((text, k) =>
      button(text, { class: "pad-button pad-square", "aria-label": k ? "zoom in" : "zoom out", onclick: () => this.#zoom(k ? 1.5 : 1 / 1.5) }));
    const fit = button("fit", { title: "all of it (key 0)", onclick: () => this.#fit() });
    this.side = element("div", { class: "gen-controls" }, element("div", { class: "gen-line" }, ...zoom, fit),
      this.steps.root, this.words, this.axesLine, this.through.root, this.classLine, saveButtons(() => this.#kept()));
  }

  #hand() {
    return {
      pan: (/** @type {number} */ dx, /** @type {number} */ dy) => {
        const { cx, cy, span } = this.sky.view;
        this.#look(cx - dx / this.sky.unit, cy + dy / this.sky.unit, span);
      },
      zoom: (/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) => this.#zoom(factor, x, y),
      press: (/** @type {number} */ x, /** @type {number} */ y) => this.#press(x, y),
      hover: (/** @type {number} */ x, /** @type {number} */ y) => this.#hover(x, y),
      fit: () => this.#fit(),
      rest: () => this.#rest(),
    };
  }

  stop() {
    this.sky.stop();
  }

  resized() {
    this.sky.refresh();
  }

  again() {
    this.through.buttons[DRAW].click();
  }

  /** @type {(opened: Opened) => string | null} */
  open({ net }) {
    const { header, zDim } = net;
    const known = knownDensity(header);
    this.steps.buttons.equal.disabled = !known;
    this.steps.buttons.equal.title = known ? "" : "the page does not know the density of this prior";
    const order = dimensionOrder(header);
    const options = order.map((i) => [String(i), isDead(header, i) ? `z${i + 1} (unused)` : `z${i + 1}`]);
    for (const axis of this.axes) setOptions(axis, options);
    this.axesLine.hidden = this.through.root.hidden = zDim <= 2;
    this.classLine.hidden = !net.classes;
    setOptions(this.classes, Array.from({ length: net.classes }, (_, label) => [String(label), className(header, label)]));
    this.chart = null;
    return null;
  }

  /** Dimensions across and up. @type {() => [number, number]} */
  dims() {
    const { opened, state } = this.page;
    if (!opened) return [0, 1];
    const { zDim, header } = opened.net;
    const asked = (state.more.plane ?? "").split(",").map(Number);
    const good = asked.length === 2 && asked[0] !== asked[1] && asked.every((i) => Number.isInteger(i) && i >= 0 && i < zDim);
    const [i, j] = good ? asked : zDim === 2 ? [0, 1] : dimensionOrder(header);
    return [i, j ?? 1];
  }

  draw() {
    const { opened, state } = this.page;
    if (!opened) return;
    const { net, many } = opened;
    this.#label = Number(state.more.class) < net.classes ? Number(state.more.class ?? 0) : 0;
    const label = net.classes ? this.#label : null;
    const header = headerOfClass(net.header, label);
    const known = knownDensity(header);
    const even = !known || state.more.steps === "even";
    const [i, j] = this.dims();
    const { middle, spread } = usualReach(header);
    const z = this.#centre(middle, label);
    const { fitted } = header.latent;
    const equal = known && !even;
    this.chart = equal && fitted ? fittedChart(fitted, z, i, j)
      : equal ? quantileChart(known, z, i, j)
      : evenChart(z, i, j, [middle[i], middle[j] ?? 0], Math.max(spread[i], spread[j] ?? 0));
    this.sky.view = this.#viewOfAddress() ?? this.chart.first;
    this.sky.setScene({ net, many, chart: this.chart, label });
    this.steps.set(even ? "even" : "equal");
    this.through.set(state.more.through === DRAW ? DRAW : "origin");
    [this.axes[0].value, this.axes[1].value] = [String(i), String(j)];
    this.classes.value = String(this.#label);
    this.words.textContent = this.#stepWords(Boolean(known), even);
  }

  /** The decoder was told another β: where its pictures lie is as before, if the prior alone says so. */
  decodeAnew() {
    if (this.page.opened?.net.header.latent.rings) this.sky.renew();
    else this.draw();
  }

  /** @type {(known: boolean, even: boolean) => string} */
  #stepWords(known, even) {
    if (!known) return "The page knows only draws of this prior, no density: the map has steps of equal length.";
    if (even) return "Steps of equal length in z: the map has no end.";
    const { has_density: hasDensity, latent } = this.page.opened?.net.header ?? {};
    const prior = latent?.by_class ? "the class's prior" : "the prior";
    const of = hasDensity ? prior : "a normal fitted to the codes (this model has no prior)";
    return `Between two neighbours lies the same probability of ${of}: the map shows all of it, zoom for more.`;
  }

  /** The z that the plane goes through. @type {(middle: Float64Array, label: number | null) => Float64Array} */
  #centre(middle, label) {
    const { source, state } = this.page;
    const drawn = state.more.through === DRAW && middle.length > 2;
    return source && drawn ? source.place(noiseOf(state.seed, 1, middle.length)[0], 1, label) : middle;
  }

  /** @returns {import("../plane/view.js").View | null} */
  #viewOfAddress() {
    const [cx, cy, span] = (this.page.state.more.map ?? "").split(",").map((text) => (text ? Number(text) : NaN));
    return [cx, cy, span].every(Number.isFinite) && span > 0 ? checkedView(cx, cy, span) : null;
  }

  // ---- the hand ---------------------------------------------------------------------------

  /** @type {(cx: number, cy: number, span: number) => void} */
  #look(cx, cy, span) {
    const kept = Math.min(GREATEST_SPAN, Math.max(LEAST_SPAN, span));
    const [x, y] = this.chart?.bounded ? [cx, cy].map((one) => Math.min(1, Math.max(0, one))) : [cx, cy];
    this.sky.view = checkedView(x, y, Math.min(kept, this.chart?.bounded ? 2 : Infinity));
    this.sky.refresh();
  }

  /** @type {(factor: number, x?: number, y?: number) => void} */
  #zoom(factor, x = this.sky.room.width / 2, y = this.sky.room.height / 2) {
    const [s, t] = this.sky.toMap(x, y);
    const { cx, cy, span } = this.sky.view;
    this.#look(s + (cx - s) / factor, t + (cy - t) / factor, span / factor);
    if (arguments.length === 1) this.#rest();
  }

  /** What a file of the pictures in view holds. */
  #kept() {
    const { opened } = this.page;
    const { chart, sky } = this;
    if (!opened || !chart) return null;
    const { columns, middles } = sky.middles();
    const label = opened.net.classes ? this.#label : null;
    const cells = middles.map(([s, t]) => ({ z: chart.place(s, t), label, name: "" }))
      .flatMap(({ z, ...cell }) => (z ? [{ z, ...cell }] : []));
    if (!cells.length) return null;
    const pixels = new Pixels(columns, Math.ceil(cells.length / columns), opened.net.shape);
    opened.many.decode(cells.map(({ z }) => z), () => label, (values, k) => pixels.put(k, values));
    pixels.ready();
    return { name: `${this.page.named} manifold`, canvas: pixels.canvas, columns, cells };
  }

  #fit() {
    if (!this.chart) return;
    this.sky.view = { ...this.chart.first };
    this.sky.refresh();
    this.#keep({ map: null }, false);
  }

  #rest() {
    const { cx, cy, span } = this.sky.view;
    this.#keep({ map: numbersText([cx, cy, span]) }, false);
  }

  /** @type {(x: number, y: number) => void} */
  #press(x, y) {
    const { opened, card } = this.page;
    const z = this.#at(x, y);
    if (!opened || !z) return;
    const label = opened.net.classes ? this.#label : null;
    card.showPlace({ z, label, name: `a place of the manifold: z = ${shownVector(z, 2, 3)}` }, this.canvas);
  }

  /** @type {(x: number, y: number) => Float64Array | null} */
  #at(x, y) {
    return this.chart?.place(...this.sky.middleAt(...this.sky.toMap(x, y))) ?? null;
  }

  /** @type {(x: number, y: number) => void} */
  #hover(x, y) {
    const z = this.#at(x, y);
    this.canvas.title = z ? `z = ${shownVector(z, 2, 6)}` : "";
  }

  // ---- words and the address --------------------------------------------------------------

  /** @type {(more: Record<string, string | null>, draw?: boolean) => void} */
  #keep(more, draw = true) {
    this.page.state.more = { ...this.page.state.more, ...more };
    if (draw) this.draw();
    this.page.rest();
  }

  #axed() {
    const [i, j] = this.axes.map((axis) => axis.value);
    const [a, b] = this.dims().map(String);
    // the same dimension on both axes: they change places
    this.#keep({ plane: i !== j ? `${i},${j}` : i === b ? `${i},${a}` : `${b},${i}`, map: null });
  }

  /** @type {(done: boolean) => void} */
  #describe(done) {
    const { chart, sky } = this;
    if (!chart || !sky.room.width) return;
    // on a bounded map to the middles of its outermost pictures
    const [s0, s1, t0, t1] = seen(sky.view, sky.room).map((one) => {
      const edge = sky.step / 2;
      return chart.bounded ? Math.min(1 - edge, Math.max(edge, one)) : one;
    });
    const [low, high] = [chart.values(s0, t0), chart.values(s1, t1)];
    const digits = Math.max(1, Math.min(7, Math.ceil(1 - Math.log10(Math.abs(high[0] - low[0]) || 1))));
    const names = this.dims().map((d) => `z${d + 1}`);
    const spans = low.map((value, k) => `${names[k]} ${shownNumber(value, digits)} to ${shownNumber(high[k], digits)}`);
    this.caption.textContent = `${spans.join(" · ")} · ${sky.count} pictures${done ? "" : " …"}`;
    this.canvas.setAttribute("aria-label", `decoded pictures over the latent plane: ${spans.join(", ")}`);
  }
}
