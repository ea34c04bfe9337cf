// The decoded image.

import { decode, drawPixels } from "../core/decoder.js";
import { sampleImage } from "../core/random.js";

/**
 * Draw what a decoder makes of z on `refs.image`. `look` is "mean" or "sample": the mean pixels
 * of p(x|z), or one draw from it.
 */
export function createPicture(refs, net) {
  const context = refs.image.getContext("2d");
  const drawn = new Float32Array(net.shape[0] * net.shape[1] * net.shape[2]);
  let look = "mean";
  const pixelsOf = (z) => {
    const mean = decode(net, z);
    // `run` leaves its raw output in place, so a draw costs no second pass
    return look === "mean" ? mean : sampleImage(net.header, mean, net.run(z), drawn);
  };
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

/** A small still picture of mean pixels, of a class, on a canvas of its own. */
export function thumbnail(net, z, label = net.label) {
  const canvas = document.createElement("canvas");
  canvas.className = "pad-thumb";
  drawPixels(canvas.getContext("2d"), decode(net, z, label), net.shape);
  return canvas;
}

/** The same small picture of what a canvas shows now. */
export function copyOf(image) {
  const canvas = document.createElement("canvas");
  canvas.className = "pad-thumb";
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas;
}
