// What a file with the picture of one z is called.

/** @import { Numbers } from "../core/header.js" */

const NAMED_IN_FILE = 12; // numbers of z

/**
 * As in "mnist-2d z 0.42 -1.10.png", with the class that it is decoded as; a long z is cut.
 * @type {(model: string, z: Numbers, of?: string | null) => string}
 */
export function fileName(model, z, of = null) {
  const numbers = Array.from(z).slice(0, NAMED_IN_FILE).map((value) => value.toFixed(2));
  const parts = of === null ? [model] : [model, "class", of.replaceAll("/", "-")];
  const more = z.length > NAMED_IN_FILE ? " and more" : "";
  return `${[...parts, "z", ...numbers].join(" ")}${more}.png`;
}
