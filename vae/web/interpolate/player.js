// Moving along the path: the slider, the keys, and playing back and forth.

import { hearKeys } from "../parts/help.js";
import { FRAMES } from "./layout.js";

/** @import { InterpolatorRefs } from "./layout.js" */

/**
 * @typedef {object} PlayerActions
 * @property {InterpolatorRefs} refs
 * @property {(t: number) => void} show
 * @property {() => void} rest
 * @property {() => void} help
 * @property {() => void} swap
 */

const PASS_MS = 2000; // from one end to the other
const KEY_STEP = 0.01; // of t; with shift ten times as much

export const HELP = [
  ["slider", "move along both paths; a press on a strip jumps there"],
  ["space", "play and pause"],
  ["← →", "a hundredth of the way, with shift a tenth"],
  ["page up, page down", "one image of the strip"],
  ["home, end", "to the ends"],
  ["x", "swap A and B"],
  ["drag A or B on the map", "move that end"],
  ["press beside them", "move the end that is chosen below the map"],
  ["arrows on the map", "move that end"],
  ["shift + drag, wheel, pinch", "move and zoom the map"],
  ["?", "this help"],
];

/** Drive `show(t)` from the slider and the keys; `rest()` hears that the hand let go. */
export class Player {
  t = 0.5;
  low = 0;
  high = 1;
  steps = FRAMES.first;
  frame = 0;
  last = 0;
  forward = true;

  /** @param {PlayerActions} act */
  constructor(act) {
    const { refs } = act;
    this.act = act;
    this.refs = refs;
    refs.slider.oninput = () => this.goTo(Number(refs.slider.value));
    refs.slider.onchange = () => act.rest();
    refs.play.onclick = () => this.toggle();
    this.hide = () => document.hidden && this.pause();
    document.addEventListener("visibilitychange", this.hide);
    this.stopHearing = hearKeys((key, target, shift) => this.key(key, target, shift));
  }

  stop() {
    this.pause();
    document.removeEventListener("visibilitychange", this.hide);
    this.stopHearing();
  }

  /**
   * Let t run from −overshoot to 1 + overshoot; `steps` images are on a strip.
   * @type {(overshoot: number, steps: number) => void}
   */
  setRange(overshoot, steps) {
    [this.low, this.high, this.steps] = [-overshoot, 1 + overshoot, steps];
    [this.refs.slider.min, this.refs.slider.max] = [String(this.low), String(this.high)];
    this.put(Math.min(this.high, Math.max(this.low, this.t)));
  }

  /** @type {(t: number) => void} */
  put(t) {
    this.t = t;
    this.refs.slider.value = String(t);
  }

  /** The hand goes somewhere: playing ends. @type {(t: number) => void} */
  goTo(t) {
    this.pause();
    this.move(t);
  }

  /** @type {(t: number) => void} */
  move(t) {
    this.put(Math.min(this.high, Math.max(this.low, t)));
    this.act.show(this.t);
  }

  get playing() {
    return this.frame !== 0;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    this.last = performance.now();
    this.frame = requestAnimationFrame((now) => this.tick(now));
    this.refs.play.textContent = "pause";
    this.refs.root.dataset.playing = "true";
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.refs.play.textContent = "play";
    delete this.refs.root.dataset.playing;
    this.act.rest();
  }

  /** @type {(now: number) => void} */
  tick(now) {
    // a page that was held up goes on from where it was
    const step = (Math.min(100, Math.max(0, now - this.last)) / PASS_MS) * (this.high - this.low);
    this.last = now;
    const t = this.t + (this.forward ? step : -step);
    if (t >= this.high || t <= this.low) this.forward = t <= this.low;
    this.frame = requestAnimationFrame((next) => this.tick(next));
    this.move(t);
  }

  /**
   * What a key does on an element, where it has a meaning there.
   * @type {(key: string, target: HTMLElement, shift: boolean) => (() => void) | undefined}
   */
  key(key, target, shift) {
    // there they move an end
    if (target === this.refs.plane && key.startsWith("Arrow")) return undefined;
    const inside = target === document.body || this.refs.root.contains(target);
    const presses = target.closest("button, summary, a, [role=button]");
    if (!inside || (key === " " && presses)) return undefined;
    const by = KEY_STEP * (shift ? 10 : 1);
    const image = (this.high - this.low) / (this.steps - 1);
    /** @type {Record<string, number | undefined>} */
    const places = {
      ArrowLeft: this.t - by,
      ArrowDown: this.t - by,
      ArrowRight: this.t + by,
      ArrowUp: this.t + by,
      PageDown: this.t - image,
      PageUp: this.t + image,
      Home: this.low,
      End: this.high,
    };
    // arrows that scroll the page stay the page's, unless the slider has the focus
    const vertical = /^(Arrow(Up|Down)|Page|Home|End)/.test(key);
    if (vertical && target !== this.refs.slider) return undefined;
    const place = places[key];
    if (place !== undefined) return () => this.jump(place);
    /** @type {Record<string, (() => void) | undefined>} */
    const keys = { " ": () => this.toggle(), "?": this.act.help, x: this.act.swap };
    return keys[key];
  }

  /** A key goes somewhere, and lets go there. @type {(t: number) => void} */
  jump(t) {
    this.goTo(t);
    this.act.rest();
  }
}
