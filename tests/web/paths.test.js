// The browser's paths against vae.latent.paths, on the same numbers.

import assert from "node:assert/strict";
import test from "node:test";

import {
  lerp,
  logPrior,
  nearestDistance,
  PATHS,
  pathThrough,
  slerp,
  timesOf,
  typicalLogPrior,
} from "../../vae/web/core/paths.js";
import { planeThrough } from "../../vae/web/interpolate/plane.js";
import { assertNear, oracle } from "./oracle.js";

const { times, methods, pairs, spaced, zs, priors, draws } = oracle();
// Both sides compute in float64; near opposite ends sin(angle) is 1e-6, which leaves ten digits.
const TOLERANCE = 1e-9;

test("the browser has the paths that Python has", () => {
  assert.deepEqual(Object.keys(PATHS).sort(), methods.toSorted());
});

for (const { name, a, b, paths } of pairs) {
  const [from, to] = [new Float64Array(a), new Float64Array(b)];
  for (const [kind, places] of Object.entries(paths)) {
    test(`${kind} is the same as in Python: ${name}`, () => {
      assertNear(times.map((t) => PATHS[kind](from, to, t)), places, TOLERANCE);
    });
    test(`the ends of ${kind} are exact: ${name}`, () => {
      assert.deepEqual([0, 1].map((t) => [...PATHS[kind](from, to, t)]), [a, b]);
    });
  }
}

for (const one of spaced) {
  test(`${one.steps} times with overshoot ${one.overshoot} are even, as in Python`, () => {
    assertNear(timesOf(one.steps, one.overshoot), one.times, TOLERANCE);
  });
}

for (const { name, prior, densities } of priors) {
  test(`the density of the prior is the same as in Python: ${name}`, () => {
    assertNear(zs.map((z) => logPrior(prior, z)), densities, 0, 1e-12);
  });
}

test("the typical density is that of draws from the prior", () => {
  const typical = typicalLogPrior(20);
  // four standard errors of the draws
  assertNear(typical.mean, draws.mean, (4 * draws.spread) / Math.sqrt(draws.count));
  assertNear(typical.spread, draws.spread, 0, 0.03);
});

const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);

for (const name of ["typical", "different norms", "opposite", "parallel", "b zero"]) {
  test(`the map of many dimensions holds both paths: ${name}`, () => {
    const pair = pairs.find((one) => one.name === name);
    // two dimensions are their own plane
    const wide = (z) => new Float64Array(z.length === 2 ? [...z, 0] : z);
    const [a, b] = [wide(pair.a), wide(pair.b)];
    const { u, v } = planeThrough({ z_dim: a.length }, a, b);
    assertNear([dot(u, u), dot(v, v), dot(u, v)], [1, 1, 0], 1e-9);
    for (const z of times.flatMap((t) => [lerp(a, b, t), slerp(a, b, t)])) {
      const [x, y] = [dot(z, u), dot(z, v)];
      assertNear(Math.hypot(...z.map((value, i) => value - x * u[i] - y * v[i])), 0, 1e-8);
    }
    assert.ok(dot(b, u) > dot(a, u));
  });
}

test("given points are met at even times", () => {
  const points = zs.slice(0, 5);
  for (const [low, high] of [[0, 1], [-0.5, 1.5]]) {
    const at = pathThrough(points, low, high);
    const met = points.map((_, i) => at(low + (i * (high - low)) / (points.length - 1)));
    assertNear(met, points, TOLERANCE);
  }
});

test("the nearest encoded image is the nearest", () => {
  const z = zs[0];
  const distances = zs.slice(1).map((other) => Math.hypot(...other.map((value, k) => value - z[k])));
  const points = { loc: zs.slice(1).flat(), count: 7, zDim: 20 };
  assertNear(nearestDistance(points, z), Math.min(...distances), 0, 1e-12);
});
