// Text into the clipboard, or shown to copy by hand where the browser lets no page write there.

import { button, element } from "./dom.js";

const COPIED_MS = 1600;

/**
 * Copy a text; `pressed`, the button, says so. Where that fails `root` gets a dialog with it.
 * @type {(root: HTMLElement, pressed: HTMLElement, text: string, done?: string) => Promise<void>}
 */
export async function copyText(root, pressed, text, done = "copied") {
  const usual = pressed.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    showText(root, text);
    return;
  }
  if (usual === done) return;
  pressed.textContent = done;
  setTimeout(() => {
    pressed.textContent = usual;
  }, COPIED_MS);
}

/**
 * Copy the link to this page with another query.
 * @type {(root: HTMLElement, pressed: HTMLElement, query: string) => Promise<void>}
 */
export function copyLink(root, pressed, query) {
  return copyText(root, pressed, `${location.origin}${location.pathname}${query}`, "link copied");
}

/** @type {(root: HTMLElement, text: string) => void} */
function showText(root, text) {
  const input = element("input", { type: "text", readOnly: true, value: text, "aria-label": "text to copy" });
  const close = button("close", { onclick: () => dialog.close() });
  const title = element("h2", { textContent: "Copy this" });
  const dialog = element("dialog", { class: "pad-help pad-link" }, title, input, close);
  dialog.onclose = () => dialog.remove();
  root.append(dialog);
  dialog.showModal();
  input.select();
}
