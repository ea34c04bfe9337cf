// Both ends and the walk between them in the page's address, and what the browser's tab remembers
// of each model's ends.

import { endAt, isEndKind } from "./ends.js";
import { FRAMES, OVERSHOOTS } from "./layout.js";
import { numbersText } from "../parts/query.js";
import { keepInTab, readTab, takeCarried } from "../parts/carry.js";

const ENDS_KEY = "interpolate-ends"; // in the tab's storage: {model: {version, a: end, b: end}}
const NEXT_KEY = "interpolate-next"; // which end the next image that is dropped becomes
const WALK_KEY = "interpolate-walk";
const FARTHEST = 1e6; // as in ui/state.py
// in this order: how far t may go depends on how far the path goes beyond its ends
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
const USUAL_WALK = { steps: FRAMES.first, overshoot: 0, t: 0.5 };

/** An address that names another model (`of`) says nothing of this one. */
function parametersOf(search, model) {
  const parameters = new URLSearchParams(search);
  return (parameters.get("of") ?? model) === model ? parameters : new URLSearchParams();
}

/**
 * The ends {a, b} of an address, each null where it says nothing of it, and `wrong`, a sentence
 * where it says what cannot be.
 */
export function endsOfAddress(search, model, source) {
  const parameters = parametersOf(search, model);
  const { zDim } = source.net;
  const found = { a: null, b: null, wrong: null };
  for (const side of ["a", "b"]) {
    const text = parameters.get(side);
    if (text === null) continue;
    const z = text.slice(0, 10_000).split(",").map((part) => (part.trim() ? Number(part) : NaN));
    const good = z.length === zDim && z.every((v) => Number.isFinite(v) && Math.abs(v) <= FARTHEST);
    if (good) found[side] = toldEnd(namedEnd(z, parameters.get(`${side}_is`), source), parameters, side);
    else found.wrong ??= wrongWords(side, text, zDim);
  }
  return found;
}

/** An end, decoded as the class that a link asks for. */
function toldEnd(end, parameters, side) {
  const text = parameters.get(`${side}_class`) ?? "";
  return /^\d{1,5}$/.test(text) ? { ...end, told: Number(text) } : end;
}

/** The end that a link's z and name stand for; an image only where the model has it just there. */
function namedEnd(z, name, source) {
  const [, row] = /^image-(\d{1,9})$/.exec(name ?? "") ?? [];
  const named = row === undefined ? null : source.ofImage(Number(row));
  if (named && sameEnd(named, { z })) return named;
  return source.imageAt(z) ?? endAt(z, isEndKind(name) ? name : "place");
}

function wrongWords(side, text, zDim) {
  const quoted = text.length <= 40 ? text : `${text.slice(0, 39)}…`;
  const many = zDim > 1 ? "s" : "";
  return `The address asks for ${side} = “${quoted}”, but this model takes ${zDim} finite ` +
    `number${many} with commas between; the path starts from other images instead.`;
}

/**
 * The ends {a, b} to begin with, and what is `wrong` with the address: what was carried here, else
 * what the address asks for, else what this tab remembers, else the model's own first ends. The tab
 * remembers ends of a `version` of the model: another file under the same name has other codes.
 */
export function firstEnds(source, model, version, search) {
  const { zDim } = source.net;
  const asked = endsOfAddress(search, model, source);
  const kept = recallEnds(model, zDim);
  // an address knows where an end is and of what kind, the tab also the name of its file
  const told = (side) => {
    const place = asked[side];
    if (!kept || (place && !sameEnd(kept[side], place))) return place;
    if (kept.version === version) return kept[side];
    // this tab wrote the address too: the image that it stood for lies elsewhere by now
    return kept[side].row === null ? place : null;
  };
  const ends = { a: told("a"), b: told("b"), ...carriedEnd(model, zDim) };
  // the model's own ends take a while to find: only where they are needed
  if (!ends.a || !ends.b) {
    const [a, b] = source.defaults();
    [ends.a, ends.b] = [ends.a ?? a, ends.b ?? b];
  }
  return { ends, wrong: asked.wrong };
}

// an address holds six digits
function sameEnd(end, other) {
  return numbersText(end.z) === numbersText(other.z);
}

/**
 * How the path is walked at first, {steps, overshoot, t}: as the address says, else as this tab
 * did last; and what is `wrong` with the address.
 */
export function firstWalk(search, model) {
  const parameters = parametersOf(search, model);
  const kept = readTab(WALK_KEY);
  const walk = Object.values(kept ?? {}).every(Number.isFinite) ? { ...USUAL_WALK, ...kept } : USUAL_WALK;
  const found = { ...walk, wrong: null };
  for (const [name, { good, words }] of Object.entries(WALK_RULES)) {
    const text = parameters.get(name);
    if (text === null) continue;
    const value = text.trim() ? Number(text) : NaN;
    if (good(value, found)) found[name] = value;
    else found.wrong ??= `The address asks for ${name} = “${text.slice(0, 40)}”, but that must be ${words}.`;
  }
  return found;
}

/** The query with our part replaced; `whole` also names the model, as a link to share must. */
export function queryOf(search, model, ends, walk, whole = false) {
  const parameters = new URLSearchParams(search);
  if (whole) parameters.set("model", model);
  parameters.set("of", model);
  for (const side of ["a", "b"]) {
    const { z, kind, row, label, told } = ends[side];
    // an image has a class of its own
    if (label === told || told === null) parameters.delete(`${side}_class`);
    else parameters.set(`${side}_class`, told);
    parameters.set(side, numbersText(z));
    if (kind === "place") parameters.delete(`${side}_is`);
    else parameters.set(`${side}_is`, kind === "image" ? `image-${row}` : kind);
  }
  parameters.set("t", String(Number(walk.t.toFixed(4))));
  parameters.set("steps", walk.steps);
  parameters.set("overshoot", walk.overshoot);
  return `?${parameters.toString().replaceAll("%2C", ",")}`;
}

/** Keep a model's ends for this tab, so that another page and back changes nothing. */
export function rememberEnds(model, version, { a, b }) {
  const plain = (end) => ({ ...end, z: Array.from(end.z) });
  const kept = { version, a: plain(a), b: plain(b) };
  keepInTab(ENDS_KEY, { ...readTab(ENDS_KEY), [model]: kept });
}

/** Ends of a model that this tab remembers: {version, a, b} or null. */
function recallEnds(model, zDim) {
  const kept = readTab(ENDS_KEY)?.[model];
  if (!kept || [kept.a, kept.b].some((end) => end?.z?.length !== zDim)) return null;
  const whole = (end) => ({ ...end, z: Float64Array.from(end.z) });
  return { version: kept.version, a: whole(kept.a), b: whole(kept.b) };
}

/** The end that a held image was carried to: {a} or {b}, first A, then B; {} where there is none. */
function carriedEnd(model, zDim) {
  const { z, label } = takeCarried(model) ?? {};
  if (z?.length !== zDim) return {};
  const side = readTab(NEXT_KEY) === "b" ? "b" : "a";
  keepInTab(NEXT_KEY, side === "a" ? "b" : "a");
  return { [side]: endAt(z, "held", { told: label }) };
}

/** Keep how the path is walked: {steps, overshoot, t}. */
export function rememberWalk(walk) {
  keepInTab(WALK_KEY, walk);
}
