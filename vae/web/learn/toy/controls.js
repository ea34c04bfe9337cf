// What the hand may do to the training: step, run, start again, learning rate and β.

import { button, element } from "../../parts/dom.js";

/** A slider over powers of ten. @typedef {{name: string, symbol: string, low: number, high: number, value: number}} Range */

/** @typedef {{root: HTMLElement, set: (value: number) => void}} Slider */

const PARTS = 8; // of a power of ten

/** @type {(range: Range, change: (value: number) => void) => Slider} */
export function slider({ name, symbol, low, high, value }, change) {
  const input = element("input", {
    type: "range", min: String(Math.round(PARTS * Math.log10(low))), max: String(Math.round(PARTS * Math.log10(high))), step: "1", "aria-label": name,
  });
  const said = element("output", { class: "toy-number" });
  /** @type {(value: number) => void} */
  const show = (now) => {
    said.textContent = written(now);
    input.setAttribute("aria-valuetext", written(now));
  };
  /** @type {Slider["set"]} */
  const set = (now) => {
    input.value = String(Math.round(PARTS * Math.log10(now)));
    show(now);
  };
  input.oninput = () => {
    const now = Number((10 ** (Number(input.value) / PARTS)).toPrecision(2));
    show(now);
    change(now);
  };
  set(value);
  return { root: element("label", { class: "toy-slider", "data-symbol": symbol }, element("span", { textContent: name }), input, said), set };
}

/** @type {(value: number) => string} */
const written = (value) => String(Number(value.toPrecision(2)));

/** @typedef {{step: string, run: string, pause: string, restart: string}} Words */

/** @typedef {{root: HTMLElement, running: (on: boolean) => void}} Buttons */

/** @type {(words: Words, act: {step: () => void, run: () => void, restart: () => void}) => Buttons} */
export function buttons(words, act) {
  const [step, run, restart] = [
    button(words.step, { onclick: act.step, "data-testid": "toy-step" }),
    button(words.run, { onclick: act.run, class: "pad-button toy-run", "data-testid": "toy-run" }),
    button(words.restart, { onclick: act.restart, "data-testid": "toy-restart" }),
  ];
  return {
    root: element("div", { class: "toy-buttons" }, run, step, restart),
    running: (on) => {
      run.textContent = on ? words.pause : words.run;
      step.disabled = on;
    },
  };
}
