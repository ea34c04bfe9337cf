// One of the two models: its plane, what is decoded under the hand, and its draws or its walk.

import { fittedOf } from "../../core/fitted.js";
import { decode, drawPixels, encode } from "../../core/decoder.js";
import { howFar, parseNear } from "../../core/nearness.js";
import { contextOf, element } from "../../parts/dom.js";
import { fetchPayload } from "../../parts/load.js";
import { CodePlane } from "../code_plane.js";
import { fillIn } from "../fill_in.js";
import { Tiles } from "../tiles.js";
import { between, noiseAt, placeFrom } from "./walk.js";

/** @import { Numbers, Points } from "../../core/header.js" */
/** @import { Context, Frame } from "../../plane/sketch.js" */
/** @import { Opened, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Fitted } from "../../core/fitted.js" */

/** What both models show: the hand's noise, the draws' noise, or the ends of a walk and how far along it is. */
/** @typedef {{walk: boolean, hand: number[], noise: number[][], ends: Float32Array[], share: number, lit: string | null}} Scene */

const FRAMES = 12;
export const DRAWN = 12;
const COLUMNS = 6;
const FULL_TURN = 2 * Math.PI;

/** @typedef {{hand: (noise: number[]) => void, rest: () => void, enter: (on: boolean) => void}} SideActions */

export class Side {
  /** @type {Opened | null} */
  model = null;
  /** @type {Points | null} */
  points = null;
  /** @type {Fitted | null} */
  fitted = null;
  /** @type {Scene | null} */
  scene = null;
  /** Places that are drawn or walked, and which of them are far. @type {{zs: number[][], far: boolean[]}} */
  shown = { zs: [], far: [] };

  /** @param {string} role @param {Told} told @param {SideActions} act */
  constructor(role, told, act) {
    const { words } = told;
    this.role = role;
    this.told = told;
    this.theme = told.theme;
    this.canvas = element("canvas", { class: "holes-plane", role: "img", "aria-label": fillIn(words.plane, { model: words[role] }), "data-testid": `holes-${role}` });
    this.image = element("canvas", { class: "learn-picture holes-image", role: "img", "aria-label": fillIn(words.decoded, { model: words[role] }) });
    this.wall = element("canvas", { class: "holes-wall", role: "img", "aria-label": fillIn(words.wall, { model: words[role] }) });
    this.tiles = new Tiles(this.wall);
    this.verdict = element("p", { class: "learn-small holes-verdict" });
    this.root = element("section", { class: `holes-side holes-${role}`, "aria-label": words[role] },
      element("p", { class: "holes-name", textContent: words[role] }),
      element("div", { class: "holes-plane-box" }, this.canvas),
      element("div", { class: "holes-under" }, this.image, element("div", { class: "holes-wall-box" }, this.wall, this.verdict)));
    this.plane = new CodePlane(this.canvas, told.theme, {
      move: (a, b) => act.hand(noiseAt(this.fitted, [a, b])),
      rest: act.rest,
      step: (da, db) => {
        const z = this.z();
        if (z) act.hand(noiseAt(this.fitted, [z[0] + da, z[1] + db]));
        act.rest();
      },
      enter: act.enter,
    });
    this.plane.setOverlay((paper, frame) => this.#sketch(paper, frame));
  }

  async open() {
    const model = await this.told.open(this.role);
    const { latent, has_density: hasDensity } = model.net.header;
    this.model = model;
    this.points = model.points;
    this.fitted = hasDensity ? null : fittedOf(latent);
    this.plane.setPoints(model.points, hasDensity);
  }

  /** What tells near from far comes last: the pictures do not wait for it. */
  async openNear() {
    const { model, points } = this;
    if (!model?.props.near || !points) return;
    this.points = { ...points, near: parseNear(await fetchPayload(model.props.near), points.count) };
  }

  /** The code of an image. @type {(pixels: Float32Array) => number[]} */
  code(pixels) {
    if (!this.model) return [0, 0];
    return Array.from(encode(this.model.encoder, pixels).loc);
  }

  /** Where the hand is in this model. */
  z() {
    const { scene, fitted } = this;
    if (!scene || !this.model) return null;
    return scene.walk ? between(this.code(scene.ends[0]), this.code(scene.ends[1]), scene.share) : placeFrom(fitted, scene.hand);
  }

  /** @type {(z: Numbers) => boolean} */
  isFar(z) {
    return howFar(this.points, z)?.far ?? false;
  }

  /** @type {(scene: Scene, theme: Theme) => void} */
  draw(scene, theme) {
    const { model, told } = this;
    if (!model) return;
    [this.scene, this.theme] = [scene, theme];
    const zs = scene.walk
      ? Array.from({ length: FRAMES }, (_, k) => between(this.code(scene.ends[0]), this.code(scene.ends[1]), k / (FRAMES - 1)))
      : scene.noise.map((noise) => placeFrom(this.fitted, noise));
    const far = zs.map((z) => this.isFar(z));
    this.shown = { zs, far };
    this.tiles.show(model, zs, COLUMNS, theme, (k) => far[k]);
    const z = this.z();
    if (z) {
      drawPixels(contextOf(this.image), decode(model.net, z), model.net.shape);
      this.image.classList.toggle("holes-far", this.isFar(z));
    }
    this.plane.at(scene.walk ? null : z, false);
    this.plane.draw();
    const count = far.filter(Boolean).length;
    const known = Boolean(this.points?.near);
    this.verdict.textContent = known ? fillIn(scene.walk ? told.words.walked : told.words.drawn, { far: count, count: zs.length }) : "";
    Object.assign(this.root.dataset, { z: z?.map((value) => value.toFixed(4)).join(",") ?? "", far: known ? String(count) : "" });
  }

  /** @type {(paper: Context, frame: Frame) => void} */
  #sketch(paper, frame) {
    const { scene, shown, theme } = this;
    if (!scene) return;
    const spots = shown.zs.map(([a, b]) => frame.toScreen(a, b));
    if (scene.walk) {
      paper.beginPath();
      for (const spot of spots) paper.lineTo(...spot);
      stroke(paper, theme.background, scene.lit === "walk" ? 7 : 4);
      stroke(paper, theme.accent, scene.lit === "walk" ? 4 : 2);
    }
    spots.forEach(([x, y], k) => dot(paper, theme, x, y, scene.lit === "z" ? 6 : 4, shown.far[k]));
    const z = this.z();
    if (scene.walk && z) dot(paper, theme, ...frame.toScreen(z[0], z[1]), 8, true);
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    this.plane.setTheme(theme);
  }
}

/** @type {(paper: Context, colour: string, width: number) => void} */
function stroke(paper, colour, width) {
  Object.assign(paper, { strokeStyle: colour, lineWidth: width });
  paper.stroke();
}

/** A far place is open and of the accent, a near one full. @type {(paper: Context, theme: Theme, x: number, y: number, radius: number, far: boolean) => void} */
function dot(paper, theme, x, y, radius, far) {
  paper.beginPath();
  paper.arc(x, y, radius + 1.5, 0, FULL_TURN);
  paper.fillStyle = far ? theme.accent : theme.background;
  paper.fill();
  paper.beginPath();
  paper.arc(x, y, radius, 0, FULL_TURN);
  paper.fillStyle = far ? theme.background : theme.text;
  paper.fill();
}
