// The decoded image.

import { contextOf } from "../parts/dom.js";
import { decode, drawPixels } from "../core/decoder.js";
import { sampleImage } from "../core/random.js";

/** @import { Decoder, Network, Numbers } from "../core/header.js" */

/**
 * The decoded image on the page: `put` draws pixels, `draw` what the decoder makes of z.
 * @typedef {{put(pixels: Numbers): void, draw(z: Numbers): void, setLook(value: string): void}} Picture
 */

/**
 * Draw what a decoder makes of z on `refs.image`. `look` is "mean" or "sample": the mean pixels
 * of p(x|z), or one draw from it.
 * @type {(refs: {image: HTMLCanvasElement, picture: HTMLElement}, net: Decoder) => Picture}
 */
export function createPicture(refs, net) {
  const context = contextOf(refs.image);
  const drawn = new Float32Array(net.shape[0] * net.shape[1] * net.shape[2]);
  let look = "mean";
  /** @type {(z: Numbers) => Float32Array} */
  const pixelsOf = (z) => {
    if (net.remote) throw new Error("the server decodes for this model");
    const mean = decode(net, z);
    // `run` leaves its raw output in place, so a draw costs no second pass
    return look === "mean" ? mean : sampleImage(net.header, mean, net.run(z), drawn);
  };
  /** @type {(pixels: Numbers) => void} */
  const put = (pixels) => drawPixels(context, pixels, net.shape);
  refs.picture.style.setProperty("--pad-aspect", `${net.shape[2]} / ${net.shape[1]}`);
  return {
    put,
    draw: (z) => put(pixelsOf(z)),
    setLook(value) {
      look = value;
    },
  };
}

/**
 * A small still picture of mean pixels, of a class, on a canvas of its own.
 * @type {(net: Network, z: Numbers, label?: number) => HTMLCanvasElement}
 */
export function thumbnail(net, z, label = net.label) {
  const canvas = document.createElement("canvas");
  canvas.className = "pad-thumb";
  drawPixels(contextOf(canvas), decode(net, z, label), net.shape);
  return canvas;
}

/**
 * The same small picture of what a canvas shows now.
 * @type {(image: HTMLCanvasElement) => HTMLCanvasElement}
 */
export function copyOf(image) {
  const canvas = document.createElement("canvas");
  canvas.className = "pad-thumb";
  [canvas.width, canvas.height] = [image.width, image.height];
  contextOf(canvas).drawImage(image, 0, 0);
  return canvas;
}
