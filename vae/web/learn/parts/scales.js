// From values to places on a small chart: linear or logarithmic scales, and round ticks on them.

/** @typedef {{low: number, high: number, log?: boolean, name: string}} Axis */

/** The share of the way from low to high, 0 to 1. @type {(axis: Axis, value: number) => number} */
export function shareOf({ low, high, log }, value) {
  if (log) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** The value at a share of the way. @type {(axis: Axis, share: number) => number} */
export function valueAt({ low, high, log }, share) {
  return log ? low * (high / low) ** share : low + (high - low) * share;
}

/** Some round values on an axis, at most about `most`. @type {(axis: Axis, most: number) => number[]} */
export function ticksOf(axis, most) {
  return axis.log ? powers(axis, most) : steps(axis, most);
}

/** @type {(axis: Axis, most: number) => number[]} */
function steps({ low, high }, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

/** @type {(axis: Axis, most: number) => number[]} */
function powers({ low, high }, most) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, k) => 10 ** (first + k * every));
}

/** As few digits as tell a tick from its neighbours. @type {(value: number) => string} */
export function tickWords(value) {
  const text = String(Number(Math.abs(value).toPrecision(6)));
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
