// The decoded image as a file: its own pixels, each enlarged to a square of whole pixels.

import { contextOf, element } from "../parts/dom.js";

/** @import { Numbers } from "../core/header.js" */

/** What the image shows, `of` being the name of a class. @typedef {{model: string, z: Numbers | null, of: string | null}} Shown */

const SIDE_PIXELS = 512; // the longer side of the file is at most this, unless the image is larger
const NAMED_IN_FILE = 12; // numbers of z in the file's name

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

/**
 * As in "mnist-2d z 0.42 -1.10.png", with the class that it is decoded as; a long z is cut.
 * @type {(model: string, z: Numbers, of?: string | null) => string}
 */
export function fileName(model, z, of = null) {
  const numbers = Array.from(z).slice(0, NAMED_IN_FILE).map((value) => value.toFixed(2));
  const parts = of === null ? [model] : [model, "class", of.replaceAll("/", "-")];
  const more = z.length > NAMED_IN_FILE ? " and more" : "";
  return `${[...parts, "z", ...numbers].join(" ")}${more}.png`;
}
