// Ways to another end: two menus under each image, and the panel that some of them open.

import { decode, drawPixels, encode, parseNetwork } from "./decoder.js";
import { button, element, setOptions, switchButton } from "./pad_dom.js";
import { createDrawing, showPosterior } from "./pad_drawing.js";
import { fetchPayload } from "./pad_load.js";
import { thumbnail } from "./pad_picture.js";
import { endAt } from "./interpolate_ends.js";
import { borderMean, readPicture } from "./interpolate_upload.js";

const CENTRED_DATA = ["mnist"]; // data sets whose images were centred by their mass
const BRIGHT = 0.5; // mean of a picture's border that looks like paper, not like a black ground
const DARK = 0.2;
const LONGEST_NAME = 3; // letters of a class's name on a button

/** Fill both ends' menus; the owner has `source`, `net`, `setEnd(side, end, options)`, `refs`. */
export class Chooser {
  constructor(owner) {
    this.owner = owner;
    this.encoder = null;
    this.stopPanel = () => {};
    this.turn = 0;
    for (const cell of [owner.refs.a, owner.refs.b]) {
      cell.classes.onchange = () => this.chooseClass(cell);
      cell.ways.onchange = () => this.choose(cell);
      cell.another.onclick = () => this.setClass(cell, owner.ends[cell.side].label);
      cell.box.ondragover = (event) => event.preventDefault();
      cell.box.ondrop = (event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file) this.openPanel(cell, "upload", file);
      };
    }
  }

  /** Offer what a model has; before its points are there, only what needs none. */
  setSource(source) {
    const { labels, points, split } = source;
    for (const { classes, ways, letter } of [this.owner.refs.a, this.owner.refs.b]) {
      const names = labels.map((label) => [String(label), source.nameOf(label)]);
      setOptions(classes, [["", "class"], ...names]);
      classes.hidden = !labels.length;
      const images = points
        ? [["image", `random ${split} image`], ["number", `${split} image by number …`]]
        : [];
      const point = source.net.header.posterior === "point";
      const draw = ["prior", point ? "draw around the codes" : "draw of the prior"];
      const own = [["draw", "draw by hand …"], ["upload", "picture file …"]];
      setOptions(ways, [["", "other"], ...images, draw, ...own]);
      ways.title = `other ways to ${letter}; also: press on the map, drop a picture file on the image`;
    }
  }

  forget() {
    this.encoder = null;
    this.closePanel();
  }

  chooseClass(cell) {
    const label = cell.classes.value;
    cell.classes.selectedIndex = 0;
    if (label !== "") this.setClass(cell, Number(label));
  }

  /** Take a typical image of a class, another one than both ends show now. */
  setClass({ side }, label) {
    const { ends, source } = this.owner;
    this.owner.setEnd(side, source.ofClass(label, ends[side], ends[side === "a" ? "b" : "a"]));
  }

  /** Offer a further image of the class that an end shows. */
  offerAnother({ another }, { label }) {
    another.hidden = label === null;
    if (label === null) return;
    const name = this.owner.source.nameOf(label);
    another.textContent = name.length <= LONGEST_NAME ? `another ${name}` : "another";
    another.title = `a further typical image of class ${name}`;
    another.setAttribute("aria-label", `another ${name}`);
  }

  choose(cell) {
    const { source } = this.owner;
    const way = cell.ways.value;
    cell.ways.selectedIndex = 0;
    if (way === "image") this.owner.setEnd(cell.side, source.ofAnyImage());
    else if (way === "prior") this.owner.setEnd(cell.side, source.ofPrior());
    else if (way) this.openPanel(cell, way);
  }

  // ---- the panel --------------------------------------------------------------------------

  async openPanel(cell, way, file = null) {
    this.closePanel();
    const { panel } = this.owner.refs;
    const { turn } = this;
    if (way !== "number" && !(await this.openEncoder())) return;
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
    const fill = { number: fillNumber, draw: fillDrawing, upload: fillUpload }[way];
    this.stopPanel = fill(this, cell, body, file) ?? (() => {});
    panel.scrollIntoView({ block: "nearest" });
  }

  closePanel() {
    this.turn += 1;
    this.stopPanel();
    this.stopPanel = () => {};
    this.owner.refs.panel.hidden = true;
    this.owner.refs.panel.replaceChildren();
  }

  async openEncoder() {
    const { data, net } = this.owner;
    if (this.encoder) return this.encoder;
    try {
      const encoder = parseNetwork(await fetchPayload(data.encoder));
      if (this.owner.net === net) this.encoder = encoder;
    } catch (error) {
      this.owner.say(`The encoder of ${data.model} could not be loaded: ${error.message}.`);
    }
    return this.encoder;
  }
}

