// What the pad shows in the page's address, so that a link shows the same picture. The second pad
// of a pair has names of its own, with a letter before them.

import { numbersText } from "../parts/query.js";

/** @import { Numbers } from "../core/header.js" */
/** @import { Layers } from "../plane/plane.js" */
/** @import { View } from "../plane/view.js" */
/** @import { HandsMode } from "./pair.js" */

/**
 * A view of a model that is not its first one: null where it is as usual.
 * @typedef {object} PadView
 * @property {Numbers | null} z
 * @property {number | null} label the class that z is decoded as, NaN for what is no number
 * @property {number | null} beta NaN for what is no number
 * @property {string | null} axes
 * @property {View | null} view
 * @property {Layers | null} layers
 * @property {number[]} hidden
 */

/**
 * What an address asks of a pad; `hands` is how a pair is linked.
 * @typedef {PadView & {model: string | null, hands: HandsMode | null}} Address
 */

/**
 * What goes into an address.
 * @typedef {PadView & {z: Numbers, model?: string, other?: string | null, hands?: HandsMode | null}} Place
 */

const OURS = ["z", "class", "beta", "axes", "view", "layers", "hide"];
const BESIDE_LETTER = "b";
const LAYER_LETTERS = { points: "p", rings: "r", backdrop: "m" };
/** @type {HandsMode[]} */
const HANDS_MODES = ["apart", "z", "image"];
const FARTHEST_HELD = 1e6; // as in ui/state.py

/**
 * What an address asks of a pad: {model, z, label, beta, axes, view, layers, hidden, hands}, null
 * where it says nothing. `hands` is how a pair is linked.
 * @type {(search: string, beside?: boolean) => Address}
 */
export function readAddress(search, beside = false) {
  const parameters = new URLSearchParams(search);
  /** @type {(name: string) => string | null} */
  const read = (name) => parameters.get(nameOf(name, beside));
  /** @type {(name: string) => number[]} */
  const numbers = (name) => (read(name) ?? "").split(",").filter(Boolean).map(Number);
  const [cx, cy, span] = numbers("view");
  const good = [cx, cy, span].every(Number.isFinite) && span > 0;
  const letters = read("layers");
  return {
    model: parameters.get(beside ? "beside" : "model"),
    z: read("z") === null ? null : Float64Array.from(numbers("z")),
    label: numberOf(read("class")),
    beta: numberOf(read("beta")),
    axes: read("axes"),
    view: good ? { cx, cy, span } : null,
    layers: letters === null ? null : layersOf(letters),
    hidden: numbers("hide").filter(Number.isInteger),
    hands: HANDS_MODES.find((mode) => mode === parameters.get("hands")) ?? null,
  };
}

/** What is no number is NaN, which no model has. @type {(text: string | null) => number | null} */
function numberOf(text) {
  if (text === null) return null;
  return text.trim() ? Number(text) : NaN;
}

/**
 * The class to begin with: the one that is asked for where a model has it, else the first. The
 * server says where an address asks for another one.
 * @type {(asked: number | null | undefined, classes: number) => number}
 */
export function firstClass(asked, classes) {
  return typeof asked === "number" && Number.isInteger(asked) && asked >= 0 && asked < classes ? asked : 0;
}

/** @type {(name: string, beside: boolean) => string} */
function nameOf(name, beside) {
  return beside ? `${BESIDE_LETTER}${name}` : name;
}

/**
 * The z of an address where it is a place of a model with so many dimensions, else null.
 * @type {(address: {z: Numbers | null} | null, zDim: number) => Float64Array | null}
 */
export function placeInAddress(address, zDim) {
  const z = Float64Array.from(address?.z ?? []);
  const good = z.length === zDim && z.every((value) => Math.abs(value) <= FARTHEST_HELD);
  return good ? z : null;
}

/**
 * What is wrong with the z that an address asks of the second pad.
 * @type {(zDim: number) => string}
 */
export function wrongPlace(zDim) {
  const numbers = `${zDim} finite number${zDim > 1 ? "s" : ""}`;
  return `The address asks for bz, which this model takes as ${numbers} with commas between; ` +
    "started from where it was instead.";
}

/** @type {(letters: string) => Layers} */
function layersOf(letters) {
  const { points, rings, backdrop } = LAYER_LETTERS;
  return {
    points: letters.includes(points),
    rings: letters.includes(rings),
    backdrop: letters.includes(backdrop),
  };
}

/**
 * The query of an address with a pad's part replaced and everybody else's kept. `place` is
 * {model, z, label, axes, view, layers, hidden}, and of the first pad of a pair also which model is
 * `other` and how the `hands` are linked; what is null or empty stays out of the address.
 * @type {(search: string, place: Place, beside?: boolean) => string}
 */
export function writeAddress(search, place, beside = false) {
  const parameters = new URLSearchParams(search);
  /** @type {Record<string, string | null>} */
  const texts = {
    z: numbersText(place.z),
    class: place.label === null ? null : String(place.label),
    beta: place.beta === null ? null : String(Number(place.beta.toPrecision(4))),
    axes: place.axes,
    view: place.view && numbersText([place.view.cx, place.view.cy, place.view.span]),
    layers: place.layers && lettersOf(place.layers),
    hide: place.hidden.length ? place.hidden.join(",") : null,
  };
  for (const name of OURS) put(parameters, nameOf(name, beside), texts[name]);
  if (beside) return readable(parameters);
  put(parameters, "beside", place.other);
  put(parameters, "hands", place.other && place.hands);
  if (!place.other) for (const name of OURS) parameters.delete(nameOf(name, true));
  if (place.model) parameters.set("model", place.model);
  return readable(parameters);
}

/** @type {(parameters: URLSearchParams, name: string, text: string | null | undefined) => void} */
function put(parameters, name, text) {
  if (text === null || text === undefined) parameters.delete(name);
  else parameters.set(name, text);
}

// commas are allowed in a query and keep the address readable
/** @type {(parameters: URLSearchParams) => string} */
function readable(parameters) {
  const text = parameters.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

/** @type {(layers: Layers) => string} */
function lettersOf(layers) {
  const { points, rings, backdrop } = LAYER_LETTERS;
  const letters = [layers.points && points, layers.rings && rings, layers.backdrop && backdrop];
  return letters.filter(Boolean).join("") || "-";
}
