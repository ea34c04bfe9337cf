// Carrying a held image to the Interpolate page: dropped on its link in the sidebar, or by a key.

const CARRIED_KEY = "carried-image"; // in the tab's storage: {model, z, label}
const LINK = 'a[href$="interpolate"]'; // its address may be relative

/** Remember a place of a model, decoded as a class, and go to the Interpolate page, which takes it as an end. */
export function carryToInterpolate(model, z, label) {
  keepInTab(CARRIED_KEY, { model, z: Array.from(z), label });
  /** @type {HTMLAnchorElement | null} */
  const link = document.querySelector(LINK);
  if (link) link.click();
  else {
    const page = location.pathname.replace(/\/?$/, "/interpolate");
    location.assign(`${page}?model=${encodeURIComponent(model)}`);
  }
}

/** The {z, label} that was carried for this model, once; null where there is none. */
export function takeCarried(model) {
  const carried = readTab(CARRIED_KEY);
  keepInTab(CARRIED_KEY, null);
  const good = carried?.model === model && carried.z?.every?.((value) => Number.isFinite(value));
  return good ? { z: carried.z, label: carried.label ?? 0 } : null;
}

/** Keep a value for this tab of the browser, as far as it lets pages do so. */
export function keepInTab(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage is switched off or full: what would be remembered is only a convenience
  }
}

/** What this tab keeps under a key; null where it is nothing or cannot be read. */
export function readTab(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Let `root` be dragged onto the link; `place()` gives {model, z, label} when it is. */
export function makeCarried(root, place) {
  root.draggable = true;
  root.ondragstart = (event) => {
    const { model, z, label } = place();
    event.dataTransfer.setData("text/plain", `${model} z = ${Array.from(z)}`);
    event.dataTransfer.effectAllowed = "copy";
    root.ondragend = receiveOnLink(() => carryToInterpolate(model, z, label));
  };
}

// The page redraws its links as it likes, so the document listens, and only during a drag.
function receiveOnLink(drop) {
  const over = (event) => {
    if (!event.target.closest?.(LINK)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  };
  const dropped = (event) => {
    if (!event.target.closest?.(LINK)) return;
    event.preventDefault();
    // the page changes now: the picture may be gone before its drag has ended
    stop();
    drop();
  };
  /** @type {HTMLElement[]} */
  const links = Array.from(document.querySelectorAll(LINK));
  for (const link of links) link.style.outline = "2px dashed var(--st-primary-color, #c8360a)";
  const listeners = { dragenter: over, dragover: over, drop: dropped };
  for (const [name, hear] of Object.entries(listeners)) document.addEventListener(name, hear);
  const stop = () => {
    for (const link of links) link.style.outline = "";
    for (const [name, hear] of Object.entries(listeners)) document.removeEventListener(name, hear);
  };
  return stop;
}
