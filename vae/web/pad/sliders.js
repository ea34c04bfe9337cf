// One slider per latent dimension, the most informative first.

import { element, shownNumber } from "../parts/dom.js";
import { dimensionOrder, isDead, roundOut, sliderRange } from "../core/latent.js";

/** @import { NetworkHeader, Numbers } from "../core/header.js" */
/** @import { Extent } from "../core/latent.js" */

/**
 * @typedef {object} SliderActions
 * @property {(i: number, value: number) => void} move
 * @property {() => void} rest
 * @property {() => void} settle
 */

/**
 * @typedef {object} Sliders
 * @property {(z: Numbers) => void} show
 * @property {(extent: Extent | null) => void} extend
 * @property {(order: number[]) => void} arrange
 * @property {(header: NetworkHeader) => void} inform says anew what each dimension carries
 */

/** @type {Record<string, number | undefined>} */
const KEY_STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
/** @type {WeakMap<HTMLElement, ResizeObserver>} */
const boxObservers = new WeakMap(); // of each box of sliders, the one that watches its size
const TOLD_NATS = 0.1; // what means of a given spread tell of an image, below which it is nothing
const SLIDER_STEP = 0.05; // standard deviations of the prior a key press or notch of the wheel

/**
 * Fill `refs.sliders` with a model's sliders; `refs.more` says how many lie below the box's edge.
 * `act.move(i, value)` follows the hand, `act.rest()` hears that it let go, `act.settle()` that a
 * key or the wheel moved. Returns {show(z), extend(extent), arrange(order)}.
 * @type {(refs: {sliders: HTMLElement, more: HTMLElement}, header: NetworkHeader, prefix: string, act: SliderActions) => Sliders}
 */
export function createSliders({ sliders: box, more }, header, prefix, act) {
  const { z_dim: length } = header;
  const rows = Array.from({ length }, (_, i) => new SliderRow(header, i, prefix, act));
  /** @type {(order: number[]) => void} */
  const arrange = (order) => box.replaceChildren(...order.map((i) => rows[i].root));
  arrange(dimensionOrder(header));
  box.scrollTop = 0;
  /** @type {(z: Numbers) => void} */
  const show = (z) => rows.forEach((row, i) => row.show(z[i]));
  /** @type {(extent: Extent | null) => void} */
  const extend = (extent) => rows.forEach((row, i) => row.range(sliderRange(header, i, extent)));
  extend(null);
  countBelow(box, more);
  /** @type {Sliders["inform"]} */
  const inform = (told) => rows.forEach((row) => row.inform(told));
  return { show, extend, arrange, inform };
}

/**
 * Keep `more` at the number of sliders that lie below the edge of a box which scrolls.
 * @type {(box: HTMLElement, more: HTMLElement) => void}
 */
function countBelow(box, more) {
  const count = () => {
    const edge = box.getBoundingClientRect().bottom;
    /** @type {(row: HTMLElement) => boolean} */
    const isBelow = (row) => row.getBoundingClientRect().top + row.offsetHeight / 2 > edge;
    const children = /** @type {HTMLElement[]} */ ([...box.children]);
    const below = children.filter(isBelow).length;
    const scrolls = box.scrollHeight > box.clientHeight + 4;
    more.hidden = !scrolls;
    more.textContent = below ? `${below} more below ↓` : "back to the first ↑";
    more.onclick = () => {
      if (below) box.scrollBy({ top: box.clientHeight - 24 });
      else box.scrollTo({ top: 0 });
    };
    box.classList.toggle("pad-goes-on", scrolls && below > 0);
  };
  box.onscroll = count;
  boxObservers.get(box)?.disconnect();
  const observer = new ResizeObserver(count);
  observer.observe(box);
  boxObservers.set(box, observer);
  count();
}

/**
 * What the dimension carries, in nats; nothing is said where that is not known.
 * @type {(header: NetworkHeader, i: number) => string}
 */
