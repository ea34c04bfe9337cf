// What the exhibit of the cloud stands on.

import { button, choice, element } from "../../parts/dom.js";

/** @typedef {ReturnType<typeof cloudParts>} CloudRefs */

/** @param {Record<string, string>} words @param {(view: string) => void} look */
export function cloudParts(words, look) {
  const plane = element("canvas", { class: "cloud-plane", role: "img", "aria-label": words.plane });
  const view = choice(words.plane, { near: words.near, map: words.map }, look);
  const original = element("canvas", { class: "learn-picture", role: "img", "aria-label": words.original_name });
  const originalWords = element("figcaption");
  const draws = element("canvas", { class: "cloud-draws", role: "img", "aria-label": words.draws, "data-testid": "cloud-draws" });
  const again = button(words.again);
  const chart = element("canvas", { class: "cloud-chart", "aria-hidden": "true" });
  const slider = element("input", { type: "range", min: "-1", max: "1", step: "0.02", value: "0", "aria-label": words.slider });
  const times = element("output", { class: "cloud-times" });
  const numbers = element("p", { class: "learn-numbers" });
  const strip = element("div", { class: "learn-strip", role: "group", "aria-label": words.images });
  const caption = element("p", { class: "learn-small cloud-caption" });
  const root = element("div", { class: "cloud" },
    element("div", { class: "cloud-plane-box" }, plane, element("div", { class: "pad-corner" }, view.root)),
    element("div", { class: "cloud-pictures" },
      element("figure", { class: "cloud-original" }, original, originalWords),
      element("figure", { class: "cloud-drawn" }, draws, element("figcaption", {}, element("span", { textContent: words.draws }), again))),
    strip,
    element("div", { class: "cloud-control" },
      chart, element("label", { class: "pad-slider cloud-slider" }, slider)),
    element("div", { class: "cloud-numbers" }, times, numbers, caption));
  return { root, plane, view, original, originalWords, draws, again, chart, slider, times, numbers, strip, caption };
}
