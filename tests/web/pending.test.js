// Drawings on their way to the server: none is lost, and none is kept twice.

import assert from "node:assert/strict";
import test from "node:test";

import { newToken, Pending } from "../../vae/web/draw/pending.js";
import { bytesOf, textOf } from "../../vae/web/draw/server.js";

class No extends Error {}

/** A browser's storage that outlives its pages. */
function storage() {
  const held = new Map();
  return {
    held,
    get length() { return held.size; },
    key: (i) => [...held.keys()][i] ?? null,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, text) => held.set(key, text),
    removeItem: (key) => held.delete(key),
  };
}

/** A page with a server that answers by `answer(drawing)`; pauses last until `run()`. */
function page(store, answer) {
  const seen = { sent: [], kept: [], refused: [], away: 0, pauses: [] };
  const pending = new Pending("set", store, {
    send: async (drawing) => {
      seen.sent.push(drawing.token);
      return answer(drawing);
    },
    isRefusal: (error) => error instanceof No,
    kept: (drawing) => seen.kept.push(drawing.token),
    refused: (drawing) => seen.refused.push(drawing.token),
    waits: (count, failing) => { seen.away += Number(failing); },
    later: (run) => seen.pauses.push(run),
  });
  return { pending, seen };
}

const soon = () => new Promise((done) => setImmediate(done));
const one = (token) => ({ token, group: "c0", pixels: "AAEC" });

test("drawings are sent one after another in their order and then forgotten", async () => {
  const store = storage();
  const { pending, seen } = page(store, () => ({}));
  for (const token of ["a", "b", "c"]) pending.add(one(token));
  assert.equal(store.held.size, 3);
  await soon();
  assert.deepEqual(seen.sent, ["a", "b", "c"]);
  assert.deepEqual(seen.kept, ["a", "b", "c"]);
  assert.equal(store.held.size, 0);
});

test("a page that is loaded again sends what the former one could not", async () => {
  const store = storage();
  page(store, () => new Promise(() => {})).pending.add(one("a"));
  store.setItem("explorer-drawn:other:z", "c0 AAEC");
  const { pending, seen } = page(store, () => ({}));
  assert.deepEqual(pending.takeUp(), [one("a")]);
  assert.deepEqual(pending.takeUp(), []);
  await soon();
  assert.deepEqual(seen.kept, ["a"]);
  assert.deepEqual([...store.held.keys()], ["explorer-drawn:other:z"]);
});

test("what comes back to a split still says so after a reload", async () => {
  const store = storage();
  const back = { ...one("a"), comesFrom: "test" };
  page(store, () => new Promise(() => {})).pending.add(back);
  assert.deepEqual(page(store, () => ({})).pending.takeUp(), [back]);
});

test("while the server is away drawings wait in their order, and none overtakes another", async () => {
  let away = true;
  const { pending, seen } = page(storage(), () => {
    if (away) throw new Error("away");
    return {};
  });
  pending.add(one("a"));
  pending.add(one("b"));
  await soon();
  assert.deepEqual([seen.kept, seen.away, pending.count], [[], seen.pauses.length, 2]);
  away = false;
  for (const run of seen.pauses) run();
  await soon();
  assert.deepEqual(seen.kept, ["a", "b"]);
});

test("what the server refuses is not sent again, is still there, and lets the next one pass", async () => {
  const store = storage();
  const { pending, seen } = page(store, ({ token }) => {
    if (token === "a") throw new No("no such class");
    return {};
  });
  pending.add(one("a"));
  pending.add(one("b"));
  await soon();
  assert.deepEqual([seen.refused, seen.kept, seen.pauses], [["a"], ["b"], []]);
  assert.deepEqual([...store.held.keys()], ["explorer-drawn:set:a"]);
  pending.forget("a");
  assert.equal(store.held.size, 0);
});

test("a browser without room for a drawing sends it all the same", async () => {
  const full = { ...storage(), length: 0, setItem: () => { throw new Error("full"); } };
  for (const store of [full, null]) {
    const { pending, seen } = page(store, () => ({}));
    pending.add(one("a"));
    await soon();
    assert.deepEqual(seen.kept, ["a"]);
  }
});

test("what waits when the set is renamed is handed over and kept once", async () => {
  const store = storage();
  const { pending } = page(store, () => new Promise(() => {}));
  pending.add(one("a"));
  pending.add(one("b"));
  assert.deepEqual(pending.release(), [one("a"), one("b")]);
  assert.deepEqual([pending.count, store.held.size], [0, 0]);
});

test("tokens differ, and are what the server takes", () => {
  const tokens = Array.from({ length: 100 }, newToken);
  assert.equal(new Set(tokens).size, 100);
  for (const token of tokens) assert.match(token, /^[0-9a-z]{8,40}$/);
});

test("pixels go as bytes and come back to half a level", () => {
  const pixels = Float32Array.from({ length: 784 }, (_, i) => i / 700 - 0.05);
  bytesOf(textOf(pixels)).forEach((level, i) => {
    assert.ok(Math.abs(level - 255 * Math.min(1, Math.max(0, pixels[i]))) <= 0.5 + 1e-4);
  });
});
