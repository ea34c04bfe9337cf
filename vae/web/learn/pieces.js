// Paragraphs with words that light up with a symbol of the formula.

import { element } from "../parts/dom.js";

/** @import { Piece } from "./props.js" */

/** @type {(paragraphs: Piece[][]) => HTMLElement[]} */
export function paragraphElements(paragraphs) {
  return paragraphs.map((pieces) => element("p", {}, ...pieces.map(pieceElement)));
}

/** @type {(piece: Piece) => Node | string} */
function pieceElement(piece) {
  if (typeof piece === "string") return piece;
  return element("span", { class: "learn-word", "data-symbol": piece.symbol, textContent: piece.text });
}
