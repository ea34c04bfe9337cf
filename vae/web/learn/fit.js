// Words that just do not fit beside the exhibit are set a little smaller: nothing is hidden below.

const STEPS = [1, 0.96, 0.92, 0.88];

/** Set an element's type as large as fits its height, down to seven eighths. @type {(told: HTMLElement, fits: boolean) => void} */
export function fitType(told, fits) {
  for (const scale of STEPS) {
    told.style.setProperty("--told-scale", String(scale));
    if (!fits || told.scrollHeight <= told.clientHeight) return;
  }
}
