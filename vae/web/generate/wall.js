// A wall of pictures: one canvas that follows many z at once, and above each picture a button.

import { BATCH } from "../batch/many.js";
import { contextOf, element } from "../parts/dom.js";
import { Pixels } from "../pictures/pixels.js";

/** @import { Network, Numbers } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { Kept } from "./save.js" */

/** How the pictures stand: `rows` and `tops` are the words beside the rows and above the columns. */
/** @typedef {{count: number, columns: number, rows?: string[], tops?: string[], note?: boolean, tall?: boolean}} Plan */

/** A z, the class that it is decoded as, and what its button is called. */
/** @typedef {{z: Numbers, label: number | null, name: string}} Cell */

/** @typedef {{open: (k: number, button: HTMLButtonElement) => void, worked: (done: boolean) => void}} WallActions */

const SLICE_MS = 24; // a wall that takes longer is decoded over several frames
const NAMED_MS = 150; // after the last change the pictures' buttons are named
const GAP = 3;
const NOTE = 17; // CSS pixels below a picture, for words about it
const TALL_CELL = 76; // of a wall that may be higher than the screen
/** @type {Record<string, (k: number, columns: number) => number>} */
const MOVES = {
  ArrowLeft: (k) => k - 1,
  ArrowRight: (k) => k + 1,
  ArrowUp: (k, columns) => k - columns,
  ArrowDown: (k, columns) => k + columns,
  Home: () => 0,
  End: () => Infinity,
};

export class Wall {
  /** @type {Cell[]} */
  cells = [];
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  /** @type {HTMLElement[]} */
  notes = [];
  /** @type {Plan} */
  plan = { count: 0, columns: 1 };
  /** @type {Network | null} */
  net = null;
  /** @type {Many | null} */
  many = null;
  /** @type {Pixels | null} */
  pixels = null;
  /** What is said below a picture, of its mean pixels; null for nothing. @type {((images: Numbers[]) => string[]) | null} */
  read = null;
  frames = 0;
  #next = 0;
  #stale = 0;
  #job = 0;
  #naming = 0;
  /** Where the pictures lie, CSS pixels. */
  #box = { width: 0, height: 0, left: 0, top: 0, note: 0 };

  /** @param {HTMLElement} box @param {WallActions} act */
  constructor(box, act) {
    this.box = box;
    this.act = act;
    this.canvas = element("canvas", { class: "gen-wall-canvas", "aria-hidden": "true" });
    this.grid = element("div", { class: "gen-cells" });
    this.root = element("div", { class: "gen-wall" }, this.canvas, this.grid);
    this.grid.onkeydown = (event) => this.#move(event);
  }

