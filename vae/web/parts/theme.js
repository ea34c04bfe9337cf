// Colours, as the page's theme and the palette of the classes tell them.

import { classPalette } from "./colours.js";
import { contextOf } from "./dom.js";

/**
 * The colours of the page: CSS colours, and whether the background is dark.
 * @typedef {object} Theme
 * @property {string} text
 * @property {string} background
 * @property {string} accent
 * @property {string} border
 * @property {boolean} dark
 */

/**
 * The theme as the page's style sheet tells it; `dark` follows from the background.
 * @type {(host: Element) => Theme}
 */
export function readTheme(host) {
  const style = getComputedStyle(host);
  /** @type {(name: string, otherwise: string) => string} */
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

/** Whether nothing need be drawn anew. @type {(one: Theme, other: Theme | null) => boolean} */
export function sameTheme(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @type {Map<string, number>} */
const luminances = new Map();

/** Relative luminance of a CSS colour, 0 to 1. @type {(colour: string) => number} */
export function luminance(colour) {
  const known = luminances.get(colour) ?? luminanceOf(colour);
  luminances.set(colour, known);
  return known;
}

/** @type {(colour: string) => number} */
function luminanceOf(colour) {
  const context = contextOf(document.createElement("canvas"));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = Array.from(context.getImageData(0, 0, 1, 1).data, (byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * The colour of a class; images without one take the theme's text colour.
 * @type {(label: number, theme: Theme) => string}
 */
export function classColour(label, theme) {
  const palette = classPalette(theme);
  return label < 0 ? theme.text : palette[label % palette.length];
}
