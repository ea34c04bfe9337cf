// The two ends of a path: where they stand on the map, and what an address asks of them.

import assert from "node:assert/strict";
import test from "node:test";

import { endsOfAddress } from "../../vae/web/interpolate/address.js";
import { firstClass, readAddress } from "../../vae/web/pad/address.js";
import { handlePlaces } from "../../vae/web/interpolate/marks.js";

const RADIUS = 11; // of a handle's disc, in pixels

for (const apart of [0, 0.3, 5, 21, 40]) {
  test(`two ends ${apart} pixels apart never cover each other`, () => {
    const [a, b] = [[100, 50], [100 + 0.6 * apart, 50 - 0.8 * apart]];
    const [first, second] = handlePlaces(a, b);
    assert.ok(Math.hypot(second[0] - first[0], second[1] - first[1]) >= 2 * RADIUS);
    if (apart >= 26) assert.deepEqual([first, second], [a, b]);
  });
}

const source = { net: { zDim: 2 } };

for (const text of ["a=1", "a=1,nan", "b=1,2,3", "a=x,y", "a=1e99,0", "a=1,,2", "b=", "a=1,Infinity"]) {
  test(`an end of an address must be a place: ${text}`, () => {
    const found = endsOfAddress(`?${text}`, "model", source);
    assert.equal(found.a, null);
    assert.equal(found.b, null);
    assert.match(found.wrong, /takes 2 finite numbers/);
  });
}

test("an address of another model says nothing", () => {
  const found = endsOfAddress("?of=other&a=1,2&b=3", "model", source);
  assert.deepEqual(found, { a: null, b: null, wrong: null });
});

const told = { net: { zDim: 2, classes: 3 }, imageAt: () => null };

for (const [text, label] of [["2", 2], ["3", null], ["-1", null], ["x", null], ["", null]]) {
  test(`an end of an address is told a class that the model has, or the sentence says so: ${text}`, () => {
    const { a, wrong } = endsOfAddress(`?a=1,2&a_class=${text}`, "model", told);
    assert.equal(a.told, label);
    if (label === null) assert.match(wrong, /a_class = “.*”, but this model has the classes 0 to 2/);
    else assert.equal(wrong, null);
  });
}

test("a class that a model without classes is asked for is said to be left out", () => {
  const { wrong } = endsOfAddress("?b_class=1", "model", { net: { zDim: 2, classes: 0 } });
  assert.match(wrong, /b_class = “1”, but this model is told no class/);
});

for (const [text, first] of [["class=1", 1], ["class=3", 0], ["class=x", 0], ["class=0.5", 0], ["", 0]]) {
  test(`the pad begins with a class that the model has: ${text}`, () => {
    assert.equal(firstClass(readAddress(`?${text}`).label, 3), first);
  });
}

test("a β that is no number is asked for all the same, so that no other visit's is taken", () => {
  assert.ok(Number.isNaN(readAddress("?beta=x").beta));
  assert.equal(readAddress("?z=1").beta, null);
  assert.equal(readAddress("?bbeta=0.5", true).beta, 0.5);
});
