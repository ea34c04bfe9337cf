// The colours in which points are drawn.

import { classPalette } from "../parts/colours.js";

/** @import { PlaneTheme } from "./sketch.js" */

/**
 * What `paintPoints` takes: by label + 1, 1 << 24 with 0xBBGGRR, or 0 where the label is hidden.
 * Points without a label are drawn in the text's colour at half strength.
 * @type {(labels: Int16Array, hidden: Set<number>, theme: PlaneTheme) => Uint32Array}
 */
export function inksByLabel(labels, hidden, theme) {
  const highest = labels.reduce((most, label) => Math.max(most, label), -1);
  const [text, background] = [readColour(theme.text), readColour(theme.background)];
  const plain = text.map((channel, i) => Math.round((channel + background[i]) / 2));
  const classes = classPalette(theme).map(readColour);
  return Uint32Array.from({ length: highest + 2 }, (_, entry) => {
    if (hidden.has(entry - 1)) return 0;
    const [red, green, blue] = entry === 0 ? plain : classes[(entry - 1) % classes.length];
    return (1 << 24) | (blue << 16) | (green << 8) | red;
  });
}

/** @type {OffscreenCanvasRenderingContext2D | null} */
let probe = null;

/**
 * The red, green and blue of any CSS colour, as the browser itself reads it.
 * @type {(colour: string) => number[]}
 */
function readColour(colour) {
  probe ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!probe) throw new Error("this browser has no room for another canvas");
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = "#808080"; // stays where `colour` is not one
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}
