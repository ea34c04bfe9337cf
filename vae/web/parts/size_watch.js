// Hearing that an element has another size on the screen: in the page's pixels, or because the
// window went to a screen, or to a zoom, with another number of device pixels each.

/**
 * Call `changed` whenever the page's pixels become finer or coarser; returns how to end it.
 * @type {(changed: () => void) => () => void}
 */
export function watchRatio(changed) {
  /** @type {MediaQueryList | null} */
  let query = null;
  const hear = () => {
    watch();
    changed();
  };
  // a query tells only that its own ratio is left, so each change needs a new one
  const watch = () => {
    query?.removeEventListener("change", hear);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", hear);
  };
  watch();
  return () => query?.removeEventListener("change", hear);
}

/**
 * Call `changed` now, and at each change of either kind; returns {disconnect()}.
 * @type {(element: Element, changed: () => void) => {disconnect(): void}}
 */
export function watchSize(element, changed) {
  const observer = new ResizeObserver(changed);
  observer.observe(element);
  const stop = watchRatio(changed);
  return {
    disconnect() {
      observer.disconnect();
      stop();
    },
  };
}
