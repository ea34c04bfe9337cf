// The last images that were held, as small pictures; a press goes back to one.

import { button, shownVector } from "./pad_dom.js";
import { thumbnail } from "./pad_picture.js";

const TRAIL_LENGTH = 12;

/** Returns {add(net, z), places(), clear()}; `go(z)` is called when a picture is pressed. */
export function createTrail(box, go) {
  let kept = [];
  const show = () => box.replaceChildren(...kept.map(({ root }) => root));
  const add = (net, z) => {
    const same = (other) => other.every((value, i) => value === z[i]);
    if (kept.length && same(kept.at(-1).z)) return;
    const place = Float64Array.from(z);
    const words = `held image at z = ${shownVector(place)}`;
    const root = button("", { class: "pad-held", title: words, "aria-label": words });
    root.append(thumbnail(net, place));
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
