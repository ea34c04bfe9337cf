// The first view: one image through two numbers, by a network and by principal components.

import { decode, drawPixels, encode } from "../../core/decoder.js";
import { contextOf, element, shownVector } from "../../parts/dom.js";
import { CodePlane } from "../code_plane.js";
import { fillIn } from "../fill_in.js";
import { squaredError } from "./first.js";

/** @import { Opened, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */

/** One of the two ways: its plane, and the image that comes out. */
export class Way {
  /** @type {Opened | null} */
  model = null;
  /** Where the hand is; null where it leaves the code to the image. @type {number[] | null} */
  hand = null;
  /** @type {Float32Array} */
  pixels = new Float32Array();
  /** @type {number[]} */
  code = [0, 0];

  /** @param {string} role @param {Told} told @param {() => void} changed @param {(symbol: string | null) => void} hover */
  constructor(role, told, changed, hover) {
    const { words } = told;
    this.role = role;
    this.told = told;
    this.canvas = element("canvas", { class: "two-plane", role: "img", "aria-label": fillIn(words.plane, { model: words[role] }), "data-testid": `two-${role}` });
    this.image = element("canvas", { class: "learn-picture", role: "img", "aria-label": fillIn(words.decoded, { model: words[role] }) });
    this.numbers = element("span", { class: "two-numbers" });
    this.error = element("span", { class: "two-error" });
    this.root = element("section", { class: "two-way", "aria-label": words[role] },
      element("p", { class: "two-name" }, words[role], this.numbers),
      element("div", { class: "two-plane-box" }, this.canvas),
      element("span", { class: "two-arrow", textContent: "→", "aria-hidden": "true" }),
      element("figure", { class: "two-out" }, this.image, element("figcaption", {}, this.error)));
    const set = (/** @type {number[] | null} */ hand) => {
      this.hand = hand;
      changed();
    };
    this.plane = new CodePlane(this.canvas, told.theme, {
      move: (a, b) => set([a, b]),
      rest: () => {},
      step: (da, db) => set([this.z[0] + da, this.z[1] + db]),
      enter: (on) => {
        hover(on ? "code" : null);
        if (!on) set(null);
      },
    });
    this.canvas.onblur = () => set(null);
    this.image.onpointerenter = () => hover("decoded");
    this.image.onpointerleave = () => hover(null);
  }

  /** @returns {number[]} */
  get z() {
    return this.hand ?? this.code;
  }

  async open() {
    this.model = await this.told.open(this.role);
    this.plane.setPoints(this.model.points, null);
  }

  /** @type {(pixels: Float32Array) => void} */
  take(pixels) {
    this.pixels = pixels;
    this.hand = null;
    if (this.model) this.code = Array.from(encode(this.model.encoder, pixels).loc);
  }

  draw() {
    const { model, told, z } = this;
    if (!model) return;
    const out = decode(model.net, z);
    drawPixels(contextOf(this.image), out, model.net.shape);
    this.numbers.textContent = ` z = ${shownVector(z)}`;
    const error = squaredError(out, this.pixels);
    this.error.textContent = fillIn(told.words.error, { error: error.toFixed(1) });
    Object.assign(this.root.dataset, { error: error.toFixed(4), z: z.map((value) => value.toFixed(4)).join(",") });
    this.plane.at(z, true);
    this.plane.draw();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.plane.setTheme(theme);
  }
}
