// Maps of the same images by models of other seeds, laid over one another: an image under the hand
// lights up in all of them, and with it those that are near it in the map under the hand.

import { element, find } from "../parts/dom.js";
import { mounted } from "../parts/mounted.js";
import { classColour, readTheme } from "../parts/theme.js";
import { RetrainedMapView } from "./map.js";
import { commonView, imageWords, neighboursIn, unpackMaps } from "./packed.js";

/** @import { Unpacked } from "./packed.js" */
/** @import { RetrainedProps } from "./props.js" */

const LONGEST_NAME = 3; // characters of a class name that fits into a small map

export default mounted((parent) => new RetrainedView(find(parent, ".retrained-host")));

class RetrainedView {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {RetrainedProps | null} */
  data = null;
  /** @type {Unpacked | null} */
  maps = null;
  /** @type {RetrainedMapView[]} */
  views = [];
  image = -1;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.grid = element("div", { class: "retrained-grid" });
    this.legend = element("div", { class: "retrained-legend" });
    this.picture = element("img", { class: "retrained-picture", alt: "" });
    this.picture.onerror = () => (this.picture.hidden = true);
    this.words = element("output", { class: "retrained-words" });
    this.slider = element("input", {
      type: "range",
      min: "0",
      "aria-label": "image, from the one that keeps most neighbours to the one that keeps fewest",
    });
    this.slider.oninput = () => this.step();
    const ends = element("div", { class: "retrained-ends" },
      element("span", { textContent: "stays" }), this.slider,
      element("span", { textContent: "wanders" }));
    const line = element("div", { class: "retrained-line" }, this.picture, this.words);
    const root = element("div", { "data-testid": "retrained-maps" },
      this.grid, this.legend, ends, line);
    this.root = root;
    host.replaceChildren(root);
  }

  /** @type {(data: RetrainedProps) => void} */
  update(data) {
    const theme = readTheme(this.host);
    this.host.classList.toggle("pad-dark", theme.dark);
    if (JSON.stringify(data) !== JSON.stringify(this.data)) this.fill(data);
    for (const view of this.views) view.setTheme(theme);
    this.legend.replaceChildren(...data.classes.map((name, label) => {
      const swatch = element("span", { class: "retrained-swatch", "aria-hidden": "true" });
      swatch.style.background = classColour(label, theme);
      return element("span", { class: "retrained-class" }, swatch, name);
    }));
  }

  /** @type {(data: RetrainedProps) => void} */
  fill(data) {
    this.data = data;
    const maps = unpackMaps(data);
    this.maps = maps;
    for (const view of this.views) view.stop();
    this.views = data.maps.map((_, at) => new RetrainedMapView((image) => this.look(image, at)));
    this.grid.replaceChildren(...this.views.map((view) => view.root));
    const short = data.classes.every((name) => name.length <= LONGEST_NAME);
    this.views.forEach((view, at) => {
      view.show(maps, at, data.maps[at].title, short ? data.classes : [], commonView(data.extent));
    });
    this.legend.hidden = short;
    this.slider.max = String(data.count - 1);
    this.slider.value = "0";
    this.look(-1, 0);
    this.root.dataset.maps = String(data.maps.length);
  }

  /** Light the image at the slider's place. */
  step() {
    if (this.maps) this.look(this.maps.order[Number(this.slider.value)], 0);
  }

  /** Light an image in all maps, with those near it in map `at`. @type {(image: number, at: number) => void} */
  look(image, at) {
    const { data, maps } = this;
    if (!data || !maps) return;
    this.image = image;
    const near = image < 0 ? [] : neighboursIn(maps, at, image, data.neighbours);
    for (const view of this.views) view.light({ image, near });
    this.root.dataset.image = String(image);
    if (image < 0) {
      const where = maps.near[at] ? "among all dimensions here" : "here";
      this.words.textContent =
        `Point at an image: it lights up in every map, with the ${data.neighbours} images nearest to it ${where}.`;
      this.picture.hidden = true;
      return;
    }
    const said = imageWords(maps, image, data.classes, data.neighbours);
    this.words.textContent = said;
    this.slider.setAttribute("aria-valuetext", said);
    if (!data.originals) return;
    this.picture.hidden = false;
    this.picture.src = `${data.originals}/${maps.rows[image]}.png`;
  }

  stop() {
    for (const view of this.views) view.stop();
  }
}
