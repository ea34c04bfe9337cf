// q(z|x) in the browser, against torch: read from the encoder, and from the map's arrays.

import assert from "node:assert/strict";
import test from "node:test";

import { encode, parseNetwork } from "../../vae/web/core/decoder.js";
import { parsePoints } from "../../vae/web/core/points.js";
import { posteriorOfPoint, projectedEllipse, whyNoDraw } from "../../vae/web/core/posterior.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

// sums of some hundred float64 terms, through exp and a square root
const EXACT = 1e-9;
// what float16 keeps of a number, and what three products of such numbers keep
const HALF = 1e-3;
const DRAWS = 20_000;

for (const said of oracle()) {
  const net = parseNetwork(bytesOf(said.payload));
  const points = parsePoints(bytesOf(said.points));
  const header = { ...net.header, covariances: points.tril !== null };

  test(`the encoder's numbers say the same as torch: ${said.name}`, () => {
    for (const [i, pixels] of said.pixels.entries()) {
      const found = encode(net, pixels);
      assertNear(found.loc, said.loc[i], EXACT, EXACT);
      assertNear(found.scale, said.scale[i], EXACT, EXACT);
      if (said.tril) assertNear(found.tril, said.tril[i], 1e-7, EXACT); // a root of a small difference
      if (said.outline) assertNear(found.outline, said.outline[i], EXACT, EXACT);
      else assert.equal(found.outline, null);
    }
  });

  test(`draws have the mean and the covariance: ${said.name}`, () => {
    const { loc, scale, draw } = encode(net, said.pixels[0]);
    if (!net.header.has_density) {
      assert.equal(draw, null);
      return;
    }
    const draws = Array.from({ length: DRAWS }, draw);
    for (let i = 0; i < net.zDim; i++) {
      const mean = draws.reduce((sum, z) => sum + z[i], 0) / DRAWS;
      const square = draws.reduce((sum, z) => sum + (z[i] - mean) ** 2, 0) / DRAWS;
      // six standard errors, and what 64 draws leave of the moments of a flow
      const rough = said.name.startsWith("flow") ? 0.1 : 6 / Math.sqrt(DRAWS);
      assertNear(mean, loc[i], rough * scale[i]);
      assertNear(Math.sqrt(square), scale[i], 2 * rough * scale[i]);
    }
  });

  test(`an encoded image has the ellipse of its covariance in every plane: ${said.name}`, () => {
    for (const { row, u, v, ra, rb, major } of said.planes) {
      const found = projectedEllipse(posteriorOfPoint(points, row, header), u, v);
      assertNear(found.ra, ra, 0, HALF);
      assertNear(found.rb, rb, HALF * ra);
      const along = Math.cos(found.angle) * major[0] + Math.sin(found.angle) * major[1];
      // a round ellipse has no direction, and an error of the axes turns a nearly round one
      if (ra > 1.1 * rb) assertNear(Math.abs(along), 1, HALF);
    }
  });

  test(`where the map's arrays are not enough to draw z the page says why: ${said.name}`, () => {
    const { draw } = posteriorOfPoint(points, 0, header);
    assert.equal(draw === null, whyNoDraw(header) !== "");
    assert.equal(draw === null, said.name.startsWith("flow") || said.name.startsWith("point"));
  });
}
