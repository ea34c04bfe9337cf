// A slider of an exhibit: linear or logarithmic, with what it stands at beside it.

import { element } from "../../parts/dom.js";

/** @typedef {{root: HTMLElement, input: HTMLInputElement, value(): number, set(value: number): void}} Slider */

/**
 * @typedef {object} SliderOptions
 * @property {string} name written before it
 * @property {string} words its accessible name
 * @property {number} low
 * @property {number} high
 * @property {number} value
 * @property {boolean} [log]
 * @property {number} [mark] a value that has a mark of its own
 * @property {number} [step] of the value, where it is not continuous
 * @property {(value: number) => string} shown
 */

const PARTS = 1000;

/** `change(value)` hears of each move of the hand. @type {(options: SliderOptions, change: (value: number) => void) => Slider} */
export function createSlider({ name, words, low, high, value, log = false, step = 0, mark, shown }, change) {
  const input = element("input", { type: "range", min: "0", max: String(PARTS), step: "1", "aria-label": words });
  const number = element("output", { class: "pad-number" });
  const label = element("span", { class: "pad-name", "aria-hidden": "true", textContent: name });
  const root = element("div", { class: "pad-slider" }, label, input, number);
  /** @type {(at: number) => number} */
  const shareOf = (at) => (log ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low));
  input.style.setProperty("--pad-zero", mark === undefined ? "-9px" : `calc(8px + ${shareOf(mark)} * (100% - 16px))`);
  let now = value;
  /** @type {(at: number) => number} */
  const valueOf = (at) => {
    const found = log ? low * (high / low) ** (at / PARTS) : low + ((high - low) * at) / PARTS;
    return step ? Math.round(found / step) * step : found;
  };
  const tell = () => {
    number.textContent = shown(now);
    input.setAttribute("aria-valuetext", shown(now));
  };
  /** @type {Slider["set"]} */
  const set = (next) => {
    now = Math.min(high, Math.max(low, next));
    input.value = String(Math.round(shareOf(now) * PARTS));
    tell();
  };
  input.oninput = () => {
    now = valueOf(Number(input.value));
    tell();
    change(now);
  };
  set(value);
  return { root, input, value: () => now, set };
}
