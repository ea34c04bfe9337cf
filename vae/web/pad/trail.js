// The last images that were held, as small pictures; a press goes back to one, and each can be
// carried to the Interpolate page.

import { carryToInterpolate, keepInTab, makeCarried, readTab } from "../parts/carry.js";
import { element, shownVector } from "../parts/dom.js";

/** @import { Numbers } from "../core/header.js" */

/** A canvas that was drawn now, or a picture that the tab kept. @typedef {HTMLCanvasElement | HTMLImageElement} Thumb */
/** @typedef {{z: Float64Array, label: number, picture: Thumb, root: HTMLElement}} Entry */
/** Goes to a held place and class. @typedef {(z: Numbers, label: number) => void} Go */

/**
 * What a trail does: a picture is pressed, its places are looked at, its model is asked for.
 * @typedef {{go: Go, show: (places: Float64Array[]) => void, model: () => string}} TrailActions
 */

/**
 * @typedef {object} Trail
 * @property {(name: string) => void} open
 * @property {(picture: Thumb, z: Numbers, label: number) => void} add
 */

const TRAIL_LENGTH = 12;
const TRAIL_KEY = "pad-trail"; // in the tab's storage: {version of a model: [{z, label, source}]}

/**
 * `act.go(z, label)` is called when a picture is pressed, `act.show(places)` while the hand or the
 * focus is on the trail; `act.model()` names the model whose images these are. `open` shows what
 * this tab of the browser held before under a key that names one version of a model.
 * @type {(box: HTMLElement, act: TrailActions) => Trail}
 */
export function createTrail(box, act) {
  /** @type {Entry[]} */
  let kept = [];
  let key = "";
  const show = () => box.replaceChildren(...kept.map(({ root }) => root));
  /** @type {(picture: Thumb, z: Float64Array, label: number) => Entry} */
  const entryOf = (picture, z, label) =>
    ({ z, label, picture, root: heldPicture(picture, { z, label }, act.go, act.model) });
  /** @type {Trail["add"]} */
  const add = (picture, z, label) => {
    /** @type {(other: Entry) => boolean} */
    const same = (other) => other.label === label && other.z.every((value, i) => value === z[i]);
    if (kept.length && same(kept[kept.length - 1])) return;
    const entry = entryOf(picture, Float64Array.from(z), label);
    kept = [...kept.filter((other) => !same(other)), entry].slice(-TRAIL_LENGTH);
    show();
    const plain = kept.map((one) =>
      ({ z: Array.from(one.z), label: one.label, source: sourceOf(one.picture) }));
    keepInTab(TRAIL_KEY, { ...readTrails(), [key]: plain });
  };
  /** @type {(name: string) => void} */
  const open = (name) => {
    key = name;
    const held = readTrails()?.[key];
    kept = (Array.isArray(held) ? held : []).map(({ z, label = 0, source }) => {
      const picture = element("img", { class: "pad-thumb", src: source, alt: "", draggable: false });
      return entryOf(picture, Float64Array.from(z), label);
    });
    show();
  };
  const lookAt = () => act.show(kept.map(({ z }) => z));
  const leave = () => act.show([]);
  [box.onpointerenter, box.onpointerleave] = [lookAt, leave];
  box.addEventListener("focusin", lookAt);
  box.addEventListener("focusout", leave);
  return { open, add };
}

// a canvas that was drawn now, or a picture that the tab kept
/** @type {(picture: Thumb) => string} */
function sourceOf(picture) {
  return picture instanceof HTMLCanvasElement ? picture.toDataURL() : picture.src;
}

function readTrails() {
  const kept = readTab(TRAIL_KEY);
  return /** @type {Record<string, {z: number[], label?: number, source: string}[]> | null} */ (kept);
}

// No button element: Firefox does not let those be dragged.
/** @type {(picture: Thumb, held: {z: Float64Array, label: number}, go: Go, model: () => string) =>
 *   HTMLElement} */
function heldPicture(picture, { z: place, label }, go, model) {
  const words = `held image at z = ${shownVector(place)}`;
  const root = element("div", {
    class: "pad-held",
    role: "button",
    tabIndex: 0,
    title: `${words}; drag it onto Interpolate, or press i`,
    "aria-label": words,
  });
  root.append(picture);
  root.onclick = () => go(place, label);
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      Enter: () => go(place, label),
      " ": () => go(place, label),
      i: () => carryToInterpolate(model(), place, label),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  makeCarried(root, () => ({ model: model(), z: place, label }));
  return root;
}
