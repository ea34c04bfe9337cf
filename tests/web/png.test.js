// PNG files of 16 bits a level, read level by level.

import assert from "node:assert/strict";
import test from "node:test";

import { pngHeader, readWidePng } from "../../vae/web/pictures/png.js";
import { assertNear, bytesOf, oracle } from "./oracle.js";

for (const { content, samples, width, height, values } of oracle().files) {
  test(`a PNG of sixteen bits is read level by level: ${samples} of ${width} × ${height}`, async () => {
    const bytes = new Uint8Array(bytesOf(content));
    assert.deepEqual(pngHeader(bytes), { width, height, wide: true });
    const found = await readWidePng(bytes, 3);
    assert.deepEqual([found.channels, found.height, found.width], [3, height, width]);
    // levels are kept as float32
    assertNear([...found.values], values, 1e-6);
  });
}
