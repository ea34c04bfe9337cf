// Why a latent space has holes: the same draws, and the same walk, in an autoencoder and in a VAE.

import { button, choice, element } from "../../parts/dom.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { readSpecimens } from "../specimens.js";
import { fillStrip, imageAsked } from "../strip.js";
import { DRAWN, Side } from "./side.js";
import { noiseFrom } from "./walk.js";

/** @import { MountExhibit, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */
/** @import { Scene } from "./side.js" */

/** @type {MountExhibit} */
export const mount = (root, told) => new HolesExhibit(root, told);

class HolesExhibit extends Exhibit {
  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const { words, asked } = told;
    this.specimens = readSpecimens(told.data.specimens);
    const count = this.specimens.images.length;
    this.walk = asked.show === "walk";
    this.seed = /^\d{1,6}$/.test(asked.seed ?? "") ? Number(asked.seed) : 1;
    const hand = (asked.e ?? "").split(",").map(Number);
    this.hand = hand.length === 2 && hand.every((value) => Math.abs(value) < 10) && asked.e ? hand : [0.6, -0.4];
    this.ends = [asked.from === undefined ? 1 : imageAsked(asked.from, count), asked.to === undefined ? 3 : imageAsked(asked.to, count)];
    const share = Number(asked.at ?? 0.5);
    this.share = share >= 0 && share <= 1 ? share : 0.5;
    this.sides = ["ae", "vae"].map((role) => new Side(role, told, {
      hand: (noise) => this.#hand(noise),
      rest: () => this.#keep(),
      enter: (on) => this.hover(on ? (role === "ae" ? "code" : "kl") : null),
    }));
    this.show = choice(words.show, { draws: words.draws, walk: words.walk }, (value) => this.#turn(value === "walk"));
    this.again = button(words.again, { onclick: () => this.#again() });
    this.slider = element("input", { type: "range", min: "0", max: "1", step: "0.01", value: String(this.share), "aria-label": words.share });
    this.strip = element("div", { class: "learn-strip", role: "group", "aria-label": words.ends });
    this.walking = element("div", { class: "holes-walking" }, this.strip,
      element("label", { class: "pad-slider holes-slider" }, this.slider));
    this.parts = element("div", { class: "holes" }, ...this.sides.map((side) => side.root),
      element("div", { class: "holes-control" }, this.show.root, this.again, this.walking));
    root.replaceChildren(this.parts);
    this.mark = fillStrip(this.strip, this.specimens, words.image, (k) => this.#end(k));
    this.slider.oninput = () => {
      this.share = Number(this.slider.value);
      this.hover("walk");
      this.draw();
    };
    this.slider.onchange = () => this.#keep();
    this.sides.forEach(({ wall, image }) => {
      wall.onpointerenter = image.onpointerenter = () => this.hover("rec");
      wall.onpointerleave = image.onpointerleave = () => this.hover(null);
    });
    this.#dress();
    this.begin(() => this.#open());
  }

  async #open() {
    await Promise.all(this.sides.map((side) => side.open()));
    this.noise = noiseFrom(this.seed, DRAWN);
    this.drawNow();
    this.told.ready();
    await Promise.all(this.sides.map((side) => side.openNear()));
    this.draw();
  }

  /** @type {(noise: number[]) => void} */
  #hand(noise) {
    if (this.walk) return;
    this.hand = noise;
    this.draw();
  }

  #again() {
    this.seed = (this.seed % 999_999) + 1;
    this.noise = noiseFrom(this.seed, DRAWN);
    this.draw();
    this.#keep();
  }

  /** The last two images that were pressed are the ends. @type {(k: number) => void} */
  #end(k) {
    if (k !== this.ends[1]) this.ends = [this.ends[1], k];
    this.#dress();
    this.draw();
    this.#keep();
  }

  /** @type {(walk: boolean) => void} */
  #turn(walk) {
    this.walk = walk;
    this.#dress();
    this.draw();
    this.#keep();
  }

  #dress() {
    this.show.set(this.walk ? "walk" : "draws");
    this.again.hidden = this.walk;
    this.walking.hidden = !this.walk;
    this.mark(this.ends[1]);
    this.strip.querySelectorAll("button").forEach((made, k) => made.classList.toggle("holes-from", k === this.ends[0]));
    this.parts.classList.toggle("holes-walks", this.walk);
  }

  paint() {
    const { walk, hand, noise = [], share, lit, ends, specimens, theme, told } = this;
    /** @type {Scene} */
    const scene = { walk, hand, noise, share, lit, ends: ends.map((k) => specimens.images[k]) };
    for (const side of this.sides) side.draw(scene, theme);
    this.slider.setAttribute("aria-valuetext", share.toFixed(2));
    const [ae, vae] = this.sides.map(({ shown }) => shown.far.filter(Boolean).length);
    told.say(fillIn(walk ? told.words.said_walk : told.words.said_draws, { ae, vae, count: this.sides[0].shown.zs.length, share: share.toFixed(2) }));
  }

  #keep() {
    const { walk, seed, hand, ends, share } = this;
    this.told.keep({
      show: walk ? "walk" : null,
      seed: !walk && seed !== 1 ? String(seed) : null,
      e: walk ? null : hand.map((value) => value.toFixed(2)).join(","),
      from: walk ? String(ends[0] + 1) : null,
      to: walk ? String(ends[1] + 1) : null,
      at: walk ? share.toFixed(2) : null,
    });
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    for (const side of this.sides) side.setTheme(theme);
    super.setTheme(theme);
  }

  resized() {
    for (const side of this.sides) side.plane.resized();
    super.resized();
  }
}
