// What a part of an exhibit is called in the formula: pointed at, its symbol lights up. The page
// marks every part that bears a lit symbol.

/** @import { Told } from "../exhibit.js" */

/** @type {(part: HTMLElement | SVGElement, symbol: string, told: Pick<Told, "light">) => void} */
export function nameIn(part, symbol, told) {
  part.dataset.symbol = symbol;
  part.onpointerenter = () => told.light(symbol);
  part.onpointerleave = () => told.light(null);
}

/** The parts below `root` that bear a symbol already. @type {(root: HTMLElement, told: Pick<Told, "light">) => void} */
export function nameAllIn(root, told) {
  const parts = /** @type {NodeListOf<HTMLElement | SVGElement>} */ (root.querySelectorAll("[data-symbol]"));
  for (const part of parts) nameIn(part, part.dataset.symbol ?? "", told);
}
