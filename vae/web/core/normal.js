// The normal distribution function and its inverse.

const SERIES_TO = 3; // standard deviations; beyond them the continued fraction is short
const TERMS = 120;
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** @type {(x: number) => number} */
function density(x) {
  return Math.exp((-x * x) / 2) / ROOT_TWO_PI;
}

/**
 * Φ(x), the share of a standard normal below x; small values keep their digits (Abramowitz and Stegun
 * 1964, 26.2.11 and 26.2.14).
 * @type {(x: number) => number}
 */
export function normalCdf(x) {
  if (x > SERIES_TO) return 1 - normalCdf(-x);
  if (x < -SERIES_TO) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / (-x + fraction);
    return density(x) / (-x + fraction);
  }
  let [sum, term] = [x, x];
  for (let k = 1; k < TERMS && Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

/**
 * The x with Φ(x) = share: a first guess (Abramowitz and Stegun 1964, 26.2.23), then Halley's steps.
 * @type {(share: number) => number}
 */
export function normalQuantile(share) {
  if (!(share > 0 && share < 1)) return share <= 0 ? -Infinity : share >= 1 ? Infinity : NaN;
  // of the upper half the lower one is mirrored, where a share keeps its digits
  if (share > 0.5) return -normalQuantile(1 - share);
  const t = Math.sqrt(-2 * Math.log(share));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  let x = above / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const error = (normalCdf(x) - share) / density(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}
