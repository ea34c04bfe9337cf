// The ellipses of A and B on the map of the paths.

import assert from "node:assert/strict";
import test from "node:test";

import { endAt, EndSource } from "../../vae/web/interpolate/ends.js";
import { posteriorMarks } from "../../vae/web/interpolate/posteriors.js";
import { quantityOf } from "../../vae/web/interpolate/words.js";
import { assertNear } from "./oracle.js";

const theme = { text: "#000", background: "#fff", accent: "#d33", dark: false };
const normal = { z_dim: 2, has_density: true, factorises: true, normal: true, class_names: ["a", "b"] };
const axes = { name: "0,1", u: [1, 0], v: [0, 1], labels: ["z1", "z2"] };
const turned = { ...axes, u: [Math.SQRT1_2, Math.SQRT1_2], v: [-Math.SQRT1_2, Math.SQRT1_2] };

function source(header, more = {}) {
  const points = {
    count: 2, zDim: 2, near: null,
    loc: Float32Array.of(1, 2, -1, 0), scale: Float32Array.of(0.5, 0.25, 0.1, 0.1),
    label: Int16Array.of(0, -1), index: Uint32Array.of(7, 9), ...more,
  };
  return new EndSource({ header, zDim: 2 }, points, "test");
}

test("an encoded image has the ellipse of its posterior, longest along its widest dimension", () => {
  const from = source(normal);
  const [first, second] = posteriorMarks({ a: from.ofImage(7), b: from.ofImage(9) }, normal, axes, theme);
  assertNear([first.a, first.b, first.ra, first.rb, first.angle], [1, 2, 0.5, 0.25, 0], 1e-6);
  assertNear([second.ra, second.rb], [0.1, 0.1], 1e-6);
  assert.notEqual(first.color, second.color);
  assert.equal(second.color, theme.accent);
});

test("on a plane that is turned the ellipse is turned back", () => {
  const from = source(normal);
  const [{ ra, rb, angle }] = posteriorMarks({ a: from.ofImage(7), b: from.ofImage(7) }, normal, turned, theme);
  assertNear([ra, rb, angle], [0.5, 0.25, -Math.PI / 4], 1e-6);
});

test("covariances turn the ellipse", () => {
  const full = { ...normal, factorises: false, covariances: true };
  const from = source(full, { tril: Float32Array.of(1, 1, 1, 0.1, 0, 0.1) });
  const [{ ra, rb }] = posteriorMarks({ a: from.ofImage(7), b: from.ofImage(7) }, full, axes, theme);
  // of [[1, 1], [1, 2]], whose eigenvalues are (3 ± √5) / 2
  assertNear([ra * ra, rb * rb], [(3 + Math.sqrt(5)) / 2, (3 - Math.sqrt(5)) / 2], 1e-6);
});

test("a place where no image was encoded has none, and neither has an autoencoder", () => {
  const place = endAt([0, 0], "map");
  assert.deepEqual(posteriorMarks({ a: place, b: place }, normal, axes, theme), []);
  const from = source({ ...normal, has_density: false });
  const ends = { a: from.ofImage(7), b: from.ofImage(9) };
  assert.deepEqual(posteriorMarks(ends, { ...normal, has_density: false }, axes, theme), []);
});

test("what the browser computes of a flow stands before the grid and the nearest image", () => {
  const latent = { rings: false, mixture: null, typical: { mean: -3, spread: 1 } };
  const computed = quantityOf({ ...normal, latent }, null, (z) => -z[0]);
  assert.equal(computed.of([2, 0]), -2);
  assert.match(computed.about, /where draws of it lie, −3.0 ± 1.0 nats/);
  assert.equal(quantityOf({ ...normal, latent }, null), null);
});
