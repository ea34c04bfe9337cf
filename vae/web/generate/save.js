// Files to keep: pictures in their own pixels (PNG), their z (CSV), and a set of draws (npz).

import { button, element } from "../parts/dom.js";
import { nextTask } from "../parts/next_task.js";
import { save } from "../parts/save.js";
import { npz } from "../pictures/npz.js";

/** @import { Numbers } from "../core/header.js" */
/** @import { Opened } from "./generate.js" */
/** @import { Reader } from "./reader.js" */
/** @import { Noise, Source } from "../core/source.js" */
/** @import { Cell } from "./wall.js" */

/** What a file holds: its pictures beside each other in rows of `columns`, and where they come from. */
/** @typedef {{name: string, canvas: HTMLCanvasElement, columns: number, cells: Cell[]}} Kept */

/** @typedef {{opened: Opened, source: Source, noise: Noise[], temperature: number, labelOf: (k: number) => number | null, reader: Reader, about: string}} Set */

const PIECE = 64; // draws between two looks at the hand

/** The buttons "PNG" and "CSV"; `kept()` says what they save. @type {(kept: () => Kept | null) => HTMLElement} */
export function saveButtons(kept) {
  const png = button("PNG", { title: "these pictures in their own pixels" });
  const csv = button("CSV", { title: "the z of these pictures" });
  png.onclick = () => {
    const found = kept();
    found?.canvas.toBlob((blob) => blob && save(blob, `${found.name}.png`));
  };
  csv.onclick = () => {
    const found = kept();
    if (found) save(new Blob([csvOf(found.cells)], { type: "text/csv" }), `${found.name}.csv`);
  };
  return element("span", { class: "gen-line" }, element("span", { class: "gen-words", textContent: "save" }), png, csv);
}

/**
 * A line for each picture: its number from 1, the class that it was decoded as, and z with all digits.
 * @type {(cells: Cell[]) => string}
 */
export function csvOf(cells) {
  const told = cells.some(({ label }) => label !== null);
  const names = Array.from({ length: cells[0]?.z.length ?? 0 }, (_, i) => `z${i + 1}`);
  const head = ["picture", ...(told ? ["class"] : []), ...names].join(",");
  const lines = cells.map(({ z, label }, k) => [k + 1, ...(told ? [label ?? ""] : []), ...Array.from(z)].join(","));
  return `${[head, ...lines].join("\r\n")}\r\n`;
}

/**
 * A set of draws as arrays: images uint8 (N, C, H, W), z float32 (N, z_dim), label int64 (N,), and
 * its confidence. `progress(share)` follows it; null where that says to stop.
 * @type {(set: Set, progress: (share: number) => boolean) => Promise<Blob | null>}
 */
export async function setOfDraws({ opened, source, noise, temperature, labelOf, reader, about }, progress) {
  const { net, many } = opened;
  const [count, size] = [noise.length, net.pixels.length];
  const images = new Uint8ClampedArray(count * size);
  const z = new Float32Array(count * net.zDim);
  const label = new BigInt64Array(count).fill(-1n);
  const confidence = new Float32Array(count);
  for (let first = 0; first < count; first += PIECE) {
    /** @type {Float32Array[]} */
    const seen = [];
    const places = noise.slice(first, first + PIECE).map((one, k) => source.place(one, temperature, labelOf(first + k)));
    many.decode(places, (k) => labelOf(first + k), (pixels, k) => {
      for (let i = 0; i < size; i++) images[(first + k) * size + i] = 255 * pixels[i];
      z.set(/** @type {ArrayLike<number>} */ (places[k]), (first + k) * net.zDim);
      seen.push(pixels.slice());
    });
    const opinions = net.classes ? [] : (reader.classifier?.opinions(seen) ?? []);
    seen.forEach((_, k) => {
      const told = labelOf(first + k);
      label[first + k] = BigInt(told ?? opinions[k]?.label ?? -1);
      confidence[first + k] = told === null ? (opinions[k]?.confidence ?? 0) : 1;
    });
    if (!progress(Math.min(1, (first + PIECE) / count))) return null;
    await nextTask();
  }
  return npz({
    images: { values: new Uint8Array(images.buffer), shape: [count, ...net.shape] },
    z: { values: z, shape: [count, net.zDim] },
    label: { values: label, shape: [count] },
    confidence: { values: confidence, shape: [count] },
    about,
  });
}
