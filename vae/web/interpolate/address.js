// Both ends and the walk between them in the page's address, and what the browser's tab remembers
// of each model's ends.

import { endAt, isEndKind } from "./ends.js";
import { FRAMES, OVERSHOOTS } from "./layout.js";
import { numbersText } from "../parts/query.js";
import { keepInTab, readTab, takeCarried } from "../parts/carry.js";

/** @import { Numbers } from "../core/header.js" */
/** @import { End, EndSource, Ends } from "./ends.js" */

/** @typedef {"a" | "b"} Side */
/** @typedef {{a: End | null, b: End | null}} Found */

/**
 * How the path is walked: images on a strip, how far it goes beyond its ends, and where it is.
 * @typedef {{steps: number, overshoot: number, t: number}} Walk
 */

/** An end as the tab keeps it. @typedef {Omit<End, "z"> & {z: number[]}} KeptEnd */

/** @type {Side[]} */
export const SIDES = ["a", "b"];
/** @type {(keyof Walk)[]} */
const WALK_NAMES = ["overshoot", "steps", "t"]; // how far t may go depends on the overshoot
const ENDS_KEY = "interpolate-ends"; // in the tab's storage: {model: {version, a: end, b: end}}
const NEXT_KEY = "interpolate-next"; // which end the next image that is dropped becomes
const WALK_KEY = "interpolate-walk";
const FARTHEST = 1e6; // as in ui/state.py
/** @type {Record<keyof Walk, {good: (value: number, walk: Walk) => boolean, words: string}>} */
const WALK_RULES = {
  overshoot: {
    good: (value) => OVERSHOOTS.some(([one]) => Number(one) === value),
    words: `one of ${OVERSHOOTS.map(([value]) => value).join(", ")}`,
  },
  steps: {
    good: (value) => Number.isInteger(value) && value >= FRAMES.least && value <= FRAMES.most,
    words: `a whole number from ${FRAMES.least} to ${FRAMES.most}`,
  },
  t: {
    good: (value, { overshoot }) => value >= -overshoot && value <= 1 + overshoot,
    words: "a number on the path: 0 is A, 1 is B",
  },
};
/** @type {Walk} */
const USUAL_WALK = { steps: FRAMES.first, overshoot: 0, t: 0.5 };

/**
 * An address that names another model (`of`) says nothing of this one.
 * @type {(search: string, model: string) => URLSearchParams}
 */
function parametersOf(search, model) {
  const parameters = new URLSearchParams(search);
  return (parameters.get("of") ?? model) === model ? parameters : new URLSearchParams();
}

/**
 * The ends {a, b} of an address, each null where it says nothing of it, and `wrong`, a sentence
 * where it says what cannot be.
 * @type {(search: string, model: string, source: EndSource) => Found & {wrong: string | null}}
 */
export function endsOfAddress(search, model, source) {
  const parameters = parametersOf(search, model);
  const { zDim, classes } = source.net;
  /** @type {Found & {wrong: string | null}} */
  const found = { a: null, b: null, wrong: null };
  for (const side of SIDES) {
    const label = parameters.get(`${side}_class`);
    const known = label !== null && isClass(label, classes);
    if (label !== null && !known) found.wrong ??= wrongClass(side, label, classes);
    const text = parameters.get(side);
    if (text === null) continue;
    const z = text.slice(0, 10_000).split(",").map((part) => (part.trim() ? Number(part) : NaN));
    const good = z.length === zDim && z.every((v) => Number.isFinite(v) && Math.abs(v) <= FARTHEST);
    if (good) {
      const end = namedEnd(z, parameters.get(`${side}_is`), source);
      found[side] = known ? { ...end, told: Number(label) } : end;
    } else found.wrong ??= wrongWords(side, text, zDim);
  }
  return found;
}

/**
 * The end that a link's z and name stand for; an image only where the model has it just there.
 * @type {(z: number[], name: string | null, source: EndSource) => End}
 */
function namedEnd(z, name, source) {
  const [, row] = /^image-(\d{1,9})$/.exec(name ?? "") ?? [];
  const named = row === undefined ? null : source.ofImage(Number(row));
  if (named && sameEnd(named, { z })) return named;
  return source.imageAt(z) ?? endAt(z, name !== null && isEndKind(name) ? name : "place");
}

/** @type {(text: string, classes: number) => boolean} */
function isClass(text, classes) {
  return /^\d{1,5}$/.test(text) && Number(text) < classes;
}

/** @type {(side: string, text: string, classes: number) => string} */
function wrongClass(side, text, classes) {
  const known = classes
    ? `this model has the classes 0 to ${classes - 1}; the end's usual class is taken instead.`
    : "this model is told no class; it is left out.";
  return `The address asks for ${side}_class = ${quoted(text)}, but ${known}`;
}

/** At most 40 characters. @type {(text: string) => string} */
function quoted(text) {
  return `“${text.length <= 40 ? text : `${text.slice(0, 39)}…`}”`;
}

/** @type {(side: string, text: string, zDim: number) => string} */
function wrongWords(side, text, zDim) {
  const many = zDim > 1 ? "s" : "";
  return `The address asks for ${side} = ${quoted(text)}, but this model takes ${zDim} finite ` +
    `number${many} with commas between; the path starts from other images instead.`;
}

