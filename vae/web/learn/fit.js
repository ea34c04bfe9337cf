// What just does not fit its place is set a little smaller: no word is hidden below, no formula cut.

const STEPS = [1, 0.96, 0.92, 0.88, 0.84, 0.8];

/** Scale words, by `--fit` in their style sheet, to the height of their place. @type {(words: HTMLElement, fits: boolean) => void} */
export function fitWords(words, fits) {
  scaleWhile(words, 0.88, () => fits && words.scrollHeight > words.clientHeight);
}

/** Scale a formula in the same way to the width of its place. @type {(formula: HTMLElement) => void} */
export function fitFormula(formula) {
  scaleWhile(formula, 0.8, () => formula.scrollWidth > formula.clientWidth);
}

/** @type {(part: HTMLElement, least: number, over: () => boolean) => void} */
function scaleWhile(part, least, over) {
  for (const scale of STEPS.filter((one) => one >= least)) {
    part.style.setProperty("--fit", String(scale));
    if (!over()) return;
  }
}
