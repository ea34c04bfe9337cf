// Large type, as the switch of the page asks for it: style sheets and canvases use one number.

/** How many times as large as usual type is. */
export function typeScale() {
  const root = getComputedStyle(document.documentElement);
  return Number(root.getPropertyValue("--type-scale")) || 1;
}
