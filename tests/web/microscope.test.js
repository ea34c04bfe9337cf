// log p(x) and its two parts under the microscope, against closed forms and a dense grid.

import assert from "node:assert/strict";
import test from "node:test";

import { manyOf } from "../../vae/web/batch/many.js";
import { parseNetwork } from "../../vae/web/core/decoder.js";
import { balanceOf } from "../../vae/web/microscope/balance.js";
import { divergence, elbo, finished, hermiteRule, ownLattice, placesOf } from "../../vae/web/microscope/bounds.js";
import { evidenceOf } from "../../vae/web/microscope/evidence.js";
import { jointOf, Looker } from "../../vae/web/microscope/joint.js";
import { Lattice } from "../../vae/web/microscope/lattice.js";
import { keyed, TURN } from "../../vae/web/microscope/keys.js";
import { angleOf, gripAt, knobOf, normalOf, pulled, turned, withSd } from "../../vae/web/microscope/shape.js";
import { spanFor } from "../../vae/web/microscope/bars.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

// what is promised on the screen, nats
const SHOWN = 0.01;
// rules that are exact for these integrands, of values that float32 numbers add up to
const EXACT = 1e-4;
// the lattice of log p(x) stops once a level changes it by less than 0.004 nats
const STOPPED = 5e-3;
// what few places miss of a network whose few units have kinks, nats
const KINKS = 0.2;
const ALL = 1e6;
const resting = (joint, q) => -divergence(ownLattice(joint, q), 0, q, ALL, 2);

for (const said of oracle()) {
  const net = parseNetwork(bytesOf(said.payload));
  const subject = { pixels: said.pixels, z: said.z, label: null };
  const many = manyOf(bytesOf(said.payload), net);
  const joint = jointOf(net, many, subject, said.pair);
  // a frame that is not the posterior's own: wide and moved
  const lattice = new Lattice(joint, { ...said.normals[1] });
  const found = finished(evidenceOf(lattice, finished(new Looker(net, many).steps(subject, said.pair))));

  test(`log p(x) is that of the oracle: ${said.name}`, () => {
    assertNear(found.log, said.log, STOPPED);
  });

  test(`the ELBO of a q that rests is that of the oracle: ${said.name}`, () => {
    for (const q of said.normals) assertNear(resting(joint, q), q.elbo, said.smooth ? 1e-3 : SHOWN);
  });

  test(`the ELBO of a q that moves is near it: ${said.name}`, () => {
    for (const q of said.normals) assertNear(elbo(joint, q, 8), q.elbo, said.smooth ? EXACT : KINKS);
  });

  test(`KL(q ‖ p(z|x)) is that of the oracle: ${said.name}`, () => {
    for (const q of said.normals) {
      assertNear(divergence(lattice, said.log, q, ALL, said.smooth ? 0 : 1), q.kl, said.smooth ? 1e-3 : SHOWN);
    }
  });

  test(`an image that comes back is not computed again, and has the same numbers: ${said.name}`, () => {
    let decoded = 0;
    const counting = { ...many, run: (zs, ...others) => many.run(zs, ...others, (decoded += zs.length)) };
    const looker = new Looker(net, counting);
    const first = balanceOf(looker, subject, said.pair, said.normals[0]);
    while (first.busy) first.work();
    const [terms, before] = [first.terms, decoded];
    assert.ok(before > 0);
    balanceOf(looker, { ...subject, pixels: subject.pixels.slice() }, said.pair, said.normals[0]);
    const [other, again] = [decoded, balanceOf(looker, { ...subject }, said.pair, { ...said.normals[0] })];
    assert.ok(other > before, "other pixels are another image");
    assert.deepEqual([decoded, again.busy, again.terms], [other, false, terms]);
  });

  test(`the two parts add up to log p(x): ${said.name}`, () => {
    for (const q of said.normals) {
      const sum = resting(joint, q) + divergence(lattice, found.log, q, ALL, 1);
      assertNear(sum, found.log, SHOWN);
    }
  });

  test(`a q that is turned has the ELBO and the KL of the oracle: ${said.name}`, () => {
    const [straight] = said.turned;
    for (const { angle, axes, elbo: bound, kl } of said.turned) {
      const q = turned(straight, angle);
      assertNear(q.axes.flat(), axes.flat(), 1e-12);
      const own = [resting(joint, q), divergence(lattice, said.log, q, ALL, 1)];
      assertNear(own, [bound, kl], SHOWN);
      assertNear(own[0] + divergence(lattice, found.log, q, ALL, 1), found.log, SHOWN);
    }
  });

  test(`a q that few places are asked for is near enough for a hand that moves: ${said.name}`, () => {
    // the least order that a slow machine falls back to
    for (const q of said.normals.slice(0, 1)) assertNear(elbo(joint, q, 3), q.elbo, said.smooth ? EXACT : KINKS);
  });
}

test("a second image asks the decoder nothing for its look over the prior", () => {
  const [, said] = oracle();
  const net = parseNetwork(bytesOf(said.payload));
  const many = manyOf(bytesOf(said.payload), net);
  const looker = new Looker(net, many);
  const subject = { pixels: said.pixels, z: said.z, label: null };
  finished(looker.steps(subject, said.pair));
  many.run = () => assert.fail("the decoder was asked again");
  const other = { ...subject, pixels: said.pixels.map((value) => 1 - value) };
  assert.ok(finished(looker.steps(other, said.pair)).seen.length > 100);
});

test("a KL is not told before all its values are known", () => {
  const [, said] = oracle();
  const lattice = new Lattice((spots) => new Float64Array(spots.length), said.normals[0]);
  assert.equal(divergence(lattice, 0, said.normals[0], 8), null);
  assert.equal(lattice.size, 8);
});

