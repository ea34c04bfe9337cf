// Random numbers that follow from a seed, the same in every browser.

const WARM_UP = 16;

/**
 * Numbers in [0, 1) that follow from a seed: Doty-Humphrey's generator sfc32 (PractRand), whose state
 * is three sums of 32 bits and a counter.
 * @type {(seed: number) => () => number}
 */
export function seededUniform(seed) {
  let [a, b, c, count] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x2545f491, 1];
  const next = () => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < WARM_UP; i++) next();
  return next;
}

/** A standard normal number (Box and Muller 1958). @type {(uniform: () => number) => number} */
export function normalFrom(uniform) {
  // 1 − u lies in (0, 1], where the logarithm is finite
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
