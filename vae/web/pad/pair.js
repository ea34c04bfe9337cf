// Two pads on one screen: the hand on one of them moves the other, to the same z or the same image.

import { choice, element } from "../parts/dom.js";
import { dimensionOrder, rowOf } from "../core/latent.js";
import { nearestImages } from "../core/nearness.js";

/** @import { Points } from "../core/header.js" */
/** @import { LatentPad } from "./pad.js" */

/** How the hands of two pads are linked. @typedef {"apart" | "z" | "image"} HandsMode */

/** The pads of the page. @type {Set<Pair>} */
const PADS = new Set();
const MANY = 3; // dimensions whose sliders and menus of axes take more room
/** @type {Record<HandsMode, string>} */
const HANDS = { apart: "apart", z: "same z", image: "same image" };

/** The ways to link hands, the closest one first. @type {HandsMode[]} */
const LINKS = ["image", "z"];

/** @type {(text: string) => HandsMode} */
function modeOf(text) {
  return LINKS.find((mode) => mode === text) ?? "apart";
}

/** A pad's link to the other one of its page; the first pad's `wanted` says how, null for usual. */
export class Pair {
  /** @param {LatentPad} pad */
  constructor(pad) {
    this.pad = pad;
    /** @type {HandsMode | null} */
    this.wanted = null;
    this.quiet = false;
    /** The rows of images, by their indices. @type {Map<number, number> | null} */
    this.rows = null;
    PADS.add(this);
    const first = () => (pad.beside ? this.other : this);
    this.choice = choice("how the hands are linked", HANDS, (mode) => first()?.choose(modeOf(mode)));
    this.words = element("span", { class: "pad-small" });
    pad.refs.hands.append(element("span", { textContent: "hands" }), this.choice.root, this.words);
  }

  stop() {
    PADS.delete(this);
  }

  /** @type {Pair | null} */
  get other() {
    const { data } = this.pad;
    /** @type {(pair: Pair) => boolean} */
    const fits = ({ pad }) =>
      pad.isOpen && data.other !== null && pad.root.dataset.model === data.other;
    return [...PADS].find((pair) => pair !== this && fits(pair)) ?? null;
  }

  /** How the hands are linked. @type {HandsMode} */
  get mode() {
    const { other } = this;
    if (!other) return "apart";
    if (this.pad.beside) return other.mode;
    if (this.wanted === null) return LINKS.find((mode) => !this.hindrance(mode)) ?? "apart";
    return this.hindrance(this.wanted) ? "apart" : this.wanted;
  }

  /** Why two models cannot be linked so, or null. @type {(mode: HandsMode) => string | null} */
  hindrance(mode) {
    const [own, its] = [this.pad, this.other?.pad];
    if (!its || mode === "apart") return null;
    if (mode === "z") {
      const [few, many] = [own.net.zDim, its.net.zDim].sort((a, b) => a - b);
      return few === many ? null : `same z: these models have ${few} and ${many} dimensions`;
    }
    if (!own.points || !its.points) return "same image: a model has no encoded images";
    const same = own.data.images && own.data.images === its.data.images;
    return same ? null : "same image: the models' encoded images are not the same ones";
  }

  /** A model or its points have come: say what can be linked, and give both pads one order. */
  changed() {
    const { other } = this;
    this.rows = null;
    const [first, second] = this.pad.beside ? [other, this] : [this, other];
    if (!second) return;
    second.offer(first);
    const [order, its] = [first && dimensionOrder(first.pad.net.header), second.pad.net];
    second.pad.controls.sliders?.arrange(order?.length === its.zDim ? order : dimensionOrder(its.header));
    second.pad.root.classList.toggle("pad-lower", Boolean(first?.pad.images.drawing));
    const crowded = [first, second].some((pair) => (pair?.pad.net.zDim ?? 0) > MANY);
    for (const pair of [first, second]) pair?.pad.root.classList.toggle("pad-crowded", crowded);
  }

  /**
   * Say on the second pad how the hands are linked, and what hinders the other ways.
   * @type {(first: Pair | null) => void}
   */
  offer(first) {
    this.pad.refs.hands.hidden = !first;
    const reasons = LINKS.toReversed().map((mode) => ({ mode, why: this.hindrance(mode) }));
    for (const { mode, why } of reasons) {
      this.choice.buttons[mode].disabled = Boolean(why);
      this.choice.buttons[mode].title = why ?? "";
    }
    this.words.textContent = reasons.map(({ why }) => why).filter(Boolean).join("; ");
    for (const pair of [first, this]) {
      pair?.pad.root.classList.toggle("pad-explains", this.words.textContent !== "");
    }
    this.choice.set(this.mode);
  }

  /** @type {(mode: HandsMode) => void} */
  choose(mode) {
    this.wanted = mode;
    this.hold(this.pad.held);
    this.release();
    this.pad.link.write();
  }

  // ---- the hand ---------------------------------------------------------------------------

  /** Do something that the other pad is not to follow. @type {(act: () => void) => void} */
  quietly(act) {
    const before = this.quiet;
    this.quiet = true;
    act();
    this.quiet = before;
  }

  /** @type {(z: Float64Array) => void} */
  look(z) {
    this.lead(z, (pad, place) => pad.show(place));
  }

  /** @type {(z: Float64Array) => void} */
  hold(z) {
    this.lead(z, (pad, place) => pad.hold(place));
  }

  leave() {
    const { mode, other } = this;
    if (mode === "apart" || !other) return;
    const { pad } = other;
    pad.map.find(-1);
    pad.show(pad.held);
  }

  release() {
    const { other } = this;
    if (other && !this.quiet && this.mode !== "apart") other.quietly(() => other.pad.release());
  }

  /** @type {(z: Float64Array, act: (pad: LatentPad, z: Float64Array) => void) => void} */
  lead(z, act) {
    const { mode, other } = this;
    if (this.quiet || mode === "apart" || !other) return;
    const { pad } = other;
    if (mode === "z") {
      other.quietly(() => {
        // the same class, where both are told the same classes
        if (pad.net.classes === this.pad.net.classes) pad.tellClass(this.pad.net.label);
        act(pad, Float64Array.from(z));
      });
      return;
    }
    const [mine, its] = [this.pad.points, pad.points];
    if (!mine || !its) return;
    const row = other.rowOfImage(its, mine.index[nearestImages(mine, z, 1).rows[0]]);
    if (row === undefined) return;
    other.quietly(() => {
      pad.images.showPoint(row);
      pad.tellClass(its.label[row]);
      act(pad, Float64Array.from(rowOf(its.loc, row, its.zDim)));
    });
  }

  /** @type {(points: Points, index: number) => number | undefined} */
  rowOfImage(points, index) {
    this.rows ??= new Map(Array.from(points.index, (value, row) => [value, row]));
    return this.rows.get(index);
  }
}
