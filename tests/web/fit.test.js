// Pictures made like a data set's images, against vae.data.picture_fit.

import test from "node:test";

import { fittedPicture } from "../../vae/web/pictures/fit.js";
import { assertNear, oracle } from "./oracle.js";

const { framings, pictures } = oracle();
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
