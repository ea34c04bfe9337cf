// The colours in which points are drawn.

import { classPalette } from "../parts/colours.js";

/**
 * What `paintPoints` takes: by label + 1, 1 << 24 with 0xBBGGRR, or 0 where the label is hidden.
 * Points without a label are drawn in the text's colour at half strength.
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

let colourProbe = null;

/** The red, green and blue of any CSS colour, as the browser itself reads it. */
function readColour(colour) {
  colourProbe ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  colourProbe.clearRect(0, 0, 1, 1);
  colourProbe.fillStyle = "#808080"; // stays where `colour` is not one
  colourProbe.fillStyle = colour;
  colourProbe.fillRect(0, 0, 1, 1);
  return [...colourProbe.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}
