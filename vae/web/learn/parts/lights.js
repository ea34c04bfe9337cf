// What a part of an exhibit is called in the formula: pointed at, its symbol lights up.

/** @import { Told } from "../exhibit.js" */

/** @type {(part: HTMLElement, symbol: string, told: Pick<Told, "light">) => void} */
export function nameIn(part, symbol, told) {
  part.dataset.names = symbol;
  part.onpointerenter = () => told.light(symbol);
  part.onpointerleave = () => told.light(null);
}

/** Mark the parts that a symbol names; null ends that. @type {(root: HTMLElement, symbol: string | null) => void} */
export function markNamed(root, symbol) {
  root.dataset.lit = symbol ?? "";
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-names]"))) {
    part.classList.toggle("ln-lit", symbol !== null && part.dataset.names === symbol);
  }
}
