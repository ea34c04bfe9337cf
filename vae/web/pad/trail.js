// The last images that were held, as small pictures; a press goes back to one, and each can be
// carried to the Interpolate page.

import { carryToInterpolate, keepInTab, makeCarried, readTab } from "../parts/carry.js";
import { element, shownVector } from "../parts/dom.js";

const TRAIL_LENGTH = 12;
const TRAIL_KEY = "pad-trail"; // in the tab's storage: {version of a model: [{z, label, source}]}

/**
 * Returns {open(key), add(picture, z, label), places()}; `go(z, label)` is called when a picture is pressed,
 * `model()` names the model whose images these are. `open` shows what this tab of the browser
 * held before under a key that names one version of a model.
 */
export function createTrail(box, go, model) {
  let kept = [];
  let key = null;
  const show = () => box.replaceChildren(...kept.map(({ root }) => root));
  const entryOf = (picture, z, label) =>
    ({ z, label, picture, root: heldPicture(picture, { z, label }, go, model) });
  const add = (picture, z, label) => {
    const same = (other) => other.label === label && other.z.every((value, i) => value === z[i]);
    if (kept.length && same(kept.at(-1))) return;
    const entry = entryOf(picture, Float64Array.from(z), label);
    kept = [...kept.filter((other) => !same(other)), entry].slice(-TRAIL_LENGTH);
    show();
    const plain = kept.map((one) => ({ z: Array.from(one.z), label: one.label, source: sourceOf(one.picture) }));
    keepInTab(TRAIL_KEY, { ...readTab(TRAIL_KEY), [key]: plain });
  };
  const open = (name) => {
    key = name;
    const held = readTab(TRAIL_KEY)?.[key];
    kept = (Array.isArray(held) ? held : []).map(({ z, label = 0, source }) =>
      entryOf(element("img", { class: "pad-thumb", src: source, alt: "", draggable: false }), Float64Array.from(z), label));
    show();
  };
  return { open, add, places: () => kept.map(({ z }) => z) };
}

// a canvas that was drawn now, or a picture that the tab kept
function sourceOf(picture) {
  return picture.src ?? picture.toDataURL();
}

// No button element: Firefox does not let those be dragged.
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