export function informationText(header, i) {
  const kl = header.latent.kl_per_dim;
  const nats = kl ? `KL ${shownNumber(kl[i])} nats` : "";
  if (!isDead(header, i)) return nats;
  if (kl && shownNumber(kl[i]) === shownNumber(0)) return `carries no information (${nats})`;
  const what = isConstant(header, i)
    ? "its mean does not vary: carries no information"
    : "its mean hardly varies: hardly used";
  return nats ? `${nats}, but ${what}` : what;
}

/**
 * Whether dimension i's means lie closer together than its σ can tell apart.
 * @type {(header: NetworkHeader, i: number) => boolean}
 */
function isConstant(header, i) {
  const { loc_std: spread, scale_mean: scale } = header.latent;
  if (!spread || !scale) return false;
  return spread[i] === 0 || (scale[i] > 0 && 0.5 * Math.log1p((spread[i] / scale[i]) ** 2) < TOLD_NATS);
}

/** The slider of one dimension: its name, its value, and what the dimension carries. */
class SliderRow {
  value = NaN;
  low = 0;
  high = 0;

  /**
   * @param {NetworkHeader} header
   * @param {number} i
   * @param {string} prefix
   * @param {SliderActions} act
   */
  constructor(header, i, prefix, act) {
    const text = `z${i + 1}`;
    const said = { "aria-label": `${prefix}${text}`, "data-dimension": i };
    this.input = element("input", { type: "range", step: "any", ...said });
    this.number = element("output", { class: "pad-number" });
    const name = element("span", { class: "pad-name", "aria-hidden": "true", textContent: text });
    this.i = i;
    this.note = element("span", { class: "pad-note" });
    this.root = element("div", { class: "pad-slider" }, name, this.input, this.number, this.note);
    this.inform(header);
    this.listen(i, act);
  }

  /** Say what the dimension carries. @type {(header: NetworkHeader) => void} */
  inform(header) {
    this.note.textContent = informationText(header, this.i);
    this.root.classList.toggle("pad-dead", isDead(header, this.i));
  }

  /** @type {(range: [number, number]) => void} */
  range([low, high]) {
    [this.low, this.high] = [low, high];
    this.widen(this.value);
    if (Number.isFinite(this.value)) this.input.value = String(this.value);
  }

  /** @type {(value: number) => void} */
  show(value) {
    if (value === this.value) return;
    this.value = value;
    const { input } = this;
    if (value < Number(input.min) || value > Number(input.max)) this.widen(value);
    // the control that the hand is on already stands there
    if (Number(input.value) !== value) input.value = String(value);
    this.number.textContent = shownNumber(value);
  }

  /** @type {(value: number) => void} */
  widen(value) {
    const inside = roundOut(Number.isFinite(value) ? value : 0);
    const [low, high] = [Math.min(this.low, inside), Math.max(this.high, inside)];
    [this.input.min, this.input.max] = [String(low), String(high)];
    // the thumb's middle runs from half its width inside one end to half inside the other
    const share = -low / (high - low);
    this.input.style.setProperty("--pad-zero", `calc(8px + ${share} * (100% - 16px))`);
  }

  /** @type {(i: number, act: SliderActions) => void} */
  listen(i, act) {
    const { input } = this;
    /** @type {(count: number) => void} */
    const step = (count) => {
      const value = this.value + count * SLIDER_STEP;
      act.move(i, Math.min(Number(input.max), Math.max(Number(input.min), value)));
      act.settle();
    };
    let moved = false;
    const rest = () => {
      if (moved) act.rest();
      moved = false;
    };
    input.oninput = () => {
      moved = true;
      act.move(i, Number(input.value));
    };
    // a drag that ends where it began changes nothing in the browser's eyes, but the hand let go
    input.onpointerup = input.onchange = rest;
    input.onkeydown = (event) => {
      const steps = KEY_STEPS[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey || steps === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      step(steps * (event.shiftKey ? 10 : 1));
    };
    input.onwheel = (event) => {
      event.preventDefault();
      step(-Math.sign(event.deltaY || event.deltaX) * (event.shiftKey ? 10 : 1));
    };
  }
}
