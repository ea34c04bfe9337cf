// The page's skeleton: a line of buttons, the names of the models, then a row per thing.

import { button, element } from "../parts/dom.js";

/** @typedef {ReturnType<typeof buildLayout>} CompareRefs */

export const HELP = [
  ["press a test image", "see it large in every model"],
  ["press A or B, then an image", "choose the ends of the path"],
  ["← →", "on the slider: along the path"],
  ["point at a map", "the image lights up in every map; a press holds it"],
  ["draw around points", "select them in every map"],
  ["← → ↑ ↓", "on a map: move a cross-hair; with shift, select a rectangle; Esc shows all"],
  ["r", "ten other draws"],
  ["?", "this help"],
];

/** @type {(root: HTMLElement) => {root: HTMLElement, grid: HTMLElement, notice: HTMLElement, share: HTMLButtonElement, png: HTMLButtonElement, help: HTMLButtonElement, tools: HTMLElement}} */
export function buildLayout(root) {
  const share = button("share", { title: "copy a link to this comparison" });
  const png = button("PNG", { title: "save the whole comparison as a picture" });
  const help = button("?", { class: "pad-button pad-square", "aria-label": "help", title: "what the hand does (key ?)" });
  const tools = element("div", { class: "cmp-tools" }, share, png, help);
  const notice = element("div", { class: "pad-notice", role: "alert", hidden: true });
  const grid = element("div", { class: "cmp" });
  root.replaceChildren(notice, grid);
  return { root, grid, notice, share, png, help, tools };
}
