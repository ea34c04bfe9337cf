// A prior of its own for each class: the browser tells it the class wherever it asks for the prior.

import assert from "node:assert/strict";
import test from "node:test";

import { manyOf } from "../../vae/web/batch/many.js";
import { headerOfClass, levelsOfClass } from "../../vae/web/core/class_prior.js";
import { parseNetwork } from "../../vae/web/core/decoder.js";
import { logDensity } from "../../vae/web/core/density.js";
import { recognise } from "../../vae/web/core/likeness.js";
import { sampleOf } from "../../vae/web/core/random.js";
import { priorSource } from "../../vae/web/core/source.js";
import { finished } from "../../vae/web/microscope/bounds.js";
import { evidenceOf } from "../../vae/web/microscope/evidence.js";
import { jointOf, Looker } from "../../vae/web/microscope/joint.js";
import { Lattice } from "../../vae/web/microscope/lattice.js";
import { knownDensity, marginalQuantile, usualReach } from "../../vae/web/generate/chart.js";
import { EndSource } from "../../vae/web/interpolate/ends.js";
import { quantityOf } from "../../vae/web/interpolate/words.js";
import { contourWords } from "../../vae/web/pad/legend.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

for (const { name, decoder, encoder, classes, pixels, pictures, likely, temperature } of oracle().models) {
  const net = parseNetwork(bytesOf(decoder));
  const { header } = net;
  const { loc, scale } = header.latent.mixture;
  const axes = { u: [1, 0, 0].slice(0, net.zDim), v: [0, 1, 0].slice(0, net.zDim) };

  test(`the density of each class is PyTorch's, and without a class it is their mean: ${name}`, () => {
    const each = classes.map((_, label) => logDensity(headerOfClass(header, label).latent));
    const mixture = logDensity(header.latent);
    classes.forEach(({ draws, log_density: expected }, label) => {
      const places = draws.slice(0, 200);
      assertNear(places.map(each[label]), expected.slice(0, 200), 1e-5, 1e-6);
      for (const z of places) {
        // the shares come as seven digits
        assertNear(Math.exp(mixture(z)), mean(each.map((one) => Math.exp(one(z)))), 0, 2e-7);
      }
    });
    assert.equal(headerOfClass(header, null), header);
  });

  test(`what draws of a class have for their density is known beforehand: ${name}`, () => {
    classes.forEach(({ typical: [expected, sd], draws }, label) => {
      const { typical } = headerOfClass(header, label).latent;
      // four standard errors of the mean, and of the standard deviation, of the draws
      assertNear(typical.mean, expected, (4 * sd) / Math.sqrt(draws.length));
      assertNear(typical.spread, sd, (4 * 1.5 * sd) / Math.sqrt(draws.length));
    });
  });

  test(`random draws from the normal of the class that is told: ${name}`, () => {
    classes.forEach((_, label) => {
      net.label = label;
      const draws = Array.from({ length: 4000 }, () => sampleOf(net));
      for (let i = 0; i < net.zDim; i++) {
        const values = draws.map((z) => z[i]);
        // five standard errors
        assertNear(mean(values), loc[label][i], (5 * scale[label][i]) / Math.sqrt(4000));
        assertNear(spread(values), scale[label][i], (5 * scale[label][i]) / Math.sqrt(8000));
      }
    });
    net.label = 0;
  });

  test(`a wall's noise becomes what the class's normal makes of it: ${name}`, () => {
    const source = priorSource(header);
    classes.forEach(({ noise, placed }, label) => {
      const normal = Float64Array.from(noise);
      assertNear([...source.place({ share: 0.5, normal }, temperature, label)], placed, 1e-6);
    });
  });

  test(`traversals and the manifold go by the quantiles of their class: ${name}`, () => {
    classes.forEach(({ draws }, label) => {
      const told = headerOfClass(header, label);
      assertNear([...usualReach(told).middle], loc[label], 0);
      const share = draws.filter((z) => z[1] < marginalQuantile(knownDensity(told), 1, 0.3)).length / draws.length;
      // four standard errors
      assertNear(share, 0.3, 4 * Math.sqrt((0.3 * 0.7) / draws.length));
    });
  });

  test(`the lines of a class hold its draws, and those of the others stand beside them: ${name}`, () => {
    const found = classes.map((_, label) => levelsOfClass(header, axes, label));
    found.forEach(({ levels, others, extent }, label) => {
      const radii = levels[1].lines.map(([a, b]) =>
        Math.hypot((a - loc[label][0]) / scale[label][0], (b - loc[label][1]) / scale[label][1]));
      // two standard deviations; a cell of the grid is 0.06 of one wide
      assertNear([Math.min(...radii), Math.max(...radii)], [2, 2], 0.06);
      assert.deepEqual(others.map((one) => one.label), [0, 1, 2].filter((k) => k !== label));
      others.forEach((one) => {
        assertNear([one.a, one.b], loc[one.label].slice(0, 2), 0);
        assertNear([Math.sqrt(one.aa), Math.sqrt(one.bb)], scale[one.label].slice(0, 2), 1e-12);
      });
      assert.deepEqual(extent, found[0].extent);
    });
    assert.equal(levelsOfClass(header, axes, null).others, undefined);
    assert.match(contourWords(header).title, /of the prior of the class that is told/);
  });

  test(`along a path the density is that of the class which is told there: ${name}`, () => {
    const quantity = quantityOf(header, null);
    classes.forEach(({ draws, log_density: expected }, label) => {
      assertNear(quantity.of(draws[0], label), expected[0], 1e-5, 1e-6);
      assertNear(quantity.typical(label).mean, headerOfClass(header, label).latent.typical.mean, 0);
    });
    assert.match(quantity.about, /of the class that is told/);
  });

  test(`an end that is drawn of the prior keeps the class that stood there: ${name}`, () => {
    const source = new EndSource(net, null, "test");
    const end = source.ofPrior(source.ofPrior({ told: 2 }));
    assert.equal(end.told, 2);
    end.z.forEach((value, i) => assert.ok(Math.abs(value - loc[2][i]) < 7 * scale[2][i]));
  });

  test(`a picture's class is the one with the largest bound, each with its own prior: ${name}`, () => {
    const reader = parseNetwork(bytesOf(encoder));
    assert.deepEqual(pictures.map((one) => recognise(net, reader, one).label), likely);
  });

  if (net.zDim === 2) {
    test("log p(x) under the microscope is that of the class", () => {
      const many = manyOf(bytesOf(decoder), net);
      classes.forEach(({ log_px: expected }, label) => {
        const subject = { pixels, z: loc[label], label };
        const joint = jointOf(net, many, subject, [0, 1]);
        const q = { a: loc[label][0], b: loc[label][1], axes: [[1, 0], [0, 1]], sd: scale[label].slice() };
        const found = finished(evidenceOf(new Lattice(joint, q), finished(new Looker(net, many).steps(subject, [0, 1]))));
        // the lattice stops once a level changes the sum by less than 0.004 nats
        assertNear(found.log, expected, 5e-3);
      });
    });
  }
}
