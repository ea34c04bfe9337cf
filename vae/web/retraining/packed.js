// The maps as Python packs them, and what is asked of them. Nothing here touches the page.

import { bytesOf } from "../parts/base64.js";

/** @import { View } from "../plane/view.js" */
/** @import { RetrainedProps } from "./props.js" */

const AIR = 1.08; // the view against what it must show

/**
 * What the maps share, and each map's places (count, 2).
 * @typedef {object} Unpacked
 * @property {Float32Array[]} places
 * @property {(Uint16Array | null)[]} near of each map, see RetrainedMap
 * @property {Int16Array} labels
 * @property {Uint32Array} rows
 * @property {Float64Array} stays share of neighbours kept, from 0 to 1
 * @property {number[]} order images, the one that keeps most of its neighbours first
 */

/**
 * Read what Python packed; throw where lengths do not fit one another.
 * @type {(props: Pick<RetrainedProps, "count" | "maps" | "extent" | "labels" | "rows" | "stays" | "neighbours">) => Unpacked}
 */
export function unpackMaps({ count, maps, extent, labels, rows, stays, neighbours }) {
  const places = maps.map((map) => placesOf(new Uint16Array(bytesOf(map.places).buffer), extent));
  const shares = Float64Array.from(bytesOf(stays), (byte) => byte / 255);
  const near = maps.map((map) => (map.near === null ? null : new Uint16Array(bytesOf(map.near).buffer)));
  const found = {
    places,
    near,
    labels: new Int16Array(bytesOf(labels).buffer),
    rows: new Uint32Array(bytesOf(rows).buffer),
    stays: shares,
    order: Array.from(shares.keys()).sort((one, other) => shares[other] - shares[one]),
  };
  const lengths = [found.labels, found.rows, shares].map((values) => values.length);
  const known = near.flatMap((values) => (values ? [values.length / neighbours] : []));
  const all = [...lengths, ...known, ...places.map((values) => values.length / 2)];
  if (all.some((length) => length !== count)) throw new Error(`maps of ${all} images, not ${count}`);
  return found;
}

/** @type {(steps: Uint16Array, extent: number[]) => Float32Array} */
function placesOf(steps, [left, right, bottom, top]) {
  const [low, wide] = [[left, bottom], [right - left, top - bottom]];
  return Float32Array.from(steps, (step, at) => low[at % 2] + (step / 65535) * wide[at % 2]);
}

/**
 * The view in which every map is seen whole: the same one for all, so that sizes can be compared.
 * @type {(extent: number[]) => View}
 */
export function commonView([left, right, bottom, top]) {
  const span = AIR * Math.max(right - left, top - bottom);
  return { cx: (left + right) / 2, cy: (bottom + top) / 2, span };
}

/**
 * The k images nearest to an image in a map, among all dimensions.
 * @type {(maps: Unpacked, map: number, image: number, k: number) => number[]}
 */
export function neighboursIn({ places, near }, map, image, k) {
  const known = near[map];
  return known ? Array.from(known.subarray(k * image, k * image + k)) : nearestImages(places[map], image, k);
}

/**
 * The k images nearest to an image on a plane (count, 2), the nearest first; ties by their row.
 * @type {(places: Float32Array, image: number, k: number) => number[]}
 */
export function nearestImages(places, image, k) {
  const squared = (/** @type {number} */ other) =>
    (places[2 * other] - places[2 * image]) ** 2 + (places[2 * other + 1] - places[2 * image + 1]) ** 2;
  const others = Array.from({ length: places.length / 2 }, (_, other) => other);
  return others
    .filter((other) => other !== image)
    .map((other) => ({ other, apart: squared(other) }))
    .sort((one, another) => one.apart - another.apart || one.other - another.other)
    .slice(0, k)
    .map(({ other }) => other);
}

/**
 * Say what is known of an image: its class, and how many neighbours it keeps.
 * @type {(maps: Unpacked, image: number, classes: string[], neighbours: number) => string}
 */
export function imageWords({ labels, stays }, image, classes, neighbours) {
  const label = labels[image];
  const name = label < 0 ? "an image" : (classes[label] ?? `class ${label}`);
  const kept = (stays[image] * neighbours).toFixed(1);
  return `${name} · keeps ${kept} of its ${neighbours} nearest images from map to map`;
}
