// Ways to another end: two menus under each image, and the panel that some of them open.

import { parseNetwork } from "../core/decoder.js";
import { button, element, setOptions } from "../parts/dom.js";
import { createDrawing, showPosterior } from "../pictures/drawing.js";
import { messageOf } from "../parts/fetched.js";
import { fetchPayload } from "../parts/load.js";
import { endAt } from "./ends.js";
import { likenessOf, recognise } from "../core/likeness.js";
import { fillUpload } from "./upload.js";

/** @import { Network, Posterior } from "../core/header.js" */
/** @import { Drawing } from "../pictures/drawing.js" */
/** @import { End, EndSource } from "./ends.js" */
/** @import { Interpolator } from "./interpolate.js" */
/** @import { EndCell } from "./layout.js" */

/** A way to another end that opens the panel. @typedef {"number" | "draw" | "upload"} Way */

const LONGEST_NAME = 3; // letters of a class's name on a button

/** Fill both ends' menus; the owner has `source`, `net`, `setEnd(side, end, options)`, `refs`. */
export class Chooser {
  /** @param {Interpolator} owner */
  constructor(owner) {
    this.owner = owner;
    /** @type {Network | null} */
    this.encoder = null;
    this.stopPanel = () => {};
    this.turn = 0;
    for (const cell of [owner.refs.a, owner.refs.b]) {
      cell.classes.onchange = () => this.chooseClass(cell);
      cell.ways.onchange = () => this.choose(cell);
      cell.another.onclick = () => this.setClass(cell, owner.ends?.[cell.side].label ?? null);
      cell.box.ondragover = (event) => event.preventDefault();
      cell.box.ondrop = (event) => {
        event.preventDefault();
        const file = event.dataTransfer?.files[0];
        if (file) this.openPanel(cell, "upload", file);
      };
    }
  }

  /**
   * Offer what a model has; before its points are there, only what needs none.
   * @type {(source: EndSource) => void}
   */
  setSource(source) {
    const { labels, points, split } = source;
    for (const { classes, ways, letter } of [this.owner.refs.a, this.owner.refs.b]) {
      const names = labels.map((label) => [String(label), source.nameOf(label)]);
      setOptions(classes, [["", "class"], ...names]);
      classes.hidden = !labels.length;
      const images = points
        ? [["image", `random ${split} image`], ["number", `${split} image by number …`]]
        : [];
      const { has_density: hasDensity } = source.net.header;
      const draw = ["prior", hasDensity ? "draw of the prior" : "draw around the codes"];
      const own = [["draw", "draw by hand …"], ["upload", "picture file …"]];
      setOptions(ways, [["", "other"], ...images, draw, ...own]);
      ways.title = `other ways to ${letter}; also: press on the map, drop a picture file on the image`;
    }
  }

  forget() {
    this.encoder = null;
    this.closePanel();
  }

  /** @type {(cell: EndCell) => void} */
  chooseClass(cell) {
    const label = cell.classes.value;
    cell.classes.selectedIndex = 0;
    if (label !== "") this.setClass(cell, Number(label));
  }

  /**
   * Take a typical image of a class, another one than both ends show now.
   * @type {(cell: EndCell, label: number | null) => void}
   */
  setClass({ side }, label) {
    const { ends, source } = this.owner;
    if (!ends || !source || label === null) return;
    this.owner.setEnd(side, source.ofClass(label, ends[side], ends[side === "a" ? "b" : "a"]));
  }

  /**
   * Offer a further image of the class that an end shows.
   * @type {(cell: EndCell, end: End) => void}
   */
  offerAnother({ another }, { label }) {
    another.hidden = label === null;
    if (label === null) return;
    const name = this.owner.source?.nameOf(label) ?? String(label);
    another.textContent = name.length <= LONGEST_NAME ? `another ${name}` : "another";
    another.title = `a further typical image of class ${name}`;
    another.setAttribute("aria-label", `another ${name}`);
  }

  /** @type {(cell: EndCell) => void} */
  choose(cell) {
    const { source } = this.owner;
    const way = cell.ways.value;
    cell.ways.selectedIndex = 0;
    if (!source) return;
    if (way === "image") this.owner.setEnd(cell.side, source.ofAnyImage());
    else if (way === "prior") this.owner.setEnd(cell.side, source.ofPrior(this.owner.ends?.[cell.side]));
    else if (way === "number" || way === "draw" || way === "upload") this.openPanel(cell, way);
  }

