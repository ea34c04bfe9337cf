// The hand on the exhibit: it moves the line, or presses a picture; keys do both.

import { shareAt } from "./axis.js";

/** @import { Exhibit } from "./exhibit.js" */

const STEP = 1 / 400; // of the width, by one press of a key
const FAR = 10; // times that, with shift or by a page
const REST = 5; // pixels that a hand may move and still press

/** @type {Record<string, number>} */
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -FAR, PageUp: FAR };
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Hand {
  /** @type {{pointer: number, x: number, picture: HTMLElement | null, moves: boolean} | null} */
  #held = null;

  /** @param {Exhibit} exhibit */
  constructor(exhibit) {
    this.exhibit = exhibit;
    const { root, line, strip } = exhibit;
    root.onpointerdown = (event) => this.#down(event);
    root.onpointermove = (event) => this.#move(event);
    root.onpointerup = (event) => this.#up(event);
    root.onpointercancel = () => (this.#held = null);
    line.onkeydown = (event) => this.#key(event);
    strip.onkeydown = (event) => this.#walk(event);
    // a key presses a picture too; a pointer has pressed it by then
    strip.onclick = (event) => {
      if (event.detail === 0) this.#press(pictureAt(event));
    };
  }

  stop() {
    this.#held = null;
  }

  /** @type {(event: PointerEvent) => void} */
  #down(event) {
    if (event.button !== 0 || this.#held) return;
    const picture = pictureAt(event);
    this.#held = { pointer: event.pointerId, x: event.clientX, picture, moves: !picture };
    if (picture) return;
    event.preventDefault();
    this.exhibit.root.setPointerCapture(event.pointerId);
    this.exhibit.line.focus({ preventScroll: true });
    this.#to(event);
  }

  /** @type {(event: PointerEvent) => void} */
  #move(event) {
    const held = this.#held;
    if (!held || held.pointer !== event.pointerId) return;
    if (!held.moves && Math.abs(event.clientX - held.x) > REST) {
      held.moves = true;
      this.exhibit.root.setPointerCapture(event.pointerId);
    }
    if (held.moves) this.#to(event);
  }

  /** @type {(event: PointerEvent) => void} */
  #up(event) {
    const held = this.#held;
    if (!held || held.pointer !== event.pointerId) return;
    this.#held = null;
    if (!held.moves) this.#press(held.picture);
  }

  /** @type {(event: PointerEvent) => void} */
  #to(event) {
    const box = this.exhibit.root.getBoundingClientRect();
    this.exhibit.moveTo((event.clientX - box.left) / box.width);
  }

  /** @type {(picture: HTMLElement | null) => void} */
  #press(picture) {
    if (picture) this.exhibit.heard.pressed(Number(picture.dataset.image));
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key(event) {
    const steps = KEYS[event.key];
    const end = event.key === "Home" ? 0 : event.key === "End" ? 1 : null;
    if ((steps === undefined && end === null) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { axis, threshold } = this.exhibit;
    const here = Math.min(1, Math.max(0, shareAt(axis, threshold)));
    this.exhibit.moveTo(end ?? here + steps * STEP * (event.shiftKey ? FAR : 1));
  }

  /** Arrows walk over the pictures: one of them is reached by Tab. @type {(event: KeyboardEvent) => void} */
  #walk(event) {
    const arrow = ARROWS[event.key];
    const here = this.exhibit.standing.find(({ made }) => made === pictureAt(event));
    if (!arrow || !here) return;
    event.preventDefault();
    event.stopPropagation();
    const normal = this.exhibit.scores?.normal.length ?? 0;
    /** @type {(one: {column: number, row: number, image: number}) => [number, number]} */
    const spot = ({ column, row, image }) => [column, row + (image < normal ? 0 : 10)];
    const [x, y] = spot(here);
    const ahead = this.exhibit.standing.filter((one) => {
      const [a, b] = spot(one);
      return arrow[0] ? Math.sign(a - x) === arrow[0] && b === y : Math.sign(b - y) === arrow[1];
    });
    /** @type {(one: {column: number, row: number, image: number}) => number} */
    const away = (one) => Math.abs(spot(one)[0] - x) * (arrow[0] ? 1 : 100) + Math.abs(spot(one)[1] - y);
    const next = ahead.sort((one, other) => away(one) - away(other))[0];
    if (!next) return;
    here.made.tabIndex = -1;
    next.made.tabIndex = 0;
    next.made.focus();
  }
}

/** @type {(event: Event) => HTMLElement | null} */
function pictureAt(event) {
  const found = event.composedPath().find((one) => one instanceof HTMLElement && one.classList.contains("an-picture"));
  return found instanceof HTMLElement ? found : null;
}
