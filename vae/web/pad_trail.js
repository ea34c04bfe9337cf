// The last images that were held, as small pictures; a press goes back to one, and each can be
// carried to the Interpolate page.

import { carryToInterpolate, makeCarried } from "./pad_carry.js";
import { element, shownVector } from "./pad_dom.js";

const TRAIL_LENGTH = 12;

/**
 * Returns {add(picture, z), places(), clear()}; `go(z)` is called when a picture is pressed,
 * `model()` names the model whose images these are.
 */
export function createTrail(box, go, model) {
  let kept = [];
  const show = () => box.replaceChildren(...kept.map(({ root }) => root));
  const add = (picture, z) => {
    const same = (other) => other.every((value, i) => value === z[i]);
    if (kept.length && same(kept.at(-1).z)) return;
    const place = Float64Array.from(z);
    const root = heldPicture(picture, place, go, model);
    kept = [...kept.filter(({ z: other }) => !same(other)), { z: place, root }].slice(-TRAIL_LENGTH);
    show();
  };
  const clear = () => {
    kept = [];
    show();
  };
  return { add, clear, places: () => kept.map(({ z }) => z) };
}

// No button element: Firefox does not let those be dragged.
function heldPicture(picture, place, go, model) {
  const words = `held image at z = ${shownVector(place)}`;
  const root = element("div", {
    class: "pad-held",
    role: "button",
    tabIndex: 0,
    title: `${words}; drag it onto Interpolate, or press i`,
    "aria-label": words,
  });
  root.append(picture);
  root.onclick = () => go(place);
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      Enter: () => go(place),
      " ": () => go(place),
      i: () => carryToInterpolate(model(), place),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  makeCarried(root, () => ({ model: model(), z: place }));
  return root;
}
