// An exhibit for a lesson that has none of its own: what it states, as a table.

import { element } from "../../parts/dom.js";
import { Exhibit } from "../exhibit.js";

/** @import { MountExhibit, Told } from "../exhibit.js" */

/** @type {MountExhibit} */
export const mount = (root, told) => new Numbers(root, told);

class Numbers extends Exhibit {
  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const rows = Object.entries(told.facts).flatMap(([name, value]) => [
      element("dt", { textContent: name.replaceAll("_", " ") }),
      element("dd", { textContent: typeof value === "number" ? String(Number(value.toPrecision(4))) : value }),
    ]);
    root.replaceChildren(element("dl", { class: "learn-facts" }, ...rows));
    told.ready();
  }
}
