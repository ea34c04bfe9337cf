// The decoded image, and the words beside it when z is far from the training images.

import { decode, drawPixels } from "./decoder.js";
import { isFar } from "./pad_latent.js";
import { sampleImage } from "./pad_random.js";

const FAR_WORDS = "far from what the model was trained on";

/**
 * Draw what a decoder makes of z on `refs.image`. `look` is "mean" or "sample": the mean pixels
 * of p(x|z), or one draw from it.
 */
export function createPicture(refs, net) {
  const context = refs.image.getContext("2d");
  const drawn = new Float32Array(net.shape[0] * net.shape[1] * net.shape[2]);
  let far = null;
  let look = "mean";
  const pixelsOf = (z) => {
    const mean = decode(net, z);
    // `run` leaves its raw output in place, so a draw costs no second pass
    return look === "mean" ? mean : sampleImage(net.header, mean, net.run(z), drawn);
  };
  const put = (z, pixels) => {
    drawPixels(context, pixels, net.shape);
    const now = isFar(net.header, z);
    if (now === far) return;
    far = now;
    refs.imageBox.classList.toggle("pad-far", far);
    refs.farWords.textContent = far ? FAR_WORDS : "";
  };
  refs.imageBox.style.setProperty("--pad-aspect", `${net.shape[2]} / ${net.shape[1]}`);
  return {
    put,
    draw: (z) => put(z, pixelsOf(z)),
    setLook(value) {
      look = value;
    },
  };
}

/** A small still picture of mean pixels on a canvas of its own. */
export function thumbnail(net, z) {
  const canvas = document.createElement("canvas");
  canvas.className = "pad-thumb";
  drawPixels(canvas.getContext("2d"), decode(net, z), net.shape);
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