  // ---- the panel --------------------------------------------------------------------------

  /** @type {(cell: EndCell, way: Way, file?: File | null) => Promise<void>} */
  async openPanel(cell, way, file = null) {
    this.closePanel();
    const { panel } = this.owner.refs;
    const { turn } = this;
    const encoder = way === "number" ? null : await this.openEncoder();
    if (way !== "number" && !encoder) return;
    // another panel or another model came while the encoder was loading
    if (this.turn !== turn) return;
    const body = element("div", { class: "ip-panel-body" });
    const title = { number: "image by number", draw: "drawn by hand", upload: "from a picture file" }[way];
    const close = button("close", {
      onclick: () => {
        this.closePanel();
        cell.ways.focus();
      },
    });
    const heading = element("h2", { textContent: `${cell.letter}: ${title}` });
    const head = element("div", { class: "ip-panel-head" }, heading, close);
    panel.replaceChildren(head, body);
    panel.hidden = false;
    panel.dataset.way = way;
    const { owner } = this;
    if (!encoder) fillNumber(owner, cell, body);
    else if (way === "draw") this.stopPanel = fillDrawing(owner, encoder, cell, body);
    else this.stopPanel = fillUpload(owner, encoder, cell, body, file);
    panel.scrollIntoView({ block: "nearest" });
  }

  closePanel() {
    this.turn += 1;
    this.stopPanel();
    this.stopPanel = () => {};
    this.owner.refs.panel.hidden = true;
    this.owner.refs.panel.replaceChildren();
  }

  /** @type {() => Promise<Network | null>} */
  async openEncoder() {
    const { data, net } = this.owner;
    if (this.encoder) return this.encoder;
    try {
      const encoder = parseNetwork(await fetchPayload(data.encoder));
      if (this.owner.net === net) this.encoder = encoder;
    } catch (error) {
      this.owner.say(`The encoder of ${data.title} could not be loaded: ${messageOf(error)}.`);
    }
    return this.encoder;
  }
}

/** @type {(owner: Interpolator, cell: EndCell, body: HTMLElement) => void} */
function fillNumber(owner, { side }, body) {
  const { source } = owner;
  if (!source) return;
  const [low, high] = source.range();
  const name = `${source.split} image, ${low} to ${high}`;
  const input = element("input", {
    type: "number",
    class: "ip-number",
    min: low,
    max: high,
    step: 1,
    "aria-label": name,
  });
  const words = element("p", { class: "ip-words", role: "status" });
  const use = () => {
    const end = source.ofImage(Number(input.value === "" ? NaN : input.value));
    if (end) owner.setEnd(side, end);
    words.textContent = end
      ? end.words
      : `The map holds no image ${input.value}; choose from ${low} to ${high}.`;
  };
  input.onchange = use;
  const form = element("form", { class: "ip-tools" });
  form.append(element("label", {}, `${name} `, input), button("show", { onclick: use }));
  form.onsubmit = (event) => {
    event.preventDefault();
    use();
  };
  body.append(form, words);
  input.focus();
}

/** @type {(owner: Interpolator, encoder: Network, cell: EndCell, body: HTMLElement) => () => void} */
function fillDrawing(owner, encoder, { side }, body) {
  const { net, data } = owner;
  const likeness = likenessOf(net, encoder, data.likeness);
  const unlike = element("p", { class: "ip-words ip-unlike", role: "status" });
  body.classList.add("pad-drawing", "ip-drawing");
  /** @type {Posterior | null} */
  let posterior = null;
  /** @type {Float32Array | null} */
  let drawn = null;
  /** @type {Drawing | null} */
  let drawing = null;
  drawing = createDrawing(body, net.shape, data.framing, {
    drew: (pixels) => {
      drawn = pixels;
      posterior = pixels && recognise(net, encoder, pixels);
      if (posterior) {
        const end = endAt(posterior.loc, "drawing", { told: posterior.label, posterior });
        owner.setEnd(side, end, { resting: false });
      }
      // the first call comes while the sheet is still being made
      if (drawing) showPosterior(drawing.parts, net, posterior);
    },
    lifted: () => {
      unlike.textContent = drawn ? likeness.words(likeness.logPx?.(drawn) ?? null) : "";
      if (posterior) owner.rest();
    },
  });
  body.append(unlike);
  return () => drawing?.stop();
}
