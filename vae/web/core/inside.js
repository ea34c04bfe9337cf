// Whether a place lies in what was drawn around.

/**
 * Whether a place lies in an outline, by the even-odd rule.
 * @type {(corners: number[][]) => (a: number, b: number) => boolean}
 */
export function insideOf(corners) {
  const [as, bs] = [corners.map(([a]) => a), corners.map(([, b]) => b)];
  const [left, right, low, high] = [Math.min(...as), Math.max(...as), Math.min(...bs), Math.max(...bs)];
  return (a, b) => {
    if (!(a >= left && a <= right && b >= low && b <= high)) return false;
    let inside = false;
    for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      const crosses = bs[j] <= b !== bs[i] <= b;
      if (crosses && a < as[j] + (b - bs[j]) * ((as[i] - as[j]) / (bs[i] - bs[j]))) inside = !inside;
    }
    return inside;
  };
}
