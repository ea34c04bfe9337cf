// The last images that were held, as small pictures; a press goes back to one.

import { button, shownVector } from "./pad_dom.js";

const TRAIL_LENGTH = 12;

/** Returns {add(picture, z), places(), clear()}; `go(z)` is called when a picture is pressed. */
export function createTrail(box, go) {
  let kept = [];
  const show = () => box.replaceChildren(...kept.map(({ root }) => root));
  const add = (picture, z) => {
    const same = (other) => other.every((value, i) => value === z[i]);
    if (kept.length && same(kept.at(-1).z)) return;
    const place = Float64Array.from(z);
    const words = `held image at z = ${shownVector(place)}`;
    const root = button("", { class: "pad-held", title: words, "aria-label": words });
    root.append(picture);
    root.onclick = () => go(place);
    kept = [...kept.filter(({ z: other }) => !same(other)), { z: place, root }].slice(-TRAIL_LENGTH);
    show();
  };
  const clear = () => {
    kept = [];
    show();
  };
  return { add, clear, places: () => kept.map(({ z }) => z) };
}