/**
 * The ends {a, b} to begin with, and what is `wrong` with the address: what was carried here, else
 * what the address asks for, else what this tab remembers, else the model's own first ends. The tab
 * remembers ends of a `version` of the model: another file under the same name has other codes.
 * @type {(source: EndSource, model: string, version: string, search: string) => {ends: Ends, wrong: string | null}}
 */
export function firstEnds(source, model, version, search) {
  const { zDim } = source.net;
  const asked = endsOfAddress(search, model, source);
  const kept = recallEnds(model, zDim);
  // an address knows where an end is and of what kind, the tab also the name of its file
  /** @type {(side: Side) => End | null} */
  const told = (side) => {
    const place = asked[side];
    if (!kept || (place && !sameEnd(kept[side], place))) return place;
    if (kept.version === version) return kept[side];
    // this tab wrote the address too: the image that it stood for lies elsewhere by now
    return kept[side].row === null ? place : null;
  };
  const { a, b } = { a: told("a"), b: told("b"), ...carriedEnd(model, zDim) };
  if (a && b) return { ends: { a, b }, wrong: asked.wrong };
  // the model's own ends take a while to find: only where they are needed
  const [first, second] = source.defaults();
  return { ends: { a: a ?? first, b: b ?? second }, wrong: asked.wrong };
}

// an address holds six digits
/** @type {(end: {z: Numbers}, other: {z: Numbers}) => boolean} */
function sameEnd(end, other) {
  return numbersText(end.z) === numbersText(other.z);
}

/**
 * How the path is walked at first, {steps, overshoot, t}: as the address says, else as this tab
 * did last; and what is `wrong` with the address.
 * @type {(search: string, model: string) => Walk & {wrong: string | null}}
 */
export function firstWalk(search, model) {
  const parameters = parametersOf(search, model);
  const kept = /** @type {Partial<Walk> | null} */ (readTab(WALK_KEY));
  const walk = Object.values(kept ?? {}).every(Number.isFinite) ? { ...USUAL_WALK, ...kept } : USUAL_WALK;
  /** @type {Walk & {wrong: string | null}} */
  const found = { ...walk, wrong: null };
  for (const name of WALK_NAMES) {
    const { good, words } = WALK_RULES[name];
    const text = parameters.get(name);
    if (text === null) continue;
    const value = text.trim() ? Number(text) : NaN;
    if (good(value, found)) found[name] = value;
    else found.wrong ??= `The address asks for ${name} = “${text.slice(0, 40)}”, but that must be ${words}.`;
  }
  return found;
}

/**
 * The query with our part replaced; `whole` also names the model, as a link to share must.
 * @type {(search: string, model: string, ends: Ends, walk: Walk, whole?: boolean) => string}
 */
export function queryOf(search, model, ends, walk, whole = false) {
  const parameters = new URLSearchParams(search);
  if (whole) parameters.set("model", model);
  parameters.set("of", model);
  for (const side of SIDES) {
    const { z, kind, row, label, told } = ends[side];
    // an image has a class of its own
    if (label === told || told === null) parameters.delete(`${side}_class`);
    else parameters.set(`${side}_class`, String(told));
    parameters.set(side, numbersText(z));
    if (kind === "place") parameters.delete(`${side}_is`);
    else parameters.set(`${side}_is`, kind === "image" ? `image-${row}` : kind);
  }
  parameters.set("t", String(Number(walk.t.toFixed(4))));
  parameters.set("steps", String(walk.steps));
  parameters.set("overshoot", String(walk.overshoot));
  return `?${parameters.toString().replaceAll("%2C", ",")}`;
}

/**
 * Keep a model's ends for this tab, so that another page and back changes nothing.
 * @type {(model: string, version: string, ends: Ends) => void}
 */
export function rememberEnds(model, version, { a, b }) {
  /** @type {(end: End) => KeptEnd} */
  const plain = (end) => ({ ...end, z: Array.from(end.z) });
  const kept = { version, a: plain(a), b: plain(b) };
  keepInTab(ENDS_KEY, { ...readEnds(), [model]: kept });
}

/**
 * Ends of a model that this tab remembers: {version, a, b} or null.
 * @type {(model: string, zDim: number) => (Ends & {version: string}) | null}
 */
function recallEnds(model, zDim) {
  const kept = readEnds()?.[model];
  if (!kept || [kept.a, kept.b].some((end) => end?.z?.length !== zDim)) return null;
  /** @type {(end: KeptEnd) => End} */
  const whole = (end) => ({ ...end, z: Float64Array.from(end.z) });
  return { version: kept.version, a: whole(kept.a), b: whole(kept.b) };
}

function readEnds() {
  const kept = readTab(ENDS_KEY);
  return /** @type {Record<string, {version: string, a: KeptEnd, b: KeptEnd}> | null} */ (kept);
}

/**
 * The end that a held image was carried to: {a} or {b}, first A, then B; {} where there is none.
 * @type {(model: string, zDim: number) => Partial<Ends>}
 */
function carriedEnd(model, zDim) {
  const carried = takeCarried(model);
  if (!carried || carried.z.length !== zDim) return {};
  const side = readTab(NEXT_KEY) === "b" ? "b" : "a";
  keepInTab(NEXT_KEY, side === "a" ? "b" : "a");
  return { [side]: endAt(carried.z, "held", { told: carried.label }) };
}

/** Keep how the path is walked: {steps, overshoot, t}. @type {(walk: Walk) => void} */
export function rememberWalk(walk) {
  keepInTab(WALK_KEY, walk);
}
