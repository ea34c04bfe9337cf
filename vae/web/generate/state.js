// What the page shows, in its address: the view, the seed, the temperature and what a view adds.

import { queryWith } from "../parts/query.js";

/** @typedef {"draws" | "manifold" | "traversals" | "classes"} ViewName */

/**
 * What of the page stands in its address; `more` holds what belongs to one model only.
 * @typedef {{view: ViewName, seed: number, temperature: number, more: Record<string, string | null>}} State
 */

/** @type {Record<ViewName, string>} */
export const VIEWS = { draws: "Draws", manifold: "Manifold", traversals: "Traversals", classes: "By class" };
export const TEMPERATURE = { least: 0, most: 2, usual: 1 };
export const LARGEST_SEED = 999_999;
/** What belongs to one model alone: a plane, the part of it that is seen, a z, a class, a β. */
const OF_A_MODEL = ["plane", "map", "through", "class", "image", "steps", "rows", "beta"];

/**
 * The state that an address asks for, of a model, and what is `wrong` with it.
 * @type {(search: string, model: string) => State & {wrong: string | null}}
 */
export function readState(search, model) {
  const asked = new URLSearchParams(search);
  const own = (asked.get("of") ?? model) === model;
  /** @type {State & {wrong: string | null}} */
  const state = { view: "draws", seed: 0, temperature: TEMPERATURE.usual, more: {}, wrong: null };
  const view = asked.get("view");
  if (view !== null) {
    if (isView(view)) state.view = view;
    else state.wrong = wrongWords("view", view, `one of ${Object.keys(VIEWS).join(", ")}`);
  }
  const { least, most } = TEMPERATURE;
  for (const [name, low, high, whole] of /** @type {const} */ ([
    ["seed", 0, LARGEST_SEED, true],
    ["temperature", least, most, false],
  ])) {
    const text = asked.get(name);
    if (text === null) continue;
    const value = text.trim() ? Number(text) : NaN;
    if (value >= low && value <= high && (!whole || Number.isInteger(value))) state[name] = value;
    else state.wrong ??= wrongWords(name, text, `a ${whole ? "whole " : ""}number from ${low} to ${high}`);
  }
  for (const name of OF_A_MODEL) state.more[name] = own ? asked.get(name) : null;
  return state;
}

/** @type {(name: string) => name is ViewName} */
export function isView(name) {
  return Object.hasOwn(VIEWS, name);
}

/** @type {(name: string, text: string, good: string) => string} */
export function wrongWords(name, text, good) {
  return `The address asks for ${name} = “${text.slice(0, 40)}”, but that must be ${good}.`;
}

/**
 * The query with the page's part replaced; `whole` also names the model, as a link to share must.
 * @type {(search: string, model: string, state: State, whole?: boolean) => string}
 */
export function writeState(search, model, { view, seed, temperature, more }, whole = false) {
  const bound = Object.values(more).some((text) => text !== null);
  /** @type {Record<string, string | null>} */
  const named = whole ? { model } : {};
  return queryWith(search, {
    ...named,
    view,
    seed: String(seed),
    temperature: String(Number(temperature.toFixed(3))),
    ...more,
    of: bound ? model : null,
  });
}
