// The frame of the live view: four pictures, two strips, words; all places are kept from the start.

import { button, choice, element } from "../parts/dom.js";
import { TRAIN_CURVES } from "./curves.js";
import { classColour } from "../parts/theme.js";

/** Build the view below `root` and return its parts by name. */
export function buildTrainLayout(root) {
  const refs = {
    title: element("span", { class: "train-title" }),
    state: element("span", { class: "train-small" }),
    notice: element("p", { class: "train-notice", role: "status", hidden: true }),
    replay: element("div", { class: "train-replay train-unseen" }),
    ...curvesParts(),
    ...mapParts(),
    pairs: picture("train-pairs", "validation images over their reconstructions: none yet"),
    samples: picture("train-samples", "samples of the prior: none yet"),
    pairsNote: note(""),
    samplesNote: note(""),
  };
  const bar = (...parts) => element("div", { class: "train-bar" }, ...parts);
  const curves = element(
    "figure",
    { class: "train-figure train-curves-box" },
    bar(heading("Curves"), refs.switch.root),
    element("div", { class: "train-curves-hold" }, refs.curves),
    refs.readout,
    refs.beta,
    bar(refs.barsName, refs.barsNote),
    refs.bars,
  );
  const corner = element("div", { class: "train-corner" }, refs.zoomIn, refs.zoomOut, refs.fit);
  const map = element(
    "figure",
    { class: "train-figure train-map-box" },
    bar(heading("Latent map"), refs.mapNote),
    element("div", { class: "train-map-hold" }, refs.map, refs.waiting, corner),
    refs.legend,
  );
  const pairs = element("figure", { class: "train-figure" }, heading("Reconstructions"), refs.pairs, refs.pairsNote);
  const samples = element("figure", { class: "train-figure" }, heading("Samples"), refs.samples, refs.samplesNote);
  const head = element("div", { class: "train-head" }, refs.title, refs.state, refs.replay);
  const grid = element("div", { class: "train-grid" }, curves, map);
  const sheets = element("div", { class: "train-sheets" }, pairs, samples);
  root.replaceChildren(head, refs.notice, grid, sheets);
  return refs;
}

function curvesParts() {
  const names = Object.fromEntries(Object.entries(TRAIN_CURVES).map(([key, { name }]) => [key, name]));
  return {
    switch: choice("curve", names, () => {}),
    curves: picture("train-curves", "curves: no report yet"),
    readout: element("p", { class: "train-readout" }),
    beta: picture("train-beta", "β over the steps"),
    barsName: heading("KL of each dimension"),
    barsNote: element("span", { class: "train-small", textContent: "nats, validation" }),
    bars: picture("train-bars", "KL of each dimension: no report yet"),
  };
}

function mapParts() {
  const square = { class: "pad-button pad-square" };
  return {
    map: element("canvas", {
      class: "train-map",
      tabIndex: 0,
      role: "img",
      "data-testid": "train-map",
      "aria-label": "latent map: no snapshot yet",
      "data-empty": "latent map: no snapshot yet",
    }),
    waiting: element("p", { class: "train-waiting", hidden: true }),
    mapNote: element("span", { class: "train-small" }),
    legend: element("div", { class: "train-legend" }),
    zoomIn: button("+", { ...square, "aria-label": "zoom in" }),
    zoomOut: button("−", { ...square, "aria-label": "zoom out" }),
    fit: button("whole map", { title: "show all points" }),
  };
}

/** Name the colours of the classes; nothing where the images have none. */
export function fillTrainLegend(root, names, theme) {
  root.replaceChildren(
    ...names.map((name, label) => {
      const swatch = element("span", { class: "train-swatch" });
      swatch.style.background = classColour(label, theme);
      return element("span", { class: "train-class" }, swatch, name);
    }),
  );
}

function picture(name, words) {
  const said = { "aria-label": words, "data-empty": words };
  return element("canvas", { class: name, role: "img", ...said, "data-testid": name });
}

function heading(text) {
  return element("h2", { class: "train-heading", textContent: text });
}

function note(text) {
  return element("figcaption", { class: "train-small", textContent: text });
}
