// A file for the person to keep.

import { element } from "./dom.js";

const KEEP_MS = 60_000; // the browser has begun to read a file by then

/** @type {(blob: Blob, name: string) => void} */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name.replaceAll(/[/\\:]/g, "-") }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}
