// Two pads on one screen: the hand on one of them moves the other, to the same z or the same image.

import { choice, element } from "../parts/dom.js";
import { dimensionOrder, rowOf } from "../core/latent.js";

const PADS = Symbol.for("latent-pads"); // on the window: each pad may have a script of its own
const MANY = 3; // dimensions whose sliders and menus of axes take more room
const HANDS = { apart: "apart", z: "same z", image: "same image" };

/** A pad's link to the other one of its page; the first pad's `wanted` says how, null for usual. */
export class Pair {
  constructor(pad) {
    this.pad = pad;
    this.wanted = null;
    this.quiet = false;
    this.rows = null;
    window[PADS] ??= new Set();
    window[PADS].add(this);
    const first = () => (pad.beside ? this.other : this);
    this.choice = choice("how the hands are linked", HANDS, (mode) => first()?.choose(mode));
    this.words = element("span", { class: "pad-small" });
    pad.refs.hands.append(element("span", { textContent: "hands" }), this.choice.root, this.words);
  }

  stop() {
    window[PADS].delete(this);
  }

  get other() {
    const { data } = this.pad;
    const fits = ({ pad }) => pad.net && data.other && pad.root.dataset.model === data.other;
    return [...window[PADS]].find((pair) => pair !== this && fits(pair)) ?? null;
  }

  /** How the hands are linked: "apart", "z" or "image". */
  get mode() {
    const { other } = this;
    if (!other) return "apart";
    if (this.pad.beside) return other.mode;
    if (this.wanted === null) return ["image", "z"].find((mode) => !this.hindrance(mode)) ?? "apart";
    return this.hindrance(this.wanted) ? "apart" : this.wanted;
  }

  /** Why two models cannot be linked so, or null. */
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
    second.pad.controls.sliders.arrange(order?.length === its.zDim ? order : dimensionOrder(its.header));
    second.pad.root.classList.toggle("pad-lower", Boolean(first?.pad.images.drawing));
    const crowded = [first, second].some((pair) => pair?.pad.net.zDim > MANY);
    for (const pair of [first, second]) pair?.pad.root.classList.toggle("pad-crowded", crowded);
  }

  /** Say on the second pad how the hands are linked, and what hinders the other ways. */
  offer(first) {
    this.pad.refs.hands.hidden = !first;
    const reasons = ["z", "image"].map((mode) => [mode, this.hindrance(mode)]);
    for (const [mode, why] of reasons) {
      this.choice.buttons.get(mode).disabled = Boolean(why);
      this.choice.buttons.get(mode).title = why ?? "";
    }
    this.words.textContent = reasons.map(([, why]) => why).filter(Boolean).join("; ");
    for (const pair of [first, this]) {
      pair?.pad.root.classList.toggle("pad-explains", this.words.textContent !== "");
    }
    this.choice.set(this.mode);
  }

  choose(mode) {
    this.wanted = mode;
    this.hold(this.pad.held);
    this.release();
    this.pad.link.write();
  }

  // ---- the hand ---------------------------------------------------------------------------

  /** Do something that the other pad is not to follow. */
  quietly(act) {
    const before = this.quiet;
    this.quiet = true;
    act();
    this.quiet = before;
  }

  look(z) {
    this.lead(z, (pad, place) => pad.show(place));
  }

  hold(z) {
    this.lead(z, (pad, place) => pad.hold(place));
  }

  leave() {
    if (this.mode === "apart") return;
    const { pad } = this.other;
    pad.map.find(-1);
    pad.show(pad.held);
  }

  release() {
    const { other } = this;
    if (!this.quiet && this.mode !== "apart") other.quietly(() => other.pad.release());
  }

  lead(z, act) {
    const { mode } = this;
    if (this.quiet || mode === "apart") return;
    const { other } = this;
    const row = mode === "image" ? other.rowOfImage(this.pad.points.index[this.nearest(z)]) : null;
    if (row === undefined) return;
    other.quietly(() => {
      const { pad } = other;
      if (row !== null) pad.images.showPoint(row);
      // the image's own class; or the same one, where both are told the same classes
      if (row !== null) pad.tellClass(pad.points.label[row]);
      else if (pad.net.classes === this.pad.net.classes) pad.tellClass(this.pad.net.label);
      act(pad, Float64Array.from(row === null ? z : rowOf(pad.points.loc, row, pad.net.zDim)));
    });
  }

  /** The row of the encoded image whose μ is nearest to z, in all dimensions. */
  nearest(z) {
    const { loc, count } = this.pad.points;
    let [best, least] = [0, Infinity];
    for (let k = 0, at = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < z.length; i++) sum += (loc[at++] - z[i]) ** 2;
      if (sum < least) [best, least] = [k, sum];
    }
    return best;
  }

  rowOfImage(index) {
    this.rows ??= new Map(Array.from(this.pad.points.index, (value, row) => [value, row]));
    return this.rows.get(index);
  }
}