  stop() {
    cancelAnimationFrame(this.#job);
    clearTimeout(this.#naming);
    this.#job = 0;
  }

  /** @type {(net: Network, many: Many) => void} */
  setModel(net, many) {
    [this.net, this.many] = [net, many];
    this.plan = { count: 0, columns: 1 };
  }

  /** Show these pictures from now on. @type {(plan: Plan, cells: Cell[]) => void} */
  show(plan, cells) {
    if (!this.net) return;
    const fresh = JSON.stringify(plan) !== JSON.stringify(this.plan);
    if (fresh) this.#build(plan, this.net);
    this.cells = cells;
    this.#stale = cells.length;
    clearTimeout(this.#naming);
    // a name for each picture at each frame of a slider would cost more than it tells
    if (fresh) this.#name();
    else this.#naming = setTimeout(() => this.#name(), NAMED_MS);
    this.#job ||= requestAnimationFrame(() => this.#work());
  }

  #name() {
    this.buttons.forEach((button, k) => button.setAttribute("aria-label", this.cells[k].name));
  }

  /** @type {(plan: Plan, net: Network) => void} */
  #build(plan, net) {
    this.plan = plan;
    const { count, columns, rows, tops } = plan;
    this.pixels = new Pixels(columns, Math.ceil(count / columns), net.shape);
    this.#next = 0;
    this.notes = [];
    this.buttons = Array.from({ length: count }, (_, k) => {
      const button = element("button", { type: "button", class: "gen-cell", tabIndex: k ? -1 : 0 });
      button.onclick = () => this.act.open(k, button);
      if (plan.note) {
        this.notes[k] = element("span", { class: "gen-note" });
        button.append(this.notes[k]);
      }
      return button;
    });
    /** @type {HTMLElement[]} */
    const parts = [];
    const head = (/** @type {string} */ text, /** @type {string} */ kind) =>
      element("span", { class: `gen-head ${kind}`, textContent: text, title: text });
    if (tops) parts.push(...(rows ? [head("", "gen-corner")] : []), ...tops.map((text) => head(text, "gen-top")));
    this.buttons.forEach((button, k) => {
      if (rows && k % columns === 0) parts.push(head(rows[k / columns] ?? "", "gen-row"));
      parts.push(button);
    });
    this.root.classList.toggle("gen-tall", Boolean(plan.tall));
    this.grid.replaceChildren(...parts);
    this.resized();
  }

  /** What a file of the wall holds, null while nothing is shown. @type {(name: string) => Kept | null} */
  kept(name) {
    const { pixels, plan, cells } = this;
    if (!pixels || !cells.length) return null;
    pixels.ready();
    return { name, canvas: pixels.canvas, columns: plan.columns, cells };
  }

  /** Lay the pictures out anew for the room there is. */
  resized() {
    const { net, plan } = this;
    if (!net || !plan.count || !this.box.clientWidth) return;
    const { columns, rows, tops, count, tall } = plan;
    const lines = Math.ceil(count / columns);
    const [left, top, note] = [rows ? headWidth(rows, this.box) : 0, tops ? 22 : 0, plan.note ? NOTE : 0];
    const aspect = net.shape[2] / net.shape[1];
    const widest = (this.box.clientWidth - left) / columns - GAP;
    const highest = (tall ? TALL_CELL : (this.box.clientHeight - top) / lines - GAP - note) * aspect;
    const width = Math.max(8, Math.floor(Math.min(widest, Math.max(highest, 20))));
    const height = Math.floor(width / aspect);
    this.#box = { width, height, left, top, note };
    const { style } = this.root;
    style.setProperty("--gen-columns", String(columns));
    style.setProperty("--gen-width", `${width}px`);
    style.setProperty("--gen-height", `${height + note}px`);
    style.setProperty("--gen-left", rows ? `${left - GAP}px` : "");
    this.grid.classList.toggle("gen-with-rows", Boolean(rows));
    this.grid.classList.toggle("gen-with-tops", Boolean(tops));
    const ratio = window.devicePixelRatio || 1;
    const size = [left + columns * (width + GAP), top + lines * (height + note + GAP)];
    [this.canvas.width, this.canvas.height] = size.map((side) => Math.round(side * ratio));
    [this.canvas.style.width, this.canvas.style.height] = size.map((side) => `${side}px`);
    this.#blit();
  }

  #work() {
    this.#job = 0;
    const { many, pixels, cells } = this;
    if (!many || !pixels) return;
    const end = performance.now() + SLICE_MS;
    const batch = many.fast ? BATCH : 1;
    do {
      const rows = Array.from({ length: Math.min(batch, this.#stale) }, (_, b) => (this.#next + b) % cells.length);
      /** @type {Float32Array[]} */
      const images = [];
      many.decode(rows.map((k) => cells[k].z), (b) => cells[rows[b]].label, (values, b) => {
        pixels.put(rows[b], values);
        if (this.read) images.push(values.slice());
      });
      this.#note(rows, images);
      this.#next = (this.#next + rows.length) % cells.length;
      this.#stale -= rows.length;
    } while (this.#stale > 0 && performance.now() < end);
    this.#blit();
    this.frames += 1;
    this.act.worked(this.#stale === 0);
    if (this.#stale > 0) this.#job = requestAnimationFrame(() => this.#work());
  }

  /** @type {(rows: number[], images: Float32Array[]) => void} */
  #note(rows, images) {
    const said = this.read?.(images);
    if (!said) return;
    rows.forEach((k, b) => {
      if (this.notes[k] && this.notes[k].textContent !== said[b]) this.notes[k].textContent = this.notes[k].title = said[b];
      this.notes[k]?.classList.toggle("gen-unsure", said[b].endsWith("?"));
    });
  }

  #blit() {
    if (!this.pixels) return;
    const paper = contextOf(this.canvas);
    const ratio = window.devicePixelRatio || 1;
    const { width, height, left, top, note } = this.#box;
    const { columns, count } = this.plan;
    this.pixels.ready();
    paper.imageSmoothingEnabled = false;
    for (let k = 0; k < count; k++) {
      const [x, y] = [left + (k % columns) * (width + GAP), top + Math.floor(k / columns) * (height + note + GAP)];
      this.pixels.draw(paper, k, Math.round(x * ratio), Math.round(y * ratio), width * ratio, height * ratio);
    }
  }

  /** @type {(event: KeyboardEvent) => void} */
  #move(event) {
    const move = MOVES[event.key];
    const from = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!move || from < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Math.min(this.buttons.length - 1, Math.max(0, move(from, this.plan.columns)));
    this.buttons[from].tabIndex = -1;
    this.buttons[to].tabIndex = 0;
    this.buttons[to].focus();
  }
}

/** @type {(rows: string[], box: HTMLElement) => number} */
function headWidth(rows, box) {
  const longest = Math.max(...rows.map((text) => text.length));
  return Math.min(box.clientWidth * 0.24, 10 + 7.4 * longest);
}
