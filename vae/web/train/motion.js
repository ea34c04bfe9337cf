// Moving from one value to the next over a short time, by the screen's own frames.

const trainStill = typeof matchMedia === "function" ? matchMedia("(prefers-reduced-motion: reduce)") : null;

/** Whether the person asked for pictures that do not move. */
export function trainIsStill() {
  return Boolean(trainStill?.matches);
}

/**
 * Call `draw(share)` every frame while share rises from 0 to 1 within `milliseconds`; at once with
 * 1 where motion is unwanted. Returns a function that stops it, wherever it is.
 * @type {(milliseconds: number, draw: (share: number) => void, done?: () => void) => () => void}
 */
export function trainGlide(milliseconds, draw, done = () => {}) {
  let request = 0;
  if (trainIsStill() || milliseconds <= 0 || document.hidden) {
    draw(1);
    done();
    return () => {};
  }
  let started = null;
  /** @type {(now: number) => void} */
  const step = (now) => {
    started ??= now;
    const share = Math.min(1, (now - started) / milliseconds);
    draw(share * share * (3 - 2 * share));
    if (share < 1) request = requestAnimationFrame(step);
    else done();
  };
  request = requestAnimationFrame(step);
  return () => cancelAnimationFrame(request);
}
