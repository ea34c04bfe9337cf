// The frame of the live view: four pictures, two strips, words; all places are kept from the start.

import { button, choice, element } from "../parts/dom.js";
import { TRAIN_CURVES } from "./ranges.js";
import { classColour } from "../parts/theme.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { TrainFrame } from "./frames.js" */
/** @import { Facts } from "./poll.js" */
/** @import { TrainPrior } from "./prior.js" */

/** @typedef {ReturnType<typeof trainParts>} TrainRefs */

/**
 * Build the view below `root` and return its parts by name.
 * @type {(root: HTMLElement) => TrainRefs}
 */
export function buildTrainLayout(root) {
  const refs = trainParts();
  /** @type {(...parts: HTMLElement[]) => HTMLElement} */
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
    bar(heading("Latent map"), element("span", { class: "train-notes" }, refs.mapNote, refs.priorNote)),
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

function trainParts() {
  return {
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
    priorNote: element("span", { class: "train-small" }),
    legend: element("div", { class: "train-legend" }),
    zoomIn: button("+", { ...square, "aria-label": "zoom in" }),
    zoomOut: button("−", { ...square, "aria-label": "zoom out" }),
    fit: button("whole map", { title: "show all points" }),
  };
}

/**
 * Hide what a run's model has no numbers for, and say what the pictures are of.
 * @type {(refs: TrainRefs, facts: Facts) => void}
 */
export function showTrainFacts(refs, facts) {
  const { buttons } = refs.switch;
  for (const key of ["elbo", "kl"]) buttons[key].disabled = !facts.has_density;
  buttons.scale.hidden = !facts.learns_scale;
  buttons.scale.title = facts.scale_by_position ? "root mean square over the positions of the image" : "";
  refs.beta.hidden = !facts.warms_up;
  refs.barsName.hidden = refs.barsNote.hidden = refs.bars.hidden = !facts.kl_per_dim;
  const images = facts.validation_images;
  refs.mapNote.textContent = images ? `${images.toLocaleString("en-US")} validation images` : "";
  refs.priorNote.textContent = "";
  refs.samplesNote.textContent = samplesWords(facts);
  const how = facts.has_density ? " (decoded from μ)" : "";
  refs.pairsNote.textContent = `Validation images, each over its reconstruction${how}`;
}

/** Say where the sixteen draws come from. @type {(facts: Facts) => string} */
function samplesWords(facts) {
  if (facts.draws_itself) return "Draws of its own Gibbs chain, begun alike each time";
  if (facts.prior_by_class) return "Decoded from the same noise each time";
  return facts.has_density ? "Decoded from the same z each time" : "Decoded from normal draws of z";
}

/** Empty the pictures, whose words hold for them no longer. @type {(refs: TrainRefs) => void} */
export function wipeTrainPictures({ pairs, samples, map, curves, bars }) {
  for (const canvas of [pairs, samples]) canvas.width = canvas.width; // wipes it
  for (const canvas of [pairs, samples, map, curves, bars]) {
    canvas.setAttribute("aria-label", canvas.dataset.empty ?? "");
  }
}

/**
 * Say in words what the pictures of a snapshot show.
 * @type {(refs: TrainRefs, frame: TrainFrame, facts: Facts | null) => void}
 */
export function nameTrainPictures({ map, priorNote, pairs, samples }, { step, points, prior }, facts) {
  const at = `at step ${step.toLocaleString("en-US")}`;
  const keys = "arrow keys move, + and − zoom, 0 fits";
  const shares = prior?.size.length === 1 ? "68, 95 and 99.7" : "39, 86 and 99";
  const byClass = Boolean(facts?.prior_by_class);
  const lines = prior && `lines around ${shares} % of ${priorWords(prior, byClass)}`;
  const shown = [`${points.count} validation images`, lines].filter(Boolean).join(", ");
  map.setAttribute("aria-label", `latent map ${at}: ${shown}; ${keys}`);
  const drawn = prior?.draws ? ` · prior: ${prior.draws.toLocaleString("en-US")} draws` : "";
  priorNote.textContent = prior && byClass ? " · prior: all classes" : drawn;
  priorNote.title = priorNote.textContent && lines ? lines : "";
  pairs.setAttribute("aria-label", `validation images over their reconstructions ${at}`);
  samples.setAttribute("aria-label", `samples of the prior ${at}`);
}

/** What the contours are of. @type {(prior: TrainPrior, byClass: boolean) => string} */
function priorWords({ draws }, byClass) {
  if (byClass) return "the mixture of the classes' priors";
  return draws ? `${draws.toLocaleString("en-US")} draws from the prior` : "the prior";
}

/**
 * Name the colours of the classes; nothing where the images have none.
 * @type {(root: HTMLElement, names: string[], theme: Theme) => void}
 */
export function fillTrainLegend(root, names, theme) {
  root.replaceChildren(
    ...names.map((name, label) => {
      const swatch = element("span", { class: "train-swatch" });
      swatch.style.background = classColour(label, theme);
      return element("span", { class: "train-class" }, swatch, name);
    }),
  );
}

/** @type {(name: string, words: string) => HTMLCanvasElement} */
function picture(name, words) {
  const said = { "aria-label": words, "data-empty": words };
  return element("canvas", { class: name, role: "img", ...said, "data-testid": name });
}

/** @type {(text: string) => HTMLElement} */
function heading(text) {
  return element("h2", { class: "train-heading", textContent: text });
}

/** @type {(text: string) => HTMLElement} */
function note(text) {
  return element("figcaption", { class: "train-small", textContent: text });
}
