// A picture that was pressed, large: it grows in place, with its z and where to go on from it.

import { button, contextOf, element, shownNumber } from "../parts/dom.js";
import { numbersText } from "../parts/query.js";
import { thumbnail } from "../pictures/shown.js";

/** @import { Generate } from "./generate.js" */
/** @import { Cell, Wall } from "./wall.js" */

const GROW_MS = 160;

export class Card {
  /** @type {HTMLElement | null} */
  #pressed = null;
  /** @type {Cell | null} */
  cell = null;

  /** @param {Generate} page */
  constructor(page) {
    this.page = page;
    this.canvas = element("canvas", { class: "gen-large", role: "img", "data-testid": "large-picture" });
    this.title = element("h2", {});
    this.z = element("p", { class: "gen-z" });
    this.explore = element("a", { class: "pad-button gen-link", textContent: "open in Explore" });
    this.more = element("div", { class: "gen-more" });
    const close = button("close", { title: "Esc", onclick: () => this.close() });
    this.actions = element("div", { class: "gen-line" }, this.explore, close);
    const told = element("div", { class: "gen-told" }, this.title, this.z, this.more, this.actions);
    this.root = element("section", { class: "gen-card", "aria-label": "one picture", hidden: true }, this.canvas, told);
    this.root.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    };
    page.refs.main.append(this.root);
  }

  /** Show picture k of a wall large. @type {(wall: Wall, k: number, pressed: HTMLElement) => void} */
  open(wall, k, pressed) {
    const { pixels } = wall;
    const { opened } = this.page;
    if (!pixels || !opened) return;
    const cell = wall.cells[k];
    this.show(cell, pixels.copy(k), pressed);
  }

  /** Decode a place and show it large. @type {(cell: Cell, pressed: HTMLElement) => void} */
  showPlace(cell, pressed) {
    const { opened } = this.page;
    if (!opened) return;
    const picture = thumbnail(opened.net, cell.z, cell.label ?? opened.net.label);
    this.show(cell, picture, pressed);
  }

  /** @type {(cell: Cell, picture: HTMLCanvasElement, pressed: HTMLElement) => void} */
  show(cell, picture, pressed) {
    const { opened } = this.page;
    if (!opened) return;
    [this.cell, this.#pressed] = [cell, pressed];
    [this.canvas.width, this.canvas.height] = [picture.width, picture.height];
    contextOf(this.canvas).drawImage(picture, 0, 0);
    this.canvas.setAttribute("aria-label", cell.name);
    this.title.textContent = cell.name.split(":")[0];
    this.z.replaceChildren("z = ", ...Array.from(cell.z, (value, i) => element("span", { textContent: `${i ? ", " : ""}${shownNumber(value)}` })));
    const query = new URLSearchParams({ model: opened.model, z: numbersText(cell.z) });
    if (cell.label !== null) query.set("class", String(cell.label));
    // the first page lies where this one's folder does
    this.explore.href = `./?${query.toString().replaceAll("%2C", ",")}`;
    this.root.hidden = false;
    this.root.scrollIntoView({ block: "nearest" });
    this.#grow(pressed);
    this.explore.focus({ preventScroll: true });
  }

  close() {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.cell = null;
    this.#pressed?.focus({ preventScroll: true });
  }

  /** From where the picture was pressed to where it stands large. @type {(pressed: HTMLElement) => void} */
  #grow(pressed) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const [from, to] = [pressed.getBoundingClientRect(), this.canvas.getBoundingClientRect()];
    const [x, y] = [from.left - to.left, from.top - to.top];
    const start = `translate(${x}px, ${y}px) scale(${from.width / to.width})`;
    this.canvas.animate([{ transform: start }, { transform: "none" }], { duration: GROW_MS, easing: "ease-out" });
  }
}
