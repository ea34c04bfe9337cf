// The training image nearest to a picture, and whether the picture is a copy of it.

import { drawPixels } from "../core/decoder.js";
import { bytesOf } from "../parts/base64.js";
import { contextOf, element, shownNumber } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { numbersText } from "../parts/query.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Cell } from "./wall.js" */

/** @typedef {{row: number, pixels: string, distance: number, share: number, share_decoded: number | null, held_out: number, split: string}} Found */

const NOT_HERE = "The training images are not on this machine: there is no nearest one to show.";

/**
 * What to show of a cell's nearest training image, once the server has found it.
 * `beta` is what the decoder was told, null for a model of one β.
 * @type {(address: string, cell: Cell, shape: Shape, beta: number | null) => Promise<HTMLElement>}
 */
export async function nearestTo(address, { z, label }, shape, beta) {
  const query = new URLSearchParams({ z: numbersText(z) });
  if (label !== null) query.set("class", String(label));
  if (beta !== null) query.set("beta", String(beta));
  try {
    const answer = await fetch(`${address}?${query}`);
    if (answer.status === 204) return words(NOT_HERE);
    if (!answer.ok) return words(`The nearest training image did not come: ${await answer.text()}.`);
    return shown(await answer.json(), shape);
  } catch (error) {
    return words(`The nearest training image did not come: ${messageOf(error)}.`);
  }
}

/** @type {(text: string) => HTMLElement} */
export function words(text) {
  return element("p", { class: "gen-words", textContent: text });
}

/** @type {(found: Found, shape: Shape) => HTMLElement} */
function shown(found, shape) {
  const canvas = element("canvas", { class: "gen-nearest-picture", role: "img", "aria-label": "the nearest training image" });
  drawPixels(contextOf(canvas), Float32Array.from(bytesOf(found.pixels), (byte) => byte / 255), shape);
  const title = element("strong", { textContent: `nearest training image (row ${found.row.toLocaleString("en")})` });
  const text = element("div", {}, title, element("p", { class: "gen-words", textContent: copyWords(found) }));
  return element("div", { class: "gen-nearest", "data-testid": "nearest-training" }, canvas, text);
}

/** Whether it is a copy, by how often new images have a training image as near. @type {(found: Found) => string} */
export function copyWords({ distance, share, share_decoded: decoded, held_out: count, split }) {
  /** @type {(part: number) => string} */
  const percent = (part) => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;
  const least = 1 / (count + 1);
  const near = `Distance ${shownNumber(distance)} over pixels in [0, 1].`;
  const images = `${count} ${split} images`;
  if (share > least * 1.01) {
    return `${near} No sign of a copy: ${percent(share)} of ${images}, never trained on, have a training image as near.`;
  }
  if (decoded === null) {
    return `${near} Nearer than any of ${images} has one. How near their own reconstructions lie is known at β = 1 alone.`;
  }
  if (decoded > least * 1.01) {
    return `${near} Nearer than any of ${images} has one, but decoded pictures are smooth: so near lie ` +
      `${percent(decoded)} of those images' own reconstructions.`;
  }
  return `${near} Nearer than any of ${images} or of their reconstructions: this may be a copy.`;
}
