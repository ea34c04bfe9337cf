// A link to what the page shows: copied, or shown to copy by hand where the browser lets no page
// write to the clipboard.

import { button, element } from "./pad_dom.js";

const COPIED_MS = 1600;

/** Copy a link; `pressed`, the button, says so. Where that fails `root` gets a dialog with it. */
export async function shareLink(pressed, root, link) {
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    showLink(root, link);
    return;
  }
  const before = pressed.textContent;
  pressed.textContent = "link copied";
  pressed.disabled = true;
  setTimeout(() => {
    pressed.textContent = before;
    pressed.disabled = false;
  }, COPIED_MS);
}

function showLink(root, link) {
  const input = element("input", { type: "text", readOnly: true, value: link, "aria-label": "link" });
  const close = button("close", { onclick: () => dialog.close() });
  const title = element("h2", { textContent: "Copy this link" });
  const dialog = element("dialog", { class: "pad-help pad-link" }, title, input, close);
  dialog.onclose = () => dialog.remove();
  root.append(dialog);
  dialog.showModal();
  input.select();
}
