// What the live view says of where a run stands.

import assert from "node:assert/strict";
import test from "node:test";

import { trainStateWords } from "../../vae/web/train/words.js";

const RUN = { state: "running", phase: "training", step: 60, steps: 100, position: 0 };

test("a run that trains says its step", () => {
  assert.equal(trainStateWords(RUN), "step 60 of 100");
});

test("a run that stands still for want of room says so and keeps its step", () => {
  const full = { ...RUN, phase: "paused: the disk is full; it goes on by itself when there is room" };
  assert.equal(trainStateWords(full), "the disk is full, step 60 of 100");
  assert.equal(trainStateWords({ ...full, step: 0 }), "the disk is full, before the first step");
});

test("a run that waits says its place, and one that has ended its state", () => {
  assert.equal(trainStateWords({ ...RUN, state: "queued", position: 2 }), "waiting, number 2 in line");
  assert.equal(trainStateWords({ ...RUN, state: "paused" }), "paused, step 60 of 100");
});