function fillNumber({ owner }, { side }, body) {
  const [low, high] = owner.source.range();
  const name = `${owner.source.split} image, ${low} to ${high}`;
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
    const end = owner.source.ofImage(Number(input.value === "" ? NaN : input.value));
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

function fillDrawing({ owner, encoder }, { side }, body) {
  const { net } = owner;
  const centred = CENTRED_DATA.includes(net.header.dataset);
  let posterior = null;
  body.classList.add("pad-drawing", "ip-drawing");
  let drawing = null;
  drawing = createDrawing(body, net.shape, centred, {
    drew: (pixels) => {
      posterior = pixels && encode(encoder, pixels);
      if (posterior) owner.setEnd(side, endAt(posterior.loc, "drawing"), { resting: false });
      // the first call comes while the sheet is still being made
      if (drawing) showPosterior(drawing.parts, net, posterior);
    },
    lifted: () => posterior && owner.rest(),
  });
  return () => drawing.stop();
}

function fillUpload({ owner, encoder }, cell, body, dropped) {
  const { net } = owner;
  const parts = uploadParts(net, cell.letter);
  const state = { pixels: null, name: "", inverted: false, posterior: null };
  const show = () => {
    if (!state.pixels) return;
    const pixels = state.inverted ? state.pixels.map((value) => 1 - value) : state.pixels;
    drawPixels(parts.seen.getContext("2d"), pixels, net.shape);
    state.posterior = encode(encoder, pixels);
    parts.made.replaceChildren(net.remote ? "" : thumbnail(net, state.posterior.loc));
    parts.use.disabled = false;
    parts.words.textContent = inversionHint(net, pixels);
  };
  const take = async (file) => {
    if (!file) return;
    try {
      [state.pixels, state.name] = [await readPicture(file, net.shape), file.name];
      show();
    } catch (error) {
      [state.pixels, parts.use.disabled, parts.words.textContent] = [null, true, error.message];
      parts.seen.getContext("2d").clearRect(0, 0, parts.seen.width, parts.seen.height);
      parts.made.replaceChildren();
    }
  };
  parts.input.onchange = () => take(parts.input.files[0]);
  parts.use.onclick = () => owner.setEnd(cell.side, endAt(state.posterior.loc, "picture", { words: `picture ${state.name}` }));
  const invert = switchButton("invert", false, (on) => {
    state.inverted = on;
    show();
  }, { title: "dark ink on paper becomes light on black" });
  const tools = element("div", { class: "ip-tools" }, parts.input, invert, parts.use);
  body.append(tools, parts.previews, parts.words);
  take(dropped);
}

function uploadParts({ shape: [, height, width] }, letter) {
  const input = element("input", { type: "file", accept: "image/*", "aria-label": "picture file" });
  const seen = element("canvas", {
    class: "pad-thumb ip-preview",
    role: "img",
    "aria-label": "what the encoder sees",
  });
  const made = element("span", { class: "ip-made" });
  const words = element("p", { class: "ip-words", role: "status" });
  const use = button(`use as ${letter}`, { disabled: true });
  const figure = (shown, text) =>
    element("figure", {}, shown, element("figcaption", { textContent: text }));
  const previews = element("div", { class: "ip-previews" });
  previews.append(
    figure(seen, `what the encoder sees, ${width}×${height}`),
    figure(made, "what the decoder makes of its μ"),
  );
  return { input, seen, made, words, use, previews };
}

/** Say that a picture looks like ink on paper where the model's images lie on black. */
function inversionHint(net, pixels) {
  const { loc_mean: mean } = net.header.latent;
  if (!mean || net.remote || borderMean(pixels, net.shape) < BRIGHT) return "";
  if (borderMean(decode(net, mean), net.shape) > DARK) return "";
  return "This picture is bright at its edge and the model's images are dark there: try invert.";
}
