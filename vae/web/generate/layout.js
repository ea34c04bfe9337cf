// The Generate page's skeleton, and the controls that several views have.

import { button, choice, element } from "../parts/dom.js";
import { loadingWords } from "../parts/load.js";
import { isView, TEMPERATURE, VIEWS } from "./state.js";

/** @import { ViewName } from "./state.js" */

/** @typedef {ReturnType<typeof buildLayout>} GenerateRefs */

export const HELP = [
  ["press a picture", "see it large, with its z"],
  ["← → ↑ ↓, Enter", "go from picture to picture, see it large"],
  ["drag, wheel, pinch", "on the manifold: move and zoom; with keys the arrows, + and −, 0"],
  ["r", "other draws"],
  ["Esc", "close the large picture"],
  ["?", "this help"],
];

/** @type {(root: HTMLElement, choose: (view: ViewName) => void) => {root: HTMLElement, views: ReturnType<typeof choice>, main: HTMLElement, rate: HTMLElement, side: HTMLElement, stage: HTMLElement, without: HTMLElement, notice: HTMLElement, noticeWords: HTMLElement, again: HTMLButtonElement, title: HTMLElement, share: HTMLButtonElement, help: HTMLButtonElement, live: HTMLElement}} */
export function buildLayout(root, choose) {
  const views = choice("view", VIEWS, (name) => isView(name) && choose(name));
  views.root.classList.add("gen-views");
  const main = element("div", { class: "gen-main" }, loadingWords());
  const rate = element("div", { class: "gen-part gen-rate", hidden: true });
  const side = element("div", { class: "gen-side" }, rate);
  const stage = element("div", { class: "gen-stage" }, main, side);
  const without = element("p", { class: "gen-without", hidden: true });
  const noticeWords = element("span", {});
  const again = button("try again", { hidden: true });
  const notice = element("div", { class: "pad-notice", role: "alert", hidden: true }, noticeWords, again);
  const title = element("span", { class: "pad-title" });
  const share = button("share", { title: "copy a link to this page as it is" });
  const help = button("?", { class: "pad-button pad-square", "aria-label": "help", title: "how to move (key ?)" });
  const live = element("p", { class: "pad-live", "aria-live": "polite" });
  const top = element("div", { class: "pad-top" }, title, share, help);
  root.replaceChildren(top, notice, views.root, without, stage, live);
  return { root, views, main, rate, side, stage, without, notice, noticeWords, again, title, share, help, live };
}

/** @typedef {{root: HTMLElement, show: (value: number, unit: string, fixed: string) => void}} TemperatureSlider */

/**
 * The slider of the temperature: `move(value)` follows the hand, `rest()` hears that it let go.
 * @type {(move: (value: number) => void, rest: () => void) => TemperatureSlider}
 */
export function temperatureSlider(move, rest) {
  const { least, most } = TEMPERATURE;
  const input = element("input", {
    type: "range", min: String(least), max: String(most), step: "0.01", "aria-label": "temperature",
  });
  const number = element("output", { class: "pad-number" });
  const name = element("span", { textContent: "temperature", "aria-hidden": "true" });
  const line = element("div", { class: "pad-slider gen-slider" }, name, input, number);
  const words = element("p", { class: "gen-words" });
  input.style.setProperty("--pad-zero", `calc(9px + ${(1 - least) / (most - least)} * (100% - 18px))`);
  input.oninput = () => move(Number(input.value));
  input.onchange = rest;
  return {
    root: element("div", { class: "gen-part" }, line, words),
    show(value, unit, fixed) {
      input.disabled = fixed !== "";
      if (Number(input.value) !== value) input.value = String(value);
      number.textContent = value.toFixed(2);
      words.textContent = fixed || unit;
    },
  };
}

/** A labelled part of the controls. @type {(name: string, ...children: (Node | string)[]) => HTMLElement} */
export function labelled(name, ...children) {
  return element("label", { class: "gen-line" }, element("span", { textContent: name }), ...children);
}
