// q on the plane as an ellipse, with what the hand takes it by.

import { strokeWithHalo, sketchPosterior } from "../plane/sketch.js";
import { sketchHandle } from "./line.js";
import { angleOf, knobOf } from "./shape.js";

/** @import { Context, Frame } from "../plane/sketch.js" */
/** @import { Normal } from "./lattice.js" */

const KNOB = 5; // CSS pixels

/** Draw q, squares where it is stretched and a circle where it is turned. @type {(context: Context, frame: Frame, q: Normal) => void} */
export function sketchEllipse(context, frame, q) {
  const { theme, toScreen } = frame;
  sketchPosterior(context, frame, { a: q.a, b: q.b, ra: q.sd[0], rb: q.sd[1], angle: angleOf(q), color: theme.accent });
  for (const [k, [x, y]] of q.axes.entries()) {
    for (const side of [-1, 1]) sketchHandle(context, frame, toScreen(q.a + side * q.sd[k] * x, q.b + side * q.sd[k] * y));
  }
  context.beginPath();
  context.arc(...toScreen(...knobOf(q)), KNOB, 0, 2 * Math.PI);
  context.fillStyle = theme.background;
  context.fill();
  strokeWithHalo(context, theme, theme.accent, 2, 1, 0);
}
