// A learned prior in the browser: its density, and the lines around shares of its mass.

import assert from "node:assert/strict";
import test from "node:test";

import { contour, levelsHolding } from "../../vae/web/core/contours.js";
import { logDensity, priorLevels, priorSpan } from "../../vae/web/core/density.js";
import { contourWords } from "../../vae/web/pad/legend.js";
import { sliderRange } from "../../vae/web/core/latent.js";
import { samplePlace } from "../../vae/web/core/random.js";
import { assertNear, oracle } from "./oracle.js";

const { priors } = oracle();

const shadow = (z, w) => z.reduce((sum, value, i) => sum + value * w[i], 0);

// How often a ray from (a, b) to the right crosses the lines: odd is inside.
function isInside(lines, a, b) {
  const crossed = lines.filter(([a0, b0, a1, b1]) =>
    b0 > b !== b1 > b && a0 + ((b - b0) / (b1 - b0)) * (a1 - a0) > a);
  return crossed.length % 2 === 1;
}

for (const { name, header, u, v, places, log_density: expected, draws, field } of priors) {
  const { latent } = header;
  const known = logDensity(latent);

  if (known) {
    test(`the browser knows the density of a prior: ${name}`, () => {
      // a grid is read between places a hundredth of the extent apart, and these splines, moved at
      // random, have kinks between them
      const limit = latent.grid ? 0.25 : 2e-5;
      assertNear(places.map(known), expected, limit, 1e-5);
      const errors = places.map((z, i) => Math.abs(known(z) - expected[i])).sort((x, y) => x - y);
      assert.ok(errors[20] < (latent.grid ? 0.03 : 1e-5), `half of them are within ${errors[20]}`);
    });
  } else {
    test(`of a flow in more than two dimensions the browser knows draws alone: ${name}`, () => {
      assert.equal(header.z_dim, 3);
      assert.equal(latent.draws.length, 500);
    });
  }

  test(`the lines hold the shares of the draws that they are named by: ${name}`, () => {
    const { levels, line } = priorLevels(header, { u, v });
    assert.equal(levels.length, 3);
    for (const { share, lines } of levels) {
      const held = draws.filter((z) => {
        const [a, b] = [shadow(z, u), shadow(z, v)];
        return line ? lines.filter((end) => end > a).length % 2 === 1 : isInside(lines, a, b);
      }).length / draws.length;
      // four standard errors of 4,000 draws; where 500 draws stand for the prior, of those, and
      // what their widths smooth
      const limit = 4 * Math.sqrt((share * (1 - share)) / draws.length) + (known ? 0.01 : 0.07);
      assertNear(held, share, limit, 0, `${share}`);
    }
  });

  test(`a draw in the browser lies where the prior has mass: ${name}`, () => {
    const spans = Array.from({ length: header.z_dim }, (_, i) => priorSpan(latent, i));
    for (let k = 0; k < 50; k++) {
      const z = samplePlace(header);
      assert.equal(z.length, header.z_dim);
      // a normal's three standard deviations, and as much again for its rarest draws
      z.forEach((value, i) => {
        const [low, high] = spans[i];
        assert.ok(value > low - (high - low) && value < high + (high - low));
      });
    }
    const [low, high] = sliderRange({ latent: { ...latent, loc_mean: null } }, 0, null);
    assert.ok(low <= Math.min(0, spans[0][0]) && high >= Math.max(0, spans[0][1]));
  });

  if (field && known) {
    test(`the lines lie where Python's density is at their level: ${name}`, () => {
      const { levels } = priorLevels(header, { u, v });
      const heights = levelsHolding(field.p, levels.map(({ share }) => share));
      for (const [i, { lines }] of levels.entries()) {
        const python = contour({ x: field.x, y: field.y, density: field.p }, heights[i]);
        const far = Math.max(...lines.map(([a, b]) =>
          Math.min(...python.map(([x, y]) => Math.hypot(x - a, y - b)))));
        // two cells of either grid
        assert.ok(far < 2 * (field.x[1] - field.x[0] + field.y[1] - field.y[0]), `${far}`);
      }
    });
  }
}

test("a standard normal is left to its rings, and an autoencoder has no prior to show", () => {
  const plane = { u: [1, 0], v: [0, 1] };
  assert.equal(priorLevels({ has_density: true, latent: { rings: true, mixture: {} } }, plane), null);
  assert.equal(priorLevels({ has_density: false, latent: { rings: false, mixture: null } }, plane), null);
});

test("the levels of a normal on a plane are its circles of 1, 2 and 3 standard deviations", () => {
  const mixture = { weight: [1], loc: [[0.5, -1]], scale: [[1, 1]] };
  const { levels } = priorLevels({ has_density: true, latent: { rings: false, mixture } }, { u: [1, 0], v: [0, 1] });
  for (const [i, { lines }] of levels.entries()) {
    const radii = lines.map(([a, b]) => Math.hypot(a - 0.5, b + 1));
    // a cell of the grid is 0.08 wide
    assertNear([Math.min(...radii), Math.max(...radii)], [i + 1, i + 1], 0.06);
  }
});

test("the switch of the contours says what they hold, and of how many draws where they are drawn", () => {
  for (const { header } of priors) {
    const { text, title } = contourWords(header);
    assert.equal(text, "contours");
    assert.match(title, header.z_dim === 1 ? /68, 95 and 99.7 %/ : /39, 86 and 99 %/);
    assert.equal(title.includes("of 500 draws from the prior"), !logDensity(header.latent));
  }
});
