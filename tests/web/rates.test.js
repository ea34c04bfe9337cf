// Encoded images that glide with β, against NumPy.

import assert from "node:assert/strict";
import test from "node:test";

import { betaWithin, bringPoints, copyOfPoints, glidePoints, headerAtBeta, latentOf, parseRates, rateAt } from "../../vae/web/core/rates.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

const { payload, betas, found, statistics } = oracle();
const rates = parseRates(bytesOf(payload));
const blank = () => ({ ...rates, loc: new Float32Array(21), scale: new Float32Array(21) });

test("a block of images at several β is read as it was packed", () => {
  assertNear(rates.betas, betas, 0, 1e-6);
  assert.deepEqual([rates.count, rates.zDim], [7, 3]);
});

test("a block that is cut short is refused", () => {
  assert.throws(() => parseRates(bytesOf(payload).slice(0, -2)), /cut short/);
});

test("between two β the images lie where NumPy says", () => {
  const points = blank();
  for (const { beta, loc, scale } of found) {
    glidePoints(rates, beta, points);
    // float32 numbers of about 1
    assertNear(Array.from(points.loc), loc, 1e-5);
    assertNear(Array.from(points.scale), scale, 1e-5);
  }
});

test("what is said of the dimensions follows from the images", () => {
  const points = blank();
  glidePoints(rates, 1, points);
  const said = latentOf(points);
  for (const name of ["loc_mean", "loc_std", "scale_mean"]) assertNear(said[name], statistics[name], 1e-5);
  assert.deepEqual(said.used, statistics.used);
});

test("rate and distortion between two measured β are interpolated, and it is known that they are", () => {
  const table = [
    { beta: 0.1, kl: 8, reconstruction: -100, active_units: 2, kl_per_dim: [6, 2] },
    { beta: 10, kl: 2, reconstruction: -140, active_units: 1, kl_per_dim: [2, 0] },
  ];
  const between = rateAt(table, 1);
  assertNear([between.rate, between.distortion, ...between.klPerDim], [5, 120, 4, 1], 1e-9);
  assert.equal(between.measured, false);
  assert.equal(rateAt(table, 10).measured, true);
  assert.deepEqual([rateAt(table, 0.5).active, rateAt(table, 5).active], [2, 1]);
});

test("images that are brought to another β and back lie where they lay, and near is known at β = 1 alone", () => {
  const base = { ...blank(), near: { limit: 2 }, tril: null, outline: null };
  glidePoints(rates, 1, base);
  const points = copyOfPoints(base);
  bringPoints(points, base, rates, betas[0]);
  assert.notDeepEqual(points.loc, base.loc);
  assert.equal(points.near, null);
  bringPoints(points, base, rates, 1);
  assert.deepEqual([points.loc, points.scale, points.near], [base.loc, base.scale, base.near]);
});

test("at another β a header says what the dimensions carry there", () => {
  const table = [
    { beta: 0.1, kl: 8, reconstruction: -100, active_units: 2, kl_per_dim: [6, 2] },
    { beta: 10, kl: 2, reconstruction: -140, active_units: 1, kl_per_dim: [2, 0] },
  ];
  const header = { rates: table, latent: { rings: true, kl_per_dim: [3, 3], loc_mean: [9, 9, 9] } };
  const points = blank();
  glidePoints(rates, 1, points);
  const { latent } = headerAtBeta(header, points, 10);
  assert.deepEqual([latent.rings, latent.kl_per_dim], [true, [2, 0]]);
  assertNear(latent.loc_mean, statistics.loc_mean, 1e-5);
  assert.deepEqual(header.latent.kl_per_dim, [3, 3]);
});

test("a β that an address asks for is kept within the range, or refused", () => {
  assert.deepEqual([null, 0.5, 0.0999, 10.005].map((asked) => betaWithin([0.1, 10], asked)), [1, 0.5, 0.1, 10]);
  assert.deepEqual([0.05, 11, NaN].map((asked) => betaWithin([0.1, 10], asked)), [null, null, null]);
});
