// The pad's skeleton: every element that the other parts fill and listen to.

import { shownBeta } from "../parts/beta.js";
import { button, element, shownVector } from "../parts/dom.js";
import { loadingWords } from "../parts/load.js";
import { className } from "../core/told.js";
import { originalParts } from "./original.js";

/** @import { LatentPad } from "./pad.js" */

/**
 * @typedef {{root: HTMLElement} & ReturnType<typeof planeParts> & ReturnType<typeof imageParts> &
 *   ReturnType<typeof controlParts> & ReturnType<typeof frameParts>} PadRefs
 */

/**
 * Build the pad's elements inside `root` and name them; `beside` makes the compact second pad.
 * @type {(root: HTMLElement, beside: boolean) => PadRefs}
 */
export function buildLayout(root, beside) {
  const suffix = beside ? "-beside" : "";
  const refs = { root, ...planeParts(suffix), ...imageParts(suffix), ...controlParts(), ...frameParts() };
  refs.top.append(refs.title, refs.hands, refs.download, refs.share, refs.helpButton);
  refs.map.append(refs.planeBox, refs.mapBar, refs.legend, refs.trail);
  refs.side.append(refs.picture, refs.classes, refs.rate, refs.sliders, refs.more, refs.actions);
  const stage = element("div", { class: "pad-stage" }, refs.map, refs.drawing, refs.side);
  root.classList.toggle("pad-compact", beside);
  // landmarks are told apart by their names
  if (beside) {
    for (const part of [refs.map, refs.side, refs.drawing]) {
      part.setAttribute("aria-label", `${part.getAttribute("aria-label")} of the model beside`);
    }
  }
  root.replaceChildren(refs.top, refs.notice, stage, refs.live);
  return refs;
}

/** @param {string} suffix */
function planeParts(suffix) {
  const plane = element("canvas", {
    class: "pad-plane",
    role: "img",
    tabIndex: 0,
    "aria-label": "latent plane",
    "data-testid": `latent-plane${suffix}`,
  });
  const zoomIn = button("+", { class: "pad-button pad-square", "aria-label": "zoom in", title: "zoom in" });
  const zoomOut = button("−", { class: "pad-button pad-square", "aria-label": "zoom out", title: "zoom out" });
  const zoomReset = button("whole map", { title: "show all points" });
  const corner = element("div", { class: "pad-corner" }, zoomIn, zoomOut, zoomReset);
  const tip = element("div", { class: "pad-tip", hidden: true });
  const planeBox = element("div", { class: "pad-plane-box" }, plane, tip, corner);
  const mapBar = element("div", { class: "pad-bar" });
  const legend = element("div", { class: "pad-legend", role: "group", "aria-label": "classes" });
  return { plane, zoomIn, zoomOut, zoomReset, tip, planeBox, mapBar, legend };
}

/** @param {string} suffix */
function imageParts(suffix) {
  const image = element("canvas", {
    class: "pad-image",
    role: "img",
    "aria-label": "decoded image",
    "data-testid": `decoded-image${suffix}`,
  });
  const imageBox = element("div", { class: "pad-image-box" }, image, loadingWords());
  const near = originalParts();
  const imageRow = element("div", { class: "pad-image-row" }, imageBox, near.column);
  const imageBar = element("div", { class: "pad-bar" });
  const picture = element("div", { class: "pad-picture" }, imageRow, near.verdict, imageBar);
  return { image, imageBox, imageBar, picture, ...near };
}

function frameParts() {
  const square = { class: "pad-button pad-square", "data-main": "" };
  return {
    notice: element("div", { class: "pad-notice", role: "alert", hidden: true }),
    live: element("p", { class: "pad-live", "aria-live": "polite" }),
    trail: element("div", { class: "pad-trail", role: "group", "aria-label": "held images" }),
    share: button("share", { title: "copy a link to this picture", "data-main": "" }),
    helpButton: button("?", { ...square, "aria-label": "help", title: "how to move (key ?)" }),
    title: element("span", { class: "pad-title" }),
    hands: element("div", { class: "pad-hands", hidden: true }),
    top: element("div", { class: "pad-top" }),
    download: button("download image", { title: "the decoded image, as a PNG file", "data-main": "" }),
    map: element("section", { class: "pad-map", "aria-label": "latent plane" }),
    drawing: element("section", { class: "pad-drawing", "aria-label": "drawing", hidden: true }),
    side: element("section", { class: "pad-side", "aria-label": "decoded image and z" }),
  };
}

function controlParts() {
  const sliders = element("div", { class: "pad-sliders", role: "group", "aria-label": "latent dimensions" });
  const more = button("", { class: "pad-more", hidden: true });
  const actions = element("div", { class: "pad-actions" });
  const classes = element("div", { class: "pad-told", role: "group", "aria-label": "class", hidden: true });
  const rate = element("div", { class: "pad-rate-box", hidden: true });
  return { classes, rate, sliders, more, actions };
}

/**
 * Show what went wrong in one sentence, with a way to try `again` if any; null takes it away.
 * @type {(refs: PadRefs, sentence: string | null, again?: (() => void) | null) => void}
 */
export function showTrouble(refs, sentence, again = null) {
  refs.notice.hidden = sentence === null;
  refs.notice.replaceChildren();
  if (sentence === null) return;
  refs.notice.append(element("span", { textContent: sentence }));
  if (again) refs.notice.append(button("try again", { onclick: again }));
}

/** Say in words what a pad shows, for those who cannot see it. @type {(pad: LatentPad) => void} */
export function describePlace({ refs, net, held, axes }) {
  const place = `z = ${shownVector(held)}`;
  const of = net.classes ? ` of class ${className(net.header, net.label)}` : "";
  const rate = net.beta ? `, β = ${shownBeta(net.beta)}` : "";
  refs.image.setAttribute("aria-label", `decoded image${of} at ${place}${rate}`);
  const [across, up] = axes.labels;
  const points = net.header.n_atlas ? `, ${net.header.n_atlas} encoded images` : "";
  const words = `latent plane ${across}${up && ` × ${up}`}${points}; ${place}; arrow keys move z`;
  refs.plane.setAttribute("aria-label", words);
}
