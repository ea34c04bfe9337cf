// Both ends in the page's address, and what the browser's tab remembers of each model's ends.

import { endAt, numbersOf } from "./interpolate_ends.js";
import { keepInTab, readTab, takeCarried } from "./pad_carry.js";

const ENDS_KEY = "interpolate-ends"; // in the tab's storage: {model: {version, a: end, b: end}}
const NEXT_KEY = "interpolate-next"; // which end the next image that is dropped becomes
const WALK_KEY = "interpolate-walk";
const FARTHEST = 1e6; // as in ui/state.py

/**
 * The ends {a, b} of an address, each null where it says nothing of it, and `wrong`, a sentence
 * where it says what cannot be. An address that names another model (`of`) says nothing.
 */
export function endsOfAddress(search, model, zDim) {
  const parameters = new URLSearchParams(search);
  const found = { a: null, b: null, wrong: null };
  if ((parameters.get("of") ?? model) !== model) return found;
  for (const side of ["a", "b"]) {
    const text = parameters.get(side);
    if (text === null) continue;
    const z = text.slice(0, 10_000).split(",").map((part) => (part.trim() ? Number(part) : NaN));
    const good = z.length === zDim && z.every((v) => Number.isFinite(v) && Math.abs(v) <= FARTHEST);
    if (good) found[side] = endAt(z, "from the address");
    else found.wrong ??= wrongWords(side, text, zDim);
  }
  return found;
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
  const asked = endsOfAddress(search, model, zDim);
  const kept = recallEnds(model, zDim);
  const [a, b] = source.defaults();
  // an address knows only where an end is, the tab also where it came from
  const told = (side) => {
    const place = asked[side];
    if (!kept || (place && !sameEnd(kept[side], place))) return place;
    if (kept.version === version) return kept[side];
    // this tab wrote the address too: the image that it stood for lies elsewhere by now
    return kept[side].row === null ? place : null;
  };
  const ends = { a: told("a") ?? a, b: told("b") ?? b, ...carriedEnd(model, zDim) };
  return { ends, wrong: asked.wrong };
}

// an address holds six digits
function sameEnd(end, other) {
  return end.z.every((value, i) => Number(value.toPrecision(6)) === other.z[i]);
}

/** Write both ends and whose they are into the address, without an entry in the history. */
export function writeEnds(model, a, b) {
  const query = queryOf(location.search, model, a, b);
  if (query === location.search) return;
  history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
}

/** The query with our part replaced; `whole` also names the model, as a link to share must. */
export function queryOf(search, model, a, b, whole = false) {
  const parameters = new URLSearchParams(search);
  if (whole) parameters.set("model", model);
  parameters.set("of", model);
  parameters.set("a", numbersOf(a.z));
  parameters.set("b", numbersOf(b.z));
  return `?${parameters.toString().replaceAll("%2C", ",")}`;
}

/** Keep a model's ends for this tab, so that another page and back changes nothing. */
export function rememberEnds(model, version, a, b) {
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
  const z = takeCarried(model);
  if (z?.length !== zDim) return {};
  const side = readTab(NEXT_KEY) === "b" ? "b" : "a";
  keepInTab(NEXT_KEY, side === "a" ? "b" : "a");
  return { [side]: endAt(z, "image held on Explore") };
}

/** Keep how the path is walked: {steps, overshoot, t}. */
export function rememberWalk(walk) {
  keepInTab(WALK_KEY, walk);
}

/** How the path was walked last in this tab; {} where it was not. */
export function recallWalk() {
  const walk = readTab(WALK_KEY);
  return [walk?.steps, walk?.overshoot, walk?.t].every(Number.isFinite) ? walk : {};
}
