// What the page shows, in its address: the images, the ends of the path, the seed of the draws.

import { queryWith } from "../parts/query.js";
import { COUNT } from "./pick.js";

/**
 * Rows of the split, null where the address names none; `large` is the image that is shown large.
 * @typedef {object} State
 * @property {number[] | null} images
 * @property {number[] | null} path rows of both ends
 * @property {number} time on the path, from 0 to 1
 * @property {number} seed of the draws
 * @property {number | null} large
 */

export const LARGEST_SEED = 999_999;
const HIGHEST_ROW = 999_999_999;
const USUAL_TIME = 0.5;

/**
 * What an address asks for, and what is `wrong` with it.
 * @type {(search: string) => State & {wrong: string | null}}
 */
export function readState(search) {
  const asked = new URLSearchParams(search);
  /** @type {State & {wrong: string | null}} */
  const state = { images: null, path: null, time: USUAL_TIME, seed: 0, large: null, wrong: null };
  /** @type {(name: string, text: string, good: string) => null} */
  const refuse = (name, text, good) => {
    state.wrong ??= `The address asks for ${name} = “${text.slice(0, 40)}”, but that must be ${good}.`;
    return null;
  };
  /** @type {(name: string, high: number, whole: boolean) => number | null} */
  const number = (name, high, whole) => {
    const text = asked.get(name);
    if (text === null) return null;
    const value = text.trim() ? Number(text) : NaN;
    if (value >= 0 && value <= high && (!whole || Number.isInteger(value))) return value;
    return refuse(name, text, `a ${whole ? "whole " : ""}number from 0 to ${high}`);
  };
  /** @type {(name: string, low: number, high: number, good: string) => number[] | null} */
  const rows = (name, low, high, good) => {
    const text = asked.get(name);
    if (text === null) return null;
    const parts = text.split(",");
    const fits = parts.length >= low && parts.length <= high && parts.every((part) => /^\d{1,9}$/.test(part));
    return fits ? parts.map(Number) : refuse(name, text, good);
  };
  state.images = rows("images", 1, COUNT, `up to ${COUNT} whole numbers with commas between them`);
  state.path = rows("path", 2, 2, "two whole numbers with a comma between them");
  state.time = number("at", 1, false) ?? USUAL_TIME;
  state.seed = number("seed", LARGEST_SEED, true) ?? 0;
  state.large = number("image", HIGHEST_ROW, true);
  return state;
}

/**
 * The query that shows this state of these models; the rest of it stays.
 * @type {(search: string, models: string[], state: State) => string}
 */
export function writeState(search, models, { images, path, time, seed, large }) {
  return queryWith(search, {
    models: models.join(","),
    images: images?.join(",") ?? null,
    path: path?.join(",") ?? null,
    at: String(Number(time.toFixed(3))),
    seed: String(seed),
    image: large === null ? null : String(large),
  });
}
