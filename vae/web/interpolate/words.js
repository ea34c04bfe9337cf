// What the page says of a model's paths, and the text that it hands to the clipboard.

import { shownNumber } from "../parts/dom.js";
import { headerOfClass } from "../core/class_prior.js";
import { logDensity } from "../core/density.js";
import { nearestDistance, typicalLogPrior } from "../core/paths.js";

/** @import { Decoder, NetworkHeader, Numbers, Points } from "../core/header.js" */
/** @import { End, Ends } from "./ends.js" */
/** @import { InterpolatorRefs, Method } from "./layout.js" */

/** @typedef {{methods: Method[], steps: number, overshoot: number, zoom: number}} CommandOptions */

/** log p(z) in nats. @typedef {(z: Numbers) => number} LogDensity */

/** Mean and standard deviation of what is measured over draws of the prior. @typedef {{mean: number, spread: number}} Typical */

/**
 * What is measured along a path.
 * @typedef {object} Quantity
 * @property {string} name
 * @property {string} unit
 * @property {string} about
 * @property {(label: number | null) => Typical | null} typical where a class, or none, is told
 * @property {(z: Numbers, label: number | null) => number} of
 * @property {boolean} slow whether a curve of it takes longer than a frame
 * @property {(value: number) => string} short
 * @property {(low: number, high: number) => string} scaleWords
 */

/**
 * What is measured along a path: {name, unit, about, of(z, label), short(value),
 * scaleWords(low, high), typical(label)}. The prior's density, by `computed` where that is a flow's;
 * where it is not known, how far the nearest encoded image is; else null.
 * @type {(header: NetworkHeader, points: Points | null, computed?: LogDensity | null) => Quantity | null}
 */
export function quantityOf(header, points, computed = null) {
  if (header.latent.by_class) return densityOfClasses(header);
  const density = computed ?? logDensity(header.latent);
  if (density) return { ...densityOf(header, density), slow: computed !== null };
  return points?.count ? distanceTo(points, header) : null;
}

/** @type {(header: NetworkHeader, density: LogDensity) => Quantity} */
function densityOf({ z_dim: zDim, latent }, density) {
  const typical = latent.rings ? typicalLogPrior(zDim) : latent.typical ?? null;
  const shaded = typical && `Shaded: where draws of it lie, ${shownNumber(typical.mean, 1)} ± ` +
    `${typical.spread.toFixed(1)} nats (mean ± 1 sd).`;
  return {
    name: "log prior density",
    unit: "nats",
    scaleWords: (low, high) =>
      `curve: log p(z), scale ${shownNumber(low, 1)} to ${shownNumber(high, 1)} nats`,
    about: `Curves: log density of the prior${latent.rings ? ", a standard normal," : ""} along each ` +
      `path.${shaded ? ` ${shaded}` : ""}`,
    typical: () => typical,
    of: density,
    slow: false,
    short: (value) => (Number.isNaN(value) ? "log p(z) not known so far out" : `log p(z) ${shownNumber(value, 1)} nats`),
  };
}

/**
 * Where each class has a prior of its own: that of the class which is told at each place of a path.
 * @type {(header: NetworkHeader) => Quantity}
 */
function densityOfClasses(header) {
  const mixture = densityOf(header, logDensity(header.latent) ?? (() => NaN));
  const told = (header.latent.mixture?.loc ?? []).map((_, label) => headerOfClass(header, label));
  const each = told.map((one) => densityOf(one, logDensity(one.latent) ?? (() => NaN)));
  return {
    ...mixture,
    name: "log density of the class's prior",
    about: "Curves: log density of the prior of the class that is told, along each path. Shaded: where draws of it " +
      "lie (mean ± 1 sd).",
    scaleWords: (low, high) => `curve: log p(z|y), scale ${shownNumber(low, 1)} to ${shownNumber(high, 1)} nats`,
    short: (value) => `log p(z|y) ${shownNumber(value, 1)} nats`,
    of: (z, label) => (label === null ? mixture : each[label]).of(z, label),
    typical: (label) => (label === null ? mixture : each[label]).typical(label),
  };
}

