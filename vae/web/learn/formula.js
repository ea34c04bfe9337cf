// A formula as MathML, and its symbols, which light up with what they name.

/** @import { MathNode } from "./props.js" */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** The element of a tree. @type {(node: MathNode) => Element} */
export function mathElement([tag, attributes, children]) {
  const made = document.createElementNS(MATHML, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === "string" ? child : mathElement(child))));
  return made;
}

/** One line of a formula, set as a display. @type {(node: MathNode) => Element} */
export function mathLine(node) {
  return mathElement(["math", { display: "block" }, [node]]);
}

/**
 * Let the symbols below `root` light up under the hand, and by the tab key: `hear(symbol)`, null
 * when it leaves.
 * @type {(root: Element, hear: (symbol: string | null) => void) => void}
 */
export function listenToSymbols(root, hear) {
  /** @type {Set<string>} */
  const reached = new Set();
  for (const part of root.querySelectorAll("[data-symbol]")) {
    const name = part.getAttribute("data-symbol") ?? "";
    const enter = () => hear(name);
    const leave = () => hear(null);
    const made = /** @type {HTMLElement} */ (part);
    part.addEventListener("pointerenter", enter);
    part.addEventListener("pointerleave", leave);
    part.addEventListener("focus", enter);
    part.addEventListener("blur", leave);
    // the tab key reaches each symbol once
    if (!reached.has(name)) made.tabIndex = 0;
    reached.add(name);
  }
}

/** Mark a symbol wherever it stands below `root`. @type {(root: Element, symbol: string | null) => void} */
export function lightSymbols(root, symbol) {
  for (const part of root.querySelectorAll("[data-symbol]")) {
    part.classList.toggle("learn-lit", part.getAttribute("data-symbol") === symbol);
  }
}
