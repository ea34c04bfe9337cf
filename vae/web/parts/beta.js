// The slider of a model that is told β: how much the rate costs, and what comes of it.

import { element, shownNumber } from "./dom.js";
import { rateAt } from "../core/rates.js";

/** @import { Decoder, NetworkHeader } from "../core/header.js" */

/** @typedef {{move(beta: number): void, rest(): void, settle(): void}} BetaActions */
/** @typedef {{show(beta: number): void}} BetaSlider */

/** @type {Record<string, number | undefined>} */
const KEY_STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const PARTS = 100; // key steps over the whole range
const NEAR_ONE = 0.03; // of log β: so near to 1 the slider stands at 1

/**
 * Fill `box` for a model, empty and hidden for one of a single β. `act.move(beta)` follows the
 * hand, `act.rest()` hears that it let go, `act.settle()` that a key moved. Returns {show(beta)}.
 * @type {(box: HTMLElement, net: Decoder, prefix: string, act: BetaActions) => BetaSlider}
 */
export function createBeta(box, { header, remote }, prefix, act) {
  const range = remote ? null : header.betas;
  box.hidden = !range;
  if (!range) {
    box.replaceChildren();
    return { show: () => {} };
  }
  const [low, high] = range.map(Math.log);
  const input = element("input", {
    type: "range",
    min: String(low),
    max: String(high),
    step: "any",
    "aria-label": `${prefix}β, the weight of the rate`,
    title: "β: what a nat of rate costs in nats of distortion",
  });
  input.style.setProperty("--pad-zero", `calc(8px + ${-low / (high - low)} * (100% - 16px))`);
  const number = element("output", { class: "pad-number" });
  const name = element("span", { class: "pad-name", "aria-hidden": "true", textContent: "β" });
  const line = element("p", { class: "pad-rate" });
  box.replaceChildren(element("div", { class: "pad-slider" }, name, input, number), line);
  listen(input, range, act);
  /** @type {(beta: number) => void} */
  const show = (beta) => {
    const at = Math.log(beta);
    if (Math.abs(Number(input.value) - at) > NEAR_ONE) input.value = String(at);
    number.textContent = shownBeta(beta);
    input.setAttribute("aria-valuetext", shownBeta(beta));
    line.replaceChildren(...words(header, beta));
  };
  return { show };
}

/** β in three digits. @type {(beta: number) => string} */
export function shownBeta(beta) {
  return String(Number(beta.toPrecision(3)));
}

/** @type {(header: NetworkHeader, beta: number) => (string | HTMLElement)[]} */
function words({ rates, split, z_dim: zDim }, beta) {
  if (!rates) return [];
  const { rate, distortion, active, measured } = rateAt(rates, beta);
  const costs = `rate ${shownNumber(rate)} · distortion ${shownNumber(distortion)} nats per image`;
  const how = measured ? "" : ", interpolated";
  const used = `${active} of ${zDim} dimension${zDim > 1 ? "s" : ""} active`;
  const note = element("span", { class: "pad-small", textContent: ` (${split ?? "test"}${how})` });
  return [element("span", { textContent: costs }), element("span", {}, used, note)];
}

/** @type {(input: HTMLInputElement, range: number[], act: BetaActions) => void} */
function listen(input, [least, largest], act) {
  /** @type {(at: number) => void} */
  const go = (at) => {
    const beta = Math.min(largest, Math.max(least, Math.exp(at)));
    act.move(Math.abs(at) < NEAR_ONE ? 1 : beta);
  };
  let moved = false;
  input.oninput = () => {
    moved = true;
    go(Number(input.value));
  };
  input.onpointerup = input.onchange = () => {
    if (moved) act.rest();
    moved = false;
  };
  input.onkeydown = (event) => {
    const step = KEY_STEPS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const steps = step * (event.shiftKey ? 10 : 1);
    input.value = String(Number(input.value) + (steps * Math.log(largest / least)) / PARTS);
    go(Number(input.value));
    act.settle();
  };
}
