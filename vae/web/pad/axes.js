// Which plane through z the map shows: two dimensions, or the principal directions.

import { element, menu } from "../parts/dom.js";
import { dimensionOrder, planeOf } from "../core/latent.js";

/** @import { NetworkHeader, Plane } from "../core/header.js" */

/**
 * Menus for a model's plane in `box`; `change(plane)` hears a choice. Returns {set(plane)}.
 * @type {(box: HTMLElement, header: NetworkHeader, change: (plane: Plane) => void) => {set(plane: Plane): void}}
 */
export function createAxesMenus(box, header, change) {
  if (header.z_dim <= 2) {
    const text = header.z_dim === 2 ? "z1 × z2" : "z1, points spread upwards for the eye";
    box.replaceChildren(element("span", { class: "pad-small", textContent: text }));
    return { set: () => {} };
  }
  const options = dimensionOrder(header).map((i) => [String(i), `along z${i + 1}`]);
  const kinds = [["pair", "dimensions"]];
  if (planeOf(header, "pc")) kinds.push(["pc", "principal directions"]);
  const kind = menu("plane", kinds, () => choose());
  const across = menu("across", options, () => choose(up));
  const up = menu("up", options, () => choose(across));
  /** @type {string[]} */
  let last = [];
  // choosing what the other axis shows swaps the two
  /** @type {(other?: HTMLSelectElement | null) => void} */
  const choose = (other = null) => {
    if (other && across.value === up.value) other.value = last[other === up ? 0 : 1];
    last = [across.value, up.value];
    across.hidden = up.hidden = between.hidden = kind.value === "pc";
    const plane = planeOf(header, kind.value === "pc" ? "pc" : last.join(","));
    if (plane) change(plane);
  };
  const between = element("span", { class: "pad-small", "aria-hidden": "true", textContent: "×" });
  box.replaceChildren(kind, across, between, up);
  /** @type {(plane: Plane) => void} */
  const set = (plane) => {
    kind.value = plane.name === "pc" ? "pc" : "pair";
    if (plane.name !== "pc") [across.value, up.value] = plane.name.split(",");
    else [across.value, up.value] = options.map(([value]) => value);
    last = [across.value, up.value];
    across.hidden = up.hidden = between.hidden = plane.name === "pc";
  };
  return { set };
}
