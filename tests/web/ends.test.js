// The two ends of a path: where they stand on the map, and what an address asks of them.

import assert from "node:assert/strict";
import test from "node:test";

import { endsOfAddress } from "../../vae/web/interpolate/address.js";
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
