// Pictures made like a data set's images, against vae.data.picture_fit.

import assert from "node:assert/strict";
import test from "node:test";

import { fittedPicture, proposeTreatment } from "../../vae/web/pictures/fit.js";
import { assertNear, oracle } from "./oracle.js";

const { framings, pictures, proposals } = oracle();
const SHAPE = [1, 28, 28];
const sum = (pixels) => pixels.reduce((total, value) => total + value, 0);
// both sides compute in float64; Python's levels come in as float32
const TOLERANCE = 1e-5;

for (const { picture, shape, made } of pictures) {
  const size = [picture.channels, picture.height, picture.width].join(" × ");
  for (const { framing, treatment, values } of made) {
    const asked = Object.keys(treatment).filter((name) => treatment[name]).join(", ") || "as it is";
    test(`a picture of ${size} is made as in Python: framing ${framing}, ${asked}`, () => {
      const found = fittedPicture(picture, shape, framings[framing], treatment);
      assertNear([...found], values, TOLERANCE);
    });
  }
}

for (const { picture, made } of proposals) {
  for (const { framing, wide, usual, treatment } of made) {
    const size = `${picture.height} × ${picture.width}${wide ? " of 16 bits" : ""}`;
    test(`the same is proposed as in Python: ${size}, framing ${framing}, usual ${usual}`, async () => {
      const logPx = usual && sum;
      const found = await proposeTreatment(picture, SHAPE, framings[framing], wide, usual, logPx);
      assert.deepEqual(found, treatment);
    });
  }
}

test("a comparison ends when it is no longer asked for", async () => {
  const [{ picture }] = proposals;
  let [asked, compared] = [0, 0];
  const logPx = () => {
    compared += 1;
    return 0;
  };
  const goesOn = async () => {
    asked += 1;
    return asked <= 2;
  };
  assert.equal(await proposeTreatment(picture, SHAPE, null, false, [1, 2], logPx, goesOn), null);
  assert.equal(compared, 2);
});
