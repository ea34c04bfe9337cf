// Maps laid over one another: how they are unpacked, and what is said of an image.

import assert from "node:assert/strict";
import test from "node:test";

import { commonView, imageWords, nearestImages, neighboursIn, unpackMaps } from "../../vae/web/retraining/packed.js";

/** Base64 of a typed array. */
const packed = (values) => Buffer.from(values.buffer).toString("base64");

const PROPS = {
  count: 3,
  maps: [
    { title: "a", places: packed(Uint16Array.of(0, 0, 65535, 0, 65535, 65535)), near: null },
    { title: "b", places: packed(Uint16Array.of(65535, 65535, 0, 0, 0, 65535)), near: packed(Uint16Array.of(2, 0, 1)) },
  ],
  extent: [-1, 3, 10, 11],
  labels: packed(Int16Array.of(1, -1, 7)),
  rows: packed(Uint32Array.of(5, 70_000, 2)),
  stays: packed(Uint8Array.of(51, 255, 0)),
  neighbours: 1,
};

test("places come back between the ends of each axis", () => {
  const { places } = unpackMaps(PROPS);
  assert.deepEqual(Array.from(places[0]), [-1, 10, 3, 10, 3, 11]);
  assert.deepEqual(Array.from(places[1]), [3, 11, -1, 10, -1, 11]);
});

test("what the maps share is the same for all of them", () => {
  const { labels, rows, stays } = unpackMaps(PROPS);
  assert.deepEqual(Array.from(labels), [1, -1, 7]);
  assert.deepEqual(Array.from(rows), [5, 70_000, 2]);
  assert.deepEqual(Array.from(stays), [0.2, 1, 0]);
});

test("images are in the order of the neighbours that they keep", () => {
  assert.deepEqual(unpackMaps(PROPS).order, [1, 0, 2]);
});

test("a map of another number of images is refused", () => {
  assert.throws(() => unpackMaps({ ...PROPS, labels: packed(Int16Array.of(1, 2)) }), /not 3/);
});

test("one view shows every map whole", () => {
  const { cx, cy, span } = commonView([-1, 3, 10, 11]);
  assert.deepEqual([cx, cy], [1, 10.5]);
  assert.ok(span > 4 && span < 4.5);
});

test("the nearest images leave out the image itself, and ties go by their rows", () => {
  const line = Float32Array.of(0, 0, 1, 0, -1, 0, 5, 0);
  assert.deepEqual(nearestImages(line, 0, 2), [1, 2]);
  assert.deepEqual(nearestImages(line, 3, 9), [1, 0, 2]);
});

test("near are those that are known to be among all dimensions, else those on the plane", () => {
  const maps = unpackMaps(PROPS);
  assert.deepEqual([0, 1, 2].map((image) => neighboursIn(maps, 1, image, 1)), [[2], [0], [1]]);
  assert.deepEqual([0, 1, 2].map((image) => neighboursIn(maps, 0, image, 1)), [[1], [2], [1]]);
  const short = { ...PROPS.maps[1], near: packed(Uint16Array.of(2, 0)) };
  assert.throws(() => unpackMaps({ ...PROPS, maps: [PROPS.maps[0], short] }), /not 3/);
});

test("an image is told by its class and by the neighbours that it keeps", () => {
  const maps = unpackMaps(PROPS);
  const words = (image) => imageWords(maps, image, ["zero", "one"], 15);
  assert.match(words(0), /^one · keeps 3\.0 of its 15 nearest/);
  assert.match(words(1), /^an image · keeps 15\.0/);
  assert.match(words(2), /^class 7 · keeps 0\.0/);
});
