// The colours of classes and of groups that were found, light and dark; the same lists as in
// vae/colours.py, which says how they were chosen.

export const CLASS_COLOURS = {
  light: [
    "#3c9bae", "#037362", "#0e4500", "#827100", "#7d70f9",
    "#bc8261", "#a81a46", "#3409cf", "#4e264f", "#fc2f9b",
  ],
  dark: [
    "#58f7ff", "#438e74", "#b0f900", "#ccbc7c", "#ae98ff",
    "#db6e04", "#b8343c", "#554bfa", "#8f5a87", "#ff97be",
  ],
};
export const GROUP_COLOURS = {
  light: [
    "#928d95", "#517899", "#17405e", "#8a5e69", "#463d40", "#a0895b", "#52330a", "#606738",
  ],
  dark: [
    "#e7e6f2", "#567598", "#8db9dc", "#a2999f", "#786369", "#fdd5b4", "#ae8e64", "#656e41",
  ],
};

const DARK_OF_LIGHT = new Map(
  [CLASS_COLOURS, GROUP_COLOURS].flatMap(({ light, dark }) => light.map((one, i) => [one, dark[i]])),
);

/**
 * The colours of classes, label modulo their number, on a page with this theme.
 * @type {(theme: {dark?: boolean}) => string[]}
 */
export function classPalette(theme) {
  return theme.dark ? CLASS_COLOURS.dark : CLASS_COLOURS.light;
}

/**
 * A colour as it is drawn on a page with this theme, where Python names the light page's.
 * @type {(colour: string, theme: {dark?: boolean}) => string}
 */
export function themedColour(colour, theme) {
  return theme.dark ? (DARK_OF_LIGHT.get(colour) ?? colour) : colour;
}
