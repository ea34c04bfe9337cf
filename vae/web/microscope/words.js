// What the microscope says in words: where q is, what log p(x) is of, what is cut off.

import { shownNumber } from "../parts/dom.js";
import { angleOf } from "./shape.js";

/** @import { Network } from "../core/header.js" */
/** @import { Pair } from "./joint.js" */
/** @import { Normal } from "./lattice.js" */

/** @type {(q: Normal, pair: Pair) => string} */
export function wordsOf(q, pair) {
  /** @type {(values: number[], digits: number) => string} */
  const shown = (values, digits) => values.map((value) => shownNumber(value, digits)).join(", ");
  const mean = pair.length > 1 ? [q.a, q.b] : [q.a];
  return `q: μ ${shown(mean, 2)}  σ ${shown(q.sd, 3)}${turnWords(q)}`;
}

/** How far its axes are turned, from −90° to 90°. @type {(q: Normal) => string} */
function turnWords(q) {
  const degrees = q.sd.length > 1 ? (angleOf(q) * 180) / Math.PI : 0;
  const least = Math.round(degrees - 180 * Math.round(degrees / 180));
  return least ? `  ∠ ${shownNumber(least, 0)}°` : "";
}

/** @type {(net: Network, pair: Pair) => string} */
export function evidenceName(net, pair) {
  const given = net.classes ? " | class" : "";
  return net.zDim > pair.length ? `log p(x, other z = μ${given})` : `log p(x${given})`;
}

/** @type {(net: Network, pair: Pair) => string} */
export function sliceWords(net, pair) {
  const words = net.header.normal ? [] :
    ["q is the normal distribution of this posterior's mean and covariance."];
  if (net.header.factorises && pair.length > 1) {
    words.push("This model's encoder cannot turn q by itself; the circle does.");
  }
  const others = net.zDim - pair.length;
  if (others > 0) {
    words.push(`This is a slice: the other ${others} dimension${others > 1 ? "s stay" : " stays"} at μ.`);
  }
  if (net.header.betas) words.push("This model holds for many β; here β is 1.");
  return words.join(" ");
}
