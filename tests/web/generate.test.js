// What the Generate page computes: noise of a seed, places of a map, its squares, directions.

import assert from "node:assert/strict";
import test from "node:test";

import { manyOf } from "../../vae/web/batch/many.js";
import { parseNetwork } from "../../vae/web/core/decoder.js";
import { eigenSymmetric } from "../../vae/web/core/eigen.js";
import { normalCdf, normalQuantile } from "../../vae/web/core/normal.js";
import { parseFlow } from "../../vae/web/core/prior_flow.js";
import { evenChart, fittedChart, marginalQuantile, quantileChart } from "../../vae/web/generate/chart.js";
import { directionsAt } from "../../vae/web/generate/directions.js";
import { noiseOf, posteriorSource, priorSource } from "../../vae/web/core/source.js";
import { readState, writeState } from "../../vae/web/generate/state.js";
import { levelOf, middlesOf, stepOf, tilesInView } from "../../vae/web/generate/tiles.js";
import { fittedOf, logDensityOf, placeOf } from "../../vae/web/core/fitted.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

const said = oracle();
const STANDARD = { weight: [1], loc: [[0, 0]], scale: [[1, 1]] };

test("the normal distribution function and its inverse are Python's", () => {
  assertNear(Array.from({ length: 33 }, (_, k) => normalCdf(k / 2 - 8)), said.below, 1e-15, 1e-12);
  // Python's own inverse keeps some 16 digits of all but the farthest tails
  assertNear(said.shares.map(normalQuantile), said.quantiles, 1e-12, 1e-9);
  assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
});

test("a seed gives standard normal noise, the same each time, and more of it begins alike", () => {
  const many = noiseOf(7, 4000, 5).flatMap(({ normal }) => [...normal]);
  const mean = many.reduce((sum, value) => sum + value, 0) / many.length;
  const spread = Math.sqrt(many.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length);
  // four standard errors of 20,000 numbers
  assertNear([mean, spread], [0, 1], 4 / Math.sqrt(many.length));
  assert.deepEqual(noiseOf(7, 3, 5), noiseOf(7, 9, 5).slice(0, 3));
  assert.notDeepEqual(noiseOf(8, 3, 5), noiseOf(7, 3, 5));
});

test("the temperature scales the noise about each component's mean", () => {
  const source = priorSource({ has_density: true, z_dim: 2, latent: { mixture: said.mixture } });
  for (const noise of noiseOf(0, 50, 2)) {
    const [cold, usual, hot] = [0, 1, 2].map((temperature) => source.place(noise, temperature));
    assert.ok(said.mixture.loc.some((loc) => loc.every((value, i) => value === cold[i])));
    usual.forEach((value, i) => assertNear(hot[i] - value, value - cold[i], 1e-12));
  }
});

test("an autoencoder's draws come from its codes' spread, and a chain's are the kept ones", () => {
  const latent = { mixture: null, loc_mean: [5], loc_std: [2] };
  const fitted = priorSource({ has_density: false, z_dim: 1, latent });
  const [noise] = noiseOf(0, 1, 1);
  assert.equal(fitted.place(noise, 1)[0], 5 + 2 * noise.normal[0]);
  assert.match(fitted.words, /no prior/);
  const chain = priorSource({ has_density: false, z_dim: 1, latent: { draws: [[3], [4]], drawn_by: "steps" } });
  assert.ok([3, 4].includes(chain.place(noise, 2)[0]));
  assert.match(chain.fixed, /chain/);
});

test("an autoencoder's draws and their density are Python's, with how its dimensions go together", () => {
  const { latent, noise, z, log_density: density } = said.fitted;
  const source = priorSource({ has_density: false, z_dim: 3, latent });
  const found = noise.map((normal) => source.place({ share: 0, normal }, 1));
  found.forEach((place, k) => assertNear(place, z[k], 1e-6));
  assertNear(z.map((place) => logDensityOf(latent.fitted, place)), density, 1e-5);
  assert.match(source.words, /their mean and covariance/);
  assertNear(source.place({ share: 0, normal: noise[0] }, 0), latent.fitted.loc, 1e-12);
});

test("a map of an autoencoder steps by the probability that two dimensions have given the others", () => {
  const { latent, z, quantiles, line } = said.fitted;
  quantiles.forEach((pair, k) => {
    const place = fittedChart(latent.fitted, z[k], 2, 0).place(0.1, 0.8);
    assertNear([place[2], place[0], place[1]], [...pair, z[k][1]], 1e-5);
  });
  const first = { loc: latent.fitted.loc.slice(0, 1), tril: latent.fitted.tril.slice(0, 1) };
  assertNear(fittedChart(first, [0], 0, 1).place(0.3, 0), line[0], 1e-5);
});

test("a header without a covariance is drawn from by the spread of each dimension", () => {
  const fitted = fittedOf({ loc_mean: [1, 2], loc_std: [3, 0.5] });
  assertNear(placeOf(fitted, [1, -1]), [4, 1.5], 1e-12);
  assert.equal(fittedOf({ loc_mean: null, loc_std: null }), null);
});

test("a posterior with a full covariance is drawn from by its factor", () => {
  const points = { loc: [0, 0, 1, 2], scale: [9, 9, 9, 9], tril: [0, 0, 0, 2, 3, 4], zDim: 2 };
  const source = posteriorSource(points, 1);
  assert.deepEqual([...source.place({ share: 0, normal: Float64Array.of(1, -1) }, 1)], [3, 1]);
  assert.deepEqual([...source.place({ share: 0, normal: Float64Array.of(1, -1) }, 0)], [1, 2]);
});

