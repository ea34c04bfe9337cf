// The elements of the exhibit: the pad on the left, a row for each estimator on the right.

import { button, element, switchButton } from "../../parts/dom.js";
import { nameAllIn } from "../parts/lights.js";
import { pathGraph, scoreGraph } from "./graph.js";
import { Scatter } from "./scatter.js";

/** @import { NoisePad } from "./noise_pad.js" */

/**
 * What the hand may do.
 * @typedef {object} Acts
 * @property {() => void} run
 * @property {() => void} dice
 * @property {() => void} restart
 * @property {(on: boolean) => void} baseline
 * @property {(on: boolean) => void} apart
 * @property {(symbol: string | null) => void} light
 */

/** @param {NoisePad} pad @param {Record<string, string>} words @param {Acts} acts */
export function parts(pad, words, acts) {
  const graphs = { score: scoreGraph(/** @type {any} */ (words)), path: pathGraph(/** @type {any} */ (words)) };
  const scatters = { score: new Scatter("rep-score", words.scatter_score), path: new Scatter("rep-path", words.scatter_path) };
  const spreads = { score: element("span", { class: "rep-spread" }), path: element("span", { class: "rep-spread" }) };
  const [original, decoded] = [words.original, words.decoded].map((name) =>
    element("canvas", { class: "learn-picture", role: "img", "aria-label": name }));
  const run = button(words.run, { class: "pad-button rep-run", onclick: acts.run, "data-testid": "rep-run" });
  const baseline = switchButton(words.baseline, false, acts.baseline, { title: words.baseline_note, "data-testid": "rep-baseline" });
  const apart = switchButton(words.apart, false, acts.apart, { title: words.apart_note });
  const strip = element("div", { class: "learn-strip", role: "group", "aria-label": words.images });
  const said = element("p", { class: "rep-said", "data-testid": "rep-said" });
  const bar = element("div", { class: "rep-bar" }, run,
    button(words.dice, { onclick: acts.dice, "data-testid": "rep-dice" }), button(words.restart, { onclick: acts.restart, "data-testid": "rep-restart" }), baseline, apart);
  const hand = element("div", { class: "rep-hand" },
    element("figure", { "data-symbol": "epsilon" }, pad.canvas, element("figcaption", { textContent: words.pad_caption })),
    element("div", { class: "rep-pictures" },
      element("figure", {}, original, element("figcaption", { textContent: words.original })),
      element("figure", {}, decoded, element("figcaption", { textContent: words.decoded }))));
  const rows = /** @type {const} */ (["score", "path"]).flatMap((name) => [
    element("figure", { class: `rep-figure rep-graph-${name}` }, element("figcaption", { class: "rep-title", textContent: words[`title_${name}`] }), graphs[name].root),
    element("figure", { class: `rep-cloud rep-cloud-${name}`, "data-symbol": name }, scatters[name].canvas, element("figcaption", {}, spreads[name])),
  ]);
  const root = element("div", { class: "rep", "data-testid": "reparameterization" }, bar, hand, ...rows, said, strip);
  nameAllIn(root, acts);
  return { root, run, baseline, strip, said, original, decoded, graphs, scatters, spreads };
}
