// The keyboard: shortcuts, and the overlay that lists them.

import { button, element } from "./dom.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const HELP_LINES = [
  ["move over the map", "look at the image there"],
  ["press, drag", "hold z, move it"],
  ["wheel, pinch", "zoom; over a slider the wheel moves it"],
  ["shift + drag", "move the map"],
  ["← → ↑ ↓", "move z on the map, with shift ten steps"],
  ["r", "random z from the prior"],
  ["0", "z at the origin"],
  ["i", "on a held image: take it to Interpolate"],
  ["Back", "the browser's: to a place held for 3 seconds, or to the model before"],
  ["?", "this help"],
];
const TOUCH_LINES = [
  ["drag over the map", "move z; where you let go it is held"],
  ["two fingers", "zoom and move the map"],
  ["drag a slider", "move one dimension of z"],
  ["press a held image", "go back to it"],
  ["Back", "the browser's: to a place held for 3 seconds, or to the model before"],
];

/** The ways to move on this screen: without a pointer that hovers there are fewer. */
export function helpLines() {
  return matchMedia("(hover: none)").matches ? TOUCH_LINES : HELP_LINES;
}

/**
 * Listen to the keys of the whole page while nothing else is being typed in. `act.step(da, db)`,
 * `act.random()`, `act.origin()`, `act.help()`. Returns a function that stops listening.
 */
export function listenToKeys(root, act) {
  const hear = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    if (isTyping(target) || target.closest?.("dialog")) return;
    const arrow = ARROWS[event.key];
    const here = target === document.body || root.contains(target);
    if (arrow && (!here || target.type === "range")) return;
    const go = arrow
      ? () => act.step(arrow[0] * (event.shiftKey ? 10 : 1), arrow[1] * (event.shiftKey ? 10 : 1))
      : { r: act.random, 0: act.origin, "?": act.help }[event.key];
    if (!go) return;
    event.preventDefault();
    // the framework around the pad has its own meaning for some of these keys
    event.stopPropagation();
    go();
  };
  window.addEventListener("keydown", hear, { capture: true });
  return () => window.removeEventListener("keydown", hear, { capture: true });
}

/** Whether keys pressed on an element write into it. */
export function isTyping(target) {
  const { tagName, type, isContentEditable } = target;
  if (isContentEditable || tagName === "TEXTAREA" || tagName === "SELECT") return true;
  return tagName === "INPUT" && !["range", "checkbox", "radio", "button", "color"].includes(type);
}

/** The overlay with every way to move, [keys, meaning], in a dialog that Escape closes. */
export function createHelp(lines = helpLines()) {
  const rows = lines.flatMap(([keys, meaning]) => [
    element("dt", { textContent: keys }),
    element("dd", { textContent: meaning }),
  ]);
  const title = element("h2", { textContent: "How to move" });
  const close = button("close", { onclick: () => dialog.close() });
  const dialog = element("dialog", { class: "pad-help", "aria-label": "help" });
  dialog.append(title, element("dl", {}, ...rows), close);
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  return dialog;
}
