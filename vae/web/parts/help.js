// The keyboard: shortcuts, and the overlay that lists them.

import { button, element } from "./dom.js";

/**
 * What the keys do: steps along the map's axes, a random z, the origin, the help.
 * @typedef {{step(da: number, db: number): void, random(): void, origin(): void, help(): void}} KeyActions
 */

/** @type {Record<string, number[]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const PRESSED_INPUTS = ["range", "checkbox", "radio", "button", "color"];
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

/**
 * The ways to move on this screen: without a pointer that hovers there are fewer.
 * @type {() => string[][]}
 */
export function helpLines() {
  return matchMedia("(hover: none)").matches ? TOUCH_LINES : HELP_LINES;
}

/**
 * Listen to the keys of the whole page while nothing else is being typed in. `act.step(da, db)`,
 * `act.random()`, `act.origin()`, `act.help()`. Returns a function that stops listening.
 * @type {(root: HTMLElement, act: KeyActions) => () => void}
 */
export function listenToKeys(root, act) {
  const keys = new Map([["r", act.random], ["0", act.origin], ["?", act.help]]);
  return hearKeys((key, target, shift) => {
    const arrow = ARROWS[key];
    if (!arrow) return keys.get(key);
    const here = target === document.body || root.contains(target);
    const times = shift ? 10 : 1;
    return here && !isSlider(target) ? () => act.step(arrow[0] * times, arrow[1] * times) : undefined;
  });
}

/**
 * Listen to keys that nobody is typing, `go` says what one does; returns what stops it.
 * @type {(go: (key: string, target: HTMLElement, shift: boolean) => (() => void) | undefined) => () => void}
 */
export function hearKeys(go) {
  /** @type {(event: KeyboardEvent) => void} */
  const hear = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    if (!(target instanceof HTMLElement) || isTyping(target) || target.closest("dialog")) return;
    const act = go(event.key, target, event.shiftKey);
    if (!act) return;
    event.preventDefault();
    // the framework around the component has its own meaning for some of these keys
    event.stopPropagation();
    act();
  };
  window.addEventListener("keydown", hear, { capture: true });
  return () => window.removeEventListener("keydown", hear, { capture: true });
}

/** Whether keys pressed on an element write into it. @type {(target: HTMLElement) => boolean} */
function isTyping(target) {
  const { tagName, isContentEditable } = target;
  if (isContentEditable || tagName === "TEXTAREA" || tagName === "SELECT") return true;
  return target instanceof HTMLInputElement && !PRESSED_INPUTS.includes(target.type);
}

/** @type {(target: HTMLElement) => boolean} */
function isSlider(target) {
  return target instanceof HTMLInputElement && target.type === "range";
}

/**
 * The overlay with every way to move, [keys, meaning], in a dialog that Escape closes.
 * @type {(lines?: string[][]) => HTMLDialogElement}
 */
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
