// Shares of a count with their exact interval, after Clopper and Pearson (1934).

/** A share and its interval of 95 %. @typedef {{value: number, low: number, high: number, count: number, of: number}} Share */

const TAIL = 0.025; // on either side of the interval
const STEPS = 60; // a bisection's error is then below 1e-17
const MOST_TERMS = 400;
const LEAST = 1e-300;

/** log Γ(x) for x > 0, by Stirling's series beyond 12. @type {(x: number) => number} */
export function logGamma(x) {
  let shift = 0;
  let at = x;
  for (; at < 12; at += 1) shift += Math.log(at);
  const square = 1 / (at * at);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** P(X ≤ x) of a beta distribution. @type {(x: number, a: number, b: number) => number} */
export function betaShare(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const log = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  // the continued fraction converges fast on its own side of the mean alone
  return x < (a + 1) / (a + b + 2)
    ? (Math.exp(log) * fraction(x, a, b)) / a
    : 1 - (Math.exp(log) * fraction(1 - x, b, a)) / b;
}

/** The continued fraction of the incomplete beta function. @type {(x: number, a: number, b: number) => number} */
function fraction(x, a, b) {
  /** @type {(value: number) => number} */
  const away = (value) => (Math.abs(value) < LEAST ? LEAST : value);
  let [c, d] = [1, 1 / away(1 - ((a + b) * x) / (a + 1))];
  let product = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      change *= d * c;
    }
    product *= change;
    if (Math.abs(change - 1) < 1e-14) break;
  }
  return product;
}

/** Where a beta distribution reaches a share. @type {(share: number, a: number, b: number) => number} */
function betaQuantile(share, a, b) {
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (betaShare(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The middle 95 % of a beta distribution; b = 0 is one at 1. @type {(a: number, b: number) => {low: number, high: number}} */
export function betaInterval(a, b) {
  if (b === 0) return { low: 1, high: 1 };
  return { low: betaQuantile(TAIL, a, b), high: betaQuantile(1 - TAIL, a, b) };
}

/** A share of a count, with the interval. @type {(count: number, of: number) => Share} */
export function shareOf(count, of) {
  if (of === 0) return { value: NaN, low: 0, high: 1, count, of };
  const low = count === 0 ? 0 : betaQuantile(TAIL, count, of - count + 1);
  const high = count === of ? 1 : betaQuantile(1 - TAIL, count + 1, of - count);
  return { value: count / of, low, high, count, of };
}
