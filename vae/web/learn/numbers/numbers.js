// An exhibit for a lesson that has none of its own: what it states, as a table.

import { element } from "../../parts/dom.js";

/** @type {import("../exhibit.js").MountExhibit} */
export function mount(root, { facts, ready }) {
  const rows = Object.entries(facts).flatMap(([name, value]) => [
    element("dt", { textContent: name.replaceAll("_", " ") }),
    element("dd", { textContent: typeof value === "number" ? String(Number(value.toPrecision(4))) : value }),
  ]);
  root.replaceChildren(element("dl", { class: "learn-facts" }, ...rows));
  ready();
  return { setTheme() {}, light() {}, resized() {}, stop() {} };
}
