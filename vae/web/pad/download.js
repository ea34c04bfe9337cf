// The decoded image as a file: its own pixels, each enlarged to a square of whole pixels.

import { contextOf, element } from "../parts/dom.js";
import { fileName } from "../pictures/file_name.js";

/** @import { Numbers } from "../core/header.js" */

/** What the image shows, `of` being the name of a class. @typedef {{model: string, z: Numbers | null, of: string | null}} Shown */

const SIDE_PIXELS = 512; // the longer side of the file is at most this, unless the image is larger

/**
 * Let `button` save what `image`, a canvas of the image's own size, shows of `model` at `z`.
 * @type {(button: HTMLElement, image: HTMLCanvasElement, shown: () => Shown) => void}
 */
export function createDownload(button, image, shown) {
  button.onclick = () => {
    const { model, z, of } = shown();
    if (!z) return;
    enlarged(image).toBlob((blob) => {
      if (!blob) return;
      const address = URL.createObjectURL(blob);
      element("a", { href: address, download: fileName(model, z, of) }).click();
      // the browser has begun to read it by then
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    });
  };
}

/** @type {(image: HTMLCanvasElement) => HTMLCanvasElement} */
function enlarged(image) {
  const factor = Math.max(1, Math.floor(SIDE_PIXELS / Math.max(image.width, image.height)));
  const sheet = element("canvas", { width: image.width * factor, height: image.height * factor });
  const paper = contextOf(sheet);
  paper.imageSmoothingEnabled = false;
  paper.drawImage(image, 0, 0, sheet.width, sheet.height);
  return sheet;
}
