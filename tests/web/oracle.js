// What Python wrote down for a test, and comparisons of lists of numbers with it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** What the test's own `*_oracle.py` returned. */
export const oracle = () => JSON.parse(readFileSync(process.env.ORACLE, "utf8"));

/** Fail unless two numbers, or lists of numbers in lists, differ by at most `limit`, or a share. */
export function assertNear(found, expected, limit, share = 0, where = "value") {
  if (typeof expected === "number") {
    const most = limit + share * Math.abs(expected);
    assert.ok(Math.abs(found - expected) <= most, `${where}: ${found} is not ${expected} ± ${most}`);
    return;
  }
  assert.equal(found.length, expected.length, `${where}: the lists differ in length`);
  for (let i = 0; i < expected.length; i++) {
    assertNear(found[i], expected[i], limit, share, `${where}[${i}]`);
  }
}

/** The bytes behind base64, as an ArrayBuffer. */
export function bytesOf(text) {
  return Uint8Array.from(Buffer.from(text, "base64")).buffer;
}