test("the map of a standard normal is Kingma and Welling's grid", () => {
  const { place } = quantileChart(STANDARD, [0, 0], 0, 1);
  const shares = Array.from({ length: 20 }, (_, k) => 0.025 + (k * 0.95) / 19);
  shares.forEach((t, row) => shares.forEach((s, column) => {
    assertNear(Array.from(place(s, t)), said.grid[19 - row][column], 1e-9);
  }));
  assert.equal(place(1.01, 0.5), null);
});

test("the map of a mixture holds as much of it in each part", () => {
  const { place } = quantileChart(said.mixture, [0, 0], 0, 1);
  for (const [s, t] of [[0.1, 0.2], [0.35, 0.9], [0.75, 0.5]]) {
    const [a, b] = place(s, t);
    const left = said.draws.filter((z) => z[0] < a).length / said.draws.length;
    // three standard errors of 20,000 draws
    assertNear(left, s, 0.011);
    assertNear(marginalQuantile(said.mixture, 0, s), a, 1e-9);
    // given about the same first number, t of the second ones lie below
    const beside = said.draws.filter((z) => Math.abs(z[0] - a) < 0.15);
    assertNear(beside.filter((z) => z[1] < b).length / beside.length, t, 0.1);
  }
});

test("a plane through a z changes its two dimensions only", () => {
  assert.deepEqual([...evenChart([1, 2, 3], 2, 0, [0, 0], 1).place(7, 8)], [8, 2, 7]);
  const line = quantileChart({ weight: [1], loc: [[0]], scale: [[1]] }, [0], 0, 1);
  assertNear([...line.place(0.5, NaN)], [0], 1e-15);
});

test("what is seen of a map is covered by squares of pictures of the wanted size", () => {
  const room = { width: 690, height: 560 };
  for (let k = 0; k < 40; k++) {
    const view = { cx: Math.sin(k), cy: 3 * Math.cos(k), span: 0.001 * 1.5 ** k };
    const level = levelOf(view, room, 26);
    const pixels = (stepOf(level) * 560) / view.span;
    assert.ok(pixels >= 25.99 && pixels < 52.01, `${pixels}`);
    const tiles = tilesInView(view, room, level, { bounded: false, line: false });
    const middles = tiles.flatMap((tile) => middlesOf(tile, false));
    for (const [x, y] of [[-0.49, -0.49], [0.49, -0.49], [0, 0.49]]) {
      const [s, t] = [view.cx + (x * view.span * 690) / 560, view.cy + y * view.span];
      const half = stepOf(level) * 0.5001;
      assert.ok(middles.some((one) => Math.abs(one.s - s) <= half && Math.abs(one.t - t) <= half));
    }
  }
});

test("the whole of a bounded map are twenty pictures each way, and none beyond", () => {
  const view = { cx: 0.5, cy: 0.5, span: 1 };
  const tiles = tilesInView(view, { width: 900, height: 560 }, 0, { bounded: true, line: false });
  assert.equal(tiles.length, 25);
  const middles = tiles.flatMap((tile) => middlesOf(tile, false));
  assert.ok(middles.every(({ s, t }) => s > 0 && s < 1 && t > 0 && t < 1));
});

test("the pictures of a square lie in rows from above, from left to right", () => {
  const middles = middlesOf({ level: 0, i: 1, j: 2, key: "" }, false);
  // squares of four pictures, twenty to a unit
  assertNear([middles[0].s, middles[0].t], [4.5 / 20, 11.5 / 20], 1e-12);
  assertNear([middles[15].s, middles[15].t], [7.5 / 20, 8.5 / 20], 1e-12);
});

test("eigenvectors of a symmetric matrix are NumPy's", () => {
  const { matrix, values, vectors } = said.symmetric;
  const found = eigenSymmetric(matrix);
  assertNear(found.map(({ value }) => value), values, 1e-10);
  found.forEach(({ vector }, i) => {
    const along = vector.reduce((sum, value, k) => sum + value * vectors[i][k], 0);
    assertNear(Math.abs(along), 1, 1e-9);
  });
});

test("the principal directions are singular vectors of the decoder's Jacobian", () => {
  const { payload, z, shares, vectors } = said.jacobian;
  const buffer = bytesOf(payload);
  const found = directionsAt(manyOf(buffer, parseNetwork(buffer)), z, [1, 1, 1], null);
  // differences over 0.01 of float32 pixels: 1e-7 / 0.01, and their own error of second order
  assertNear(found.map(({ share }) => share), shares, 2e-3);
  found.forEach(({ vector }, i) => {
    const along = vector.reduce((sum, value, k) => sum + value * vectors[i][k], 0);
    assertNear(Math.abs(along), 1, 2e-3);
  });
});

for (const { name, payload, noise, z } of said.flows) {
  test(`noise becomes the z that the flow's own inverse gives: ${name}`, () => {
    const flow = parseFlow(bytesOf(payload));
    // both in float64; the quadratic that is solved may lose half the digits
    noise.forEach((row, k) => assertNear(Array.from(flow(row)), z[k], 1e-6));
  });
}

test("an address brings back what it was written from, and says what cannot be", () => {
  const more = { plane: "2,5", map: "0.5,0.5,1", through: null, class: null, image: null, steps: null, rows: null, beta: "0.1" };
  const state = { view: "manifold", seed: 42, temperature: 0.75, more };
  const { wrong, ...read } = readState(writeState("?large=true", "some", state), "some");
  assert.deepEqual([read, wrong], [state, null]);
  assert.equal(readState("?of=other&plane=1,2&view=draws", "some").more.plane, null);
  assert.match(readState("?seed=-3", "some").wrong, /seed = “-3”/);
  assert.equal(readState("?temperature=9", "some").temperature, 1);
});