test("the rule of n places gives the moments of a normal up to degree 2n − 1", () => {
  for (const count of [1, 2, 5, 12, 32]) {
    const { at, weight } = hermiteRule(count);
    // E[z^k] = (k − 1)!! for even k; large powers lose digits to their own size
    for (let power = 0, moment = 1; power < Math.min(2 * count, 12); power += 2) {
      const found = at.reduce((sum, z, i) => sum + weight[i] * z ** power, 0);
      assertNear(found, moment, 1e-9, 1e-9);
      moment *= power + 1;
    }
  }
});

test("places of no weight are left out", () => {
  const plane = { a: 0, b: 0, axes: [[1, 0], [0, 1]], sd: [1, 1] };
  assert.ok(placesOf(plane, 32).length < 32 * 32);
  assert.equal(placesOf(plane, 3).length, 9);
});

const ROUND = { a: 1, b: 2, axes: [[1, 0], [0, 1]], sd: [0.5, 0.1] };

test("the hand takes q by its centre, by its rim, or not at all", () => {
  assert.equal(gripAt(ROUND, 1.01, 2, 0.02).part, "centre");
  assert.deepEqual(gripAt(ROUND, 1.5, 2, 0.02), { part: "rim", axis: 0 });
  assert.deepEqual(gripAt(ROUND, 1, 2.1, 0.02), { part: "rim", axis: 1 });
  assert.equal(gripAt(ROUND, 3, 3, 0.02), null);
});

test("the centre goes with the hand and the rim stretches one axis", () => {
  const held = gripAt(ROUND, 1.01, 2.02, 0.02);
  const moved = pulled(ROUND, held, 2.01, 1.02, false);
  assertNear([moved.a, moved.b], [2, 1], 1e-12);
  const wide = pulled(ROUND, { part: "rim", axis: 0 }, 2.2, 2.7, false);
  assertNear(wide.sd, [1.2, 0.1], 1e-12);
  assert.deepEqual(wide.axes, ROUND.axes);
});

test("a rim turns the axes where a posterior may lie askew", () => {
  const askew = pulled(ROUND, { part: "rim", axis: 0 }, 1.3, 2.4, true);
  assertNear(askew.sd[0], 0.5, 1e-12);
  assertNear(askew.axes, [[0.6, 0.8], [-0.8, 0.6]], 1e-12);
});

test("the knob on the rim turns q with the hand, and leaves its centre and widths", () => {
  const knob = knobOf(ROUND);
  assertNear(knob, [1 + 0.5 * Math.SQRT1_2, 2 + 0.1 * Math.SQRT1_2], 1e-12);
  assert.equal(gripAt(ROUND, ...knob, 0.02).part, "knob");
  const hand = turned(ROUND, 0.4);
  const found = pulled(ROUND, { part: "knob" }, ...knobOf(hand).map((value, k) => value + (value - [1, 2][k])), false);
  assertNear(angleOf(found), 0.4, 1e-12);
  assert.deepEqual([found.a, found.b, found.sd], [1, 2, ROUND.sd]);
});

test("a turn there and back is none", () => {
  assertNear(turned(turned(ROUND, 0.3), -0.3).axes.flat(), ROUND.axes.flat(), 1e-12);
});

test("a line has nothing to turn", () => {
  const line = { a: 1, b: 0, axes: [[1, 0]], sd: [0.5] };
  assert.equal(keyed(line, "[", false), null);
  assert.equal(gripAt(line, 1.5, 0, 0.02).part, "rim");
});

test("brackets turn q, arrows move it and with shift stretch it, other keys leave it", () => {
  assertNear(angleOf(keyed(ROUND, "[", false)), TURN, 1e-12);
  assertNear(angleOf(keyed(ROUND, "]", false)), -TURN, 1e-12);
  assertNear([keyed(ROUND, "ArrowUp", false).b, keyed(ROUND, "ArrowLeft", false).a], [2.01, 0.95], 1e-12);
  assertNear(keyed(ROUND, "ArrowRight", true).sd, [0.525, 0.1], 1e-12);
  assert.equal(keyed(ROUND, "x", false), null);
});

test("an ellipse stays wide enough for its places to be counted", () => {
  const thin = withSd(ROUND, 1, 1e-9);
  assert.ok(thin.sd[1] >= 0.5 / 31);
});

test("a posterior on a plane is what it is given the other dimensions", () => {
  // the covariance L Lᵀ of three dimensions, and its conditional on the third
  const tril = [1, 0.5, 0.8, 0.3, -0.4, 0.6];
  const posterior = { loc: [0, 0, 0], scale: [1, Math.hypot(0.5, 0.8), 0.78], tril, outline: null, draw: null };
  const header = { factorises: false, z_dim: 3, normal: true };
  const { axes, sd } = normalOf(posterior, header, [0, 1]);
  const of = (i, j) => axes.reduce((sum, axis, k) => sum + sd[k] ** 2 * axis[i] * axis[j], 0);
  const cov = [[1, 0.5, 0.3], [0.5, 0.89, -0.17], [0.3, -0.17, 0.61]];
  const given = (i, j) => cov[i][j] - (cov[i][2] * cov[j][2]) / cov[2][2];
  for (const [i, j] of [[0, 0], [0, 1], [1, 1]]) assertNear(of(i, j), given(i, j), 1e-12);
});

test("the axis of the bars stays until a KL needs another", () => {
  assert.equal(spanFor(1.5, 5), 5);
  assert.equal(spanFor(4.5, 5), 10);
  assert.equal(spanFor(0.1, 50), 2);
});
