// A picture that was pressed, large: it grows in place, with its z and where to go on from it.

import { decode } from "../core/decoder.js";
import { button, contextOf, element, shownNumber } from "../parts/dom.js";
import { className } from "../core/told.js";
import { numbersText } from "../parts/query.js";
import { fileName } from "../pictures/file_name.js";
import { thumbnail } from "../pictures/shown.js";
import { nearestTo, words } from "./nearest.js";
import { saveButtons } from "./save.js";
import { longOpinion } from "./reader.js";

/** @import { Generate } from "./generate.js" */
/** @import { Cell, Wall } from "./wall.js" */

const GROW_MS = 160;

export class Card {
  /** @type {HTMLElement | null} */
  #pressed = null;
  /** @type {Cell | null} */
  cell = null;
  #asked = false;

  /** @param {Generate} page */
  constructor(page) {
    this.page = page;
    this.canvas = element("canvas", { class: "gen-large", role: "img", "data-testid": "large-picture" });
    this.title = element("h2", {});
    this.z = element("p", { class: "gen-z" });
    this.explore = element("a", { class: "pad-button gen-link", textContent: "open in Explore" });
    this.nearest = element("div", { class: "gen-more" });
    this.opinion = element("p", { class: "gen-opinion" });
    this.ask = button("what is it?", { title: "ask the classifier", onclick: () => this.#ask() });
    const opinions = element("div", { class: "gen-line" }, this.opinion, this.ask);
    const close = button("close", { title: "Esc", onclick: () => this.close() });
    const files = saveButtons(() => this.#kept());
    this.actions = element("div", { class: "gen-line" }, this.explore, files, close);
    const told = element("div", { class: "gen-told" }, this.title, opinions, this.z, this.nearest, this.actions);
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
    if (this.page.rate.beta !== 1) query.set("beta", String(Number(this.page.rate.beta.toPrecision(4))));
    // the first page lies where this one's folder does
    this.explore.href = `./?${query.toString().replaceAll("%2C", ",")}`;
    this.#describe(cell);
    this.root.hidden = false;
    this.root.scrollIntoView({ block: "nearest" });
    this.#grow(pressed);
    this.explore.focus({ preventScroll: true });
  }

  /** @type {(cell: Cell) => Promise<void>} */
  async #describe(cell) {
    const { opened, data, rate } = this.page;
    if (!opened) return;
    this.#asked = false;
    this.named();
    this.nearest.replaceChildren(words("looking for the nearest training image …"));
    const found = await nearestTo(data.ask.nearest, cell, opened.net.shape, opened.net.header.betas ? rate.beta : null);
    // by now another picture may be large
    if (this.cell === cell) this.nearest.replaceChildren(found);
  }

  #ask() {
    this.#asked = true;
    this.page.reader.ask(this.page.data.ask.classifier);
    this.named();
  }

  /** Say what the classifier sees in the picture, or how far it is. */
  named() {
    const { opened, reader } = this.page;
    if (this.root.hidden && !this.cell) return;
    const { classifier } = reader;
    this.ask.hidden = classifier !== null || this.#asked;
    if (!classifier) {
      this.opinion.textContent = this.#asked ? reader.words : "";
      return;
    }
    if (!opened || !this.cell) return;
    const image = decode(opened.net, this.cell.z, this.cell.label ?? opened.net.label);
    this.opinion.textContent = longOpinion(opened.net.header, classifier.opinions([image])[0]);
    this.opinion.title = reader.about;
  }

  #kept() {
    const { opened } = this.page;
    const { cell, canvas } = this;
    if (!opened || !cell) return null;
    const as = cell.label === null ? null : className(opened.net.header, cell.label);
    const name = fileName(this.page.named, cell.z, as).replace(/\.png$/, "");
    return { name, canvas, columns: 1, cells: [cell] };
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
