// Colours, as the page's theme and the palette of the classes tell them.

import { classPalette } from "./colours.js";

/** The theme as the page's style sheet tells it; `dark` follows from the background. */
export function readTheme(host) {
  const style = getComputedStyle(host);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const background = read("--st-background-color", "#ffffff");
  return {
    text: read("--st-text-color", "#1d2129"),
    background,
    accent: read("--st-primary-color", "#b4540a"),
    border: read("--st-border-color", "#d5d7db"),
    dark: luminance(background) < 0.35,
  };
}

/** Relative luminance of a CSS colour, 0 to 1. */
export function luminance(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = Array.from(context.getImageData(0, 0, 1, 1).data, (byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour of a class; images without one take the theme's text colour. */
export function classColour(label, theme) {
  const palette = classPalette(theme);
  return label < 0 ? theme.text : palette[label % palette.length];
}
