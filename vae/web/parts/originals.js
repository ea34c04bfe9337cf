// The images that the map was encoded from, fetched one at a time when the hand rests.
//
// An address ends in the hash of all images of the split: models that were encoded from the same ones
// share what has come.

import { fetchAnswer, putNewest } from "./fetched.js";

/**
 * @typedef {object} Originals
 * @property {() => boolean} absent
 * @property {() => boolean} failed
 * @property {(index: number) => Float32Array | null} at
 * @property {(indices: number[]) => Promise<boolean>} fetch
 */

const KEPT_ORIGINALS = 2000;
const KEPT_SPLITS = 4;
/** @type {Map<string, Originals>} */
const shared = new Map();

/**
 * Originals below `address` as `createOriginals` has them, with those that have come for another
 * model of the same images.
 * @type {(address: string | null) => Originals}
 */
export function originalsOf(address) {
  const hash = address?.split("/").at(-1) ?? "";
  const known = shared.get(hash);
  // what was absent when one model asked may be here for another
  if (known && !known.absent()) return known;
  const made = createOriginals(address);
  if (hash) putNewest(shared, hash, made, KEPT_SPLITS);
  return made;
}

/**
 * Originals below `address`, null where there are none to ask for. `at(index)` gives the pixels
 * of an image that is here already, or null; `fetch(indices)` resolves to whether new ones came.
 * `absent()` is true once the server said that these images are not on its machine, `failed()`
 * while the last ones asked for did not come.
 * @type {(address: string | null) => Originals}
 */
export function createOriginals(address) {
  /** @type {Map<number, Float32Array>} */
  const kept = new Map();
  let absent = !address;
  let failed = false;
  /** @type {(index: number) => Promise<void>} */
  const load = async (index) => {
    const answer = await fetchAnswer(`${address}/${index}`);
    if (answer.status === 204) {
      absent = true;
      return;
    }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    putNewest(kept, index, Float32Array.from(bytes, (byte) => byte / 255), KEPT_ORIGINALS);
  };
  return {
    absent: () => absent,
    failed: () => failed,
    at: (index) => kept.get(index) ?? null,
    async fetch(indices) {
      const missing = absent ? [] : [...new Set(indices)].filter((index) => !kept.has(index));
      if (!missing.length) return false;
      // one first: where these images are not here, no more are asked for
      const [first, ...others] = missing;
      try {
        await load(first);
        if (!absent) await Promise.all(others.map(load));
        failed = false;
      } catch {
        // asked for again when the hand rests the next time
        failed = true;
      }
      return true;
    },
  };
}
