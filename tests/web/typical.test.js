// Which members of a class stand for it.

import assert from "node:assert/strict";
import test from "node:test";

import { typicalRows } from "../../vae/web/core/typical.js";
import { oracle } from "./oracle.js";

test("typical members lie where their class is dense and alone", () => {
  const { loc, label } = oracle();
  const rows = typicalRows({ loc, label, count: 900, zDim: 2 }, 0);
  assert.equal(rows.length, 12);
  assert.equal(new Set(rows).size, 12);
  for (const row of rows) {
    assert.equal(label[row], 0);
    assert.ok(Math.abs(loc[2 * row]) > 2, `${loc[2 * row]} lies between the heaps`);
  }
});
