// What was encoded at A and at B: the ellipses of its posterior on the map.

import { shadow } from "../core/latent.js";
import { projectedCloud } from "../core/posterior.js";
import { classColour } from "../parts/theme.js";

/** @import { NetworkHeader, Plane } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Mark } from "../plane/sketch.js" */
/** @import { Ends } from "./ends.js" */

/**
 * The posteriors of A and B on a plane, in the colours of their classes; a place where no image was
 * encoded has none.
 * @type {(ends: Ends, header: NetworkHeader, axes: Plane, theme: Theme) => Mark[]}
 */
export function posteriorMarks(ends, header, axes, theme) {
  return [ends.a, ends.b].flatMap(({ label, posterior }) => {
    if (!posterior || !header.has_density) return [];
    const [a, b] = shadow(posterior.loc, axes);
    const color = label === null ? theme.accent : classColour(label, theme);
    return [{ a, b, ...projectedCloud(posterior, header, axes), color }];
  });
}
