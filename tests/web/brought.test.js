// What a person brings is packed with the folders that name its classes.

import assert from "node:assert/strict";
import test from "node:test";

import { belowTop, filesOf, placesOf } from "../../vae/web/brought/places.js";
import { crc32, zip } from "../../vae/web/pictures/zip.js";

const at = (...paths) => paths.map((path) => ({ file: null, path }));
const below = (...paths) => {
  const { title, files } = belowTop(at(...paths));
  return [title, files.map(({ path }) => path)];
};

test("the folder that holds all files gives its name and is no class", () => {
  assert.deepEqual(below("pets/cat/1.png", "pets/dog/2.png"), ["pets", ["cat/1.png", "dog/2.png"]]);
  assert.deepEqual(below("pets/1.png", "pets/2.png"), ["pets", ["1.png", "2.png"]]);
});

test("folders that are brought side by side stay classes", () => {
  assert.deepEqual(below("cat/1.png", "dog/2.png"), ["images", ["cat/1.png", "dog/2.png"]]);
  assert.deepEqual(below("cat/1.png", "readme.txt"), ["images", ["cat/1.png", "readme.txt"]]);
  assert.deepEqual(below("1.png", "2.png"), ["images", ["1.png", "2.png"]]);
  assert.deepEqual(below("cat", "cat/1.png"), ["images", ["cat", "cat/1.png"]]);
});

test("a file that was chosen without a folder has its name alone", () => {
  const files = [{ name: "1.png", webkitRelativePath: "" }, { name: "2.png", webkitRelativePath: "a/2.png" }];
  assert.deepEqual(placesOf(files).map(({ path }) => path), ["1.png", "a/2.png"]);
});

/** A folder as a drop gives it: its reader hands out two entries at a time. */
function folder(fullPath, children) {
  const read = () => {
    const left = [...children];
    return { readEntries: (done) => done(left.splice(0, 2)) };
  };
  return { isFile: false, isDirectory: true, fullPath, createReader: read };
}
const leaf = (fullPath) => ({ isFile: true, fullPath, file: (done) => done({ name: fullPath }) });

test("all files of folders in folders are found, however many there are in one", async () => {
  const some = Array.from({ length: 5 }, (_, k) => leaf(`/pets/cat/${k}.png`));
  const found = await filesOf([folder("/pets", [folder("/pets/cat", some), leaf("/pets/a.txt")]), leaf("/b.txt")]);
  const paths = found.map(({ path }) => path).sort();
  assert.deepEqual(paths, ["b.txt", "pets/a.txt", ...some.map(({ fullPath }) => fullPath.slice(1))]);
});

test("the sum is the one that zip files have", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("an archive is as long as its records, names and contents", async () => {
  const content = new Uint8Array([1, 2, 3]);
  const blob = zip([{ name: "ü/1.png", content, size: 3, sum: crc32(content) }]);
  assert.equal(blob.size, 30 + 8 + 3 + 46 + 8 + 22);
  assert.equal(new Uint8Array(await blob.arrayBuffer())[0], 0x50);
});
