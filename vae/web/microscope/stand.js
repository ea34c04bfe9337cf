// What the microscope stands on: its canvases, lines and buttons, as they lie on the page.

import { button, element, menu } from "../parts/dom.js";
import { barParts } from "./bars.js";

export function microscopeParts() {
  const plane = element("canvas", {
    class: "pad-plane dg-plane", tabIndex: 0, role: "img", "data-testid": "microscope-plane",
    "aria-label": "p(z|x) as a field, q as ellipses of 1 and 2 σ; arrows move q, with shift they stretch it, [ and ] turn it",
  });
  const image = picture("the image under the microscope");
  const decoded = picture("what the decoder makes of the centre of q");
  const drawing = element("div", { class: "dg-drawing", hidden: true });
  const imageWords = element("figcaption", { class: "dg-caption" });
  const decodedWords = element("figcaption", { class: "dg-caption", textContent: "decoded at the centre of q" });
  const qWords = element("p", { class: "dg-q" });
  const reset = button("q of the encoder", { title: "put q back where the encoder has it" });
  const [across, up] = [menu("dimension to the right", [], () => {}), menu("dimension upwards", [], () => {})];
  const planeLine = element("div", { class: "dg-plane-line" }, "plane", across, "×", up);
  const slice = element("p", { class: "dg-slice" });
  const bars = barParts();
  const tools = element("div", { class: "dg-tools" }, reset, planeLine);
  const pictures = element("div", { class: "dg-pictures" },
    element("figure", {}, image, drawing, imageWords), element("figure", {}, decoded, decodedWords));
  const side = element("div", { class: "dg-side" }, pictures, bars.box, slice);
  const box = element("div", { class: "pad-plane-box dg-plane-box" }, plane);
  const map = element("div", { class: "dg-map" }, box, element("div", { class: "dg-under" }, qWords, tools));
  const stage = element("div", { class: "dg-stage" }, map, side);
  const why = element("p", { class: "dg-why", hidden: true });
  const root = element("section", { class: "dg-microscope", "aria-label": "one image under the microscope" }, why, stage);
  return { root, stage, why, plane, image, drawing, decoded, imageWords, qWords, reset, across, up, planeLine, slice, bars };
}

/** @type {(words: string) => HTMLCanvasElement} */
function picture(words) {
  return element("canvas", { class: "dg-picture", role: "img", "aria-label": words });
}
