// Compression: one image through two numbers, and the bottleneck's width by hand.

import { drawPixels } from "../../core/decoder.js";
import { choice, contextOf, element } from "../../parts/dom.js";
import { Exhibit } from "../exhibit.js";
import { fillIn } from "../fill_in.js";
import { readSpecimens } from "../specimens.js";
import { fillStrip, imageAsked } from "../strip.js";
import { Way } from "./two.js";
import { Wide } from "./wide.js";

/** @import { MountExhibit, Told } from "../exhibit.js" */
/** @import { Theme } from "../../parts/theme.js" */

/** @type {MountExhibit} */
export const mount = (root, told) => new CompressionExhibit(root, told);

class CompressionExhibit extends Exhibit {
  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    super(root, told);
    const { words, asked } = told;
    this.specimens = readSpecimens(told.data.specimens);
    this.image = imageAsked(asked.image, this.specimens.images.length);
    this.wide = asked.view === "width";
    const width = Number(asked.width);
    const most = told.data.network.errors.length;
    this.ways = ["ae", "pca"].map((role) => new Way(role, told, () => this.draw(), (symbol) => this.hover(symbol)));
    this.widths = new Wide(told, Number.isInteger(width) && width >= 1 && width <= most ? width : 4,
      () => {
        this.hover("width");
        this.draw();
      }, () => this.#keep(), (symbol) => this.hover(symbol));
    this.original = element("canvas", { class: "learn-picture", role: "img", "aria-label": words.original });
    this.caption = element("figcaption");
    this.view = choice(words.view, { two: words.two, width: words.wider }, (value) => this.#turn(value === "width"));
    this.strip = element("div", { class: "learn-strip", role: "group", "aria-label": words.images });
    this.two = element("div", { class: "two" },
      element("figure", { class: "two-in" }, this.original, this.caption),
      element("div", { class: "two-ways" }, ...this.ways.map((way) => way.root)));
    root.replaceChildren(element("div", { class: "compression" }, this.view.root, this.two, this.widths.root, this.strip));
    this.choose = fillStrip(this.strip, this.specimens, words.image, (k) => this.#take(k));
    this.#dress();
    this.#original();
    this.begin(() => this.#open());
  }

  async #open() {
    await Promise.all(this.ways.map((way) => way.open()));
    this.#take(this.image, false);
    if (!this.wide) this.#ready();
    await this.widths.open();
    this.#ready();
  }

  #ready() {
    this.drawNow();
    this.told.ready();
  }

  /** @type {(k: number, keep?: boolean) => void} */
  #take(k, keep = true) {
    this.image = k;
    this.#original();
    for (const one of [...this.ways, this.widths]) one.take(this.specimens.images[k]);
    this.draw();
    if (keep) this.#keep();
  }

  #original() {
    const { specimens, image, told } = this;
    this.choose(image);
    drawPixels(contextOf(this.original), specimens.images[image], specimens.shape);
    this.caption.textContent = fillIn(told.words.caption, { label: specimens.labels[image] });
  }

  /** @type {(wide: boolean) => void} */
  #turn(wide) {
    this.wide = wide;
    this.#dress();
    for (const way of this.ways) way.plane.resized();
    this.draw();
    this.#keep();
  }

  #dress() {
    this.view.set(this.wide ? "width" : "two");
    this.two.hidden = this.wide;
    this.widths.root.hidden = !this.wide;
  }

  paint() {
    const { wide, widths, ways, theme, lit, told, specimens, image } = this;
    if (wide) {
      widths.draw(theme, lit, specimens.labels[image]);
      told.say(widths.said);
      return;
    }
    for (const way of ways) way.draw();
    const [ae, pca] = ways.map((way) => way.error.textContent ?? "");
    told.say(`${told.words.ae}: ${ae}; ${told.words.pca}: ${pca}`);
  }

  #keep() {
    const { wide, image, widths } = this;
    this.told.keep({
      view: wide ? "width" : null,
      width: wide ? String(widths.width) : null,
      image: image ? String(image + 1) : null,
    });
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    for (const way of this.ways) way.setTheme(theme);
    super.setTheme(theme);
  }

  resized() {
    for (const way of this.ways) way.plane.resized();
    super.resized();
  }
}