/** @type {(points: Points, header: NetworkHeader) => Quantity} */
function distanceTo(points, { has_density: hasDensity }) {
  const why = hasDensity ? "The density of this prior is not known here" : "This model has no prior density";
  return {
    name: "distance to the nearest encoded image",
    unit: "",
    scaleWords: (low, high) =>
      `curve: distance to the nearest encoded image, scale ${shownNumber(low)} to ${shownNumber(high)}`,
    about: `${why}: the curves show how far the nearest of ${points.count.toLocaleString("en")} encoded ` +
      "images is along each path, in units of z.",
    typical: () => null,
    slow: false,
    of: (z) => nearestDistance(points, z),
    short: (value) => `nearest image ${shownNumber(value)}`,
  };
}

/**
 * Say what the curves show, and where a model is told another class.
 * @type {(net: Decoder, quantity: Quantity | null) => string}
 */
export function aboutText({ classes }, quantity) {
  const told = "This decoder is told a class beside z: that of A up to half-way, then that of B.";
  return [classes ? told : "", quantity?.about ?? ""].filter(Boolean).join(" ");
}

/** Say what plane the map shows. @type {(header: NetworkHeader) => string} */
export function mapText({ z_dim: zDim, latent, has_density: hasDensity }) {
  const around = hasDensity ? " Around an encoded image: its posterior, at 1σ and 2σ." : "";
  if (zDim === 1) return `One dimension has no arc: both paths are the same line.${around}`;
  if (zDim === 2) return `Drag A and B, or press beside them.${around}`;
  const ring = latent.rings ? ` The circle is the typical |z| of the prior, √${zDim}.` : "";
  return "The plane through A, B and the origin holds both paths exactly. The encoded images are " +
    `projected on it, nearer to the middle than they are.${ring}${around}`;
}

/**
 * Say in words where on the paths the page is, for those who do not see it.
 * @type {(refs: InterpolatorRefs, ends: Ends, routes: Method[], t: number) => void}
 */
export function describeWalk(refs, ends, routes, t) {
  const place = `t = ${shownNumber(t)}`;
  const cells = refs.middles.map((cell, i) => `${routes[i].words} ${cell.numbers.textContent}`);
  refs.slider.setAttribute("aria-valuetext", place);
  refs.live.textContent = `position ${shownNumber(t)}: ${cells.join("; ")}`;
  refs.middles.forEach((cell, i) => cell.canvas.setAttribute(
    "aria-label", `${routes[i].words} path at ${place}, ${cell.numbers.textContent}`));
  const names = `A: ${ends.a.words}, B: ${ends.b.words}`;
  refs.plane.setAttribute("aria-label", `map of the paths; ${names}; ${place}`);
}

/**
 * The same path as a command line.
 * @type {(model: string, ends: Ends, options: CommandOptions) => string}
 */
export function commandText(model, { a, b }, { methods, steps, overshoot, zoom }) {
  const method = methods.length > 1 ? "both" : methods[0].name;
  const beyond = overshoot ? ` --overshoot ${overshoot}` : "";
  return `python -m vae interpolate ${model} --from ${quoted(placeOf(a))} --to ${quoted(placeOf(b))} ` +
    `--method ${method} --steps ${steps}${beyond} --zoom ${zoom} --out path.gif`;
}

/**
 * An end as the command line names it, with the class that it is decoded as where that is another.
 * @type {(end: End) => string}
 */
function placeOf({ place, label, told }) {
  return label === told || told === null ? place : `${place}@${told}`;
}

/** @type {(text: string) => string} */
function quoted(text) {
  return /^[\w:.,@-]+$/.test(text) ? text : `'${text}'`;
}
