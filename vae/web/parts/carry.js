// Carrying a held image to the Interpolate page: dropped on its link in the sidebar, or by a key.

const CARRIED_KEY = "carried-image"; // in the tab's storage: {model, z, label}
const LINK = 'a[href$="interpolate"]'; // its address may be relative

/**
 * Remember a place of a model, decoded as a class, and go to the Interpolate page, which takes it
 * as an end.
 * @type {(model: string, z: ArrayLike<number>, label: number) => void}
 */
export function carryToInterpolate(model, z, label) {
  keepInTab(CARRIED_KEY, { model, z: Array.from(z), label });
  /** @type {HTMLAnchorElement | null} */
  const link = document.querySelector(LINK);
  if (link) link.click();
  // every page's address ends in one name below the server's own
  else location.assign(`./interpolate?model=${encodeURIComponent(model)}`);
}

/**
 * The place that was carried for this model, once; null where there is none.
 * @type {(model: string) => {z: number[], label: number} | null}
 */
export function takeCarried(model) {
  const carried = /** @type {{model?: string, z?: unknown, label?: number} | null} */ (readTab(CARRIED_KEY));
  keepInTab(CARRIED_KEY, null);
  const z = carried?.model === model ? carried.z : null;
  return Array.isArray(z) && z.every(Number.isFinite) ? { z, label: carried?.label ?? 0 } : null;
}

/**
 * Keep a value for this tab of the browser, as far as it lets pages do so.
 * @type {(key: string, value: unknown) => void}
 */
export function keepInTab(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage is switched off or full: what would be remembered is only a convenience
  }
}

/**
 * What this tab keeps under a key; null where it is nothing or cannot be read. Whoever kept it may
 * have been another version of this page, so the reader checks what it takes.
 * @type {(key: string) => unknown}
 */
export function readTab(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Let `root` be dragged onto the link; `place()` gives {model, z, label} when it is.
 * @type {(root: HTMLElement, place: () => {model: string, z: ArrayLike<number>, label: number}) => void}
 */
export function makeCarried(root, place) {
  root.draggable = true;
  root.ondragstart = (event) => {
    const { model, z, label } = place();
    if (!event.dataTransfer) return;
    event.dataTransfer.setData("text/plain", `${model} z = ${Array.from(z)}`);
    event.dataTransfer.effectAllowed = "copy";
    root.ondragend = receiveOnLink(() => carryToInterpolate(model, z, label));
  };
}

/** @type {(event: DragEvent) => boolean} */
function isOnLink({ target }) {
  return target instanceof Element && target.closest(LINK) !== null;
}

// The page redraws its links as it likes, so the document listens, and only during a drag.
/** @type {(drop: () => void) => () => void} */
function receiveOnLink(drop) {
  /** @type {(event: DragEvent) => void} */
  const over = (event) => {
    if (!isOnLink(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  };
  /** @type {(event: DragEvent) => void} */
  const dropped = (event) => {
    if (!isOnLink(event)) return;
    event.preventDefault();
    // the page changes now: the picture may be gone before its drag has ended
    stop();
    drop();
  };
  /** @type {HTMLElement[]} */
  const links = Array.from(document.querySelectorAll(LINK));
  for (const link of links) link.style.outline = "2px dashed var(--st-primary-color, #c8360a)";
  document.addEventListener("dragenter", over);
  document.addEventListener("dragover", over);
  document.addEventListener("drop", dropped);
  const stop = () => {
    for (const link of links) link.style.outline = "";
    document.removeEventListener("dragenter", over);
    document.removeEventListener("dragover", over);
    document.removeEventListener("drop", dropped);
  };
  return stop;
}
