// The maps side by side: what is under the hand in one lights up in all, and so does a selection.

import { drawPixels } from "../core/decoder.js";
import { insideOf } from "../core/inside.js";
import { button, contextOf, element } from "../parts/dom.js";
import { classColour } from "../parts/theme.js";
import { MapPicture } from "./map.js";
import { Row } from "./row.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Spot } from "../plane/sketch.js" */
/** @import { Column } from "./column.js" */
/** @import { Compare } from "./compare.js" */

const DRAWN = 6; // CSS pixels that the hand goes before it draws an outline
const KEY_PIXELS = 6;
const KEY_REACH = 60; // CSS pixels from the cross-hair to the point that it lights up
const REST_MS = 60; // the image under the hand is fetched when it rests
const NO_MAP = "Its file holds no encoded images, so it has no map.";
const OTHERS = "Encoded from other images than the first map: its points are not linked.";
/** @type {Record<string, Spot | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class MapsRow extends Row {
  /** @type {Map<Column, MapPicture>} */
  maps = new Map();
  /** The row that is lit up. @type {number | null} */
  lit = null;
  /** Whether it stays when the hand leaves. */
  held = false;
  /** Rows of the split that were drawn around. @type {Set<number> | null} */
  selected = null;
  /** @type {Theme | null} */
  theme = null;
  #job = 0;
  #rest = 0;
  /** The hand draws: where it began on the canvas, and the corners so far. @type {{x: number, y: number, corners: Spot[]} | null} */
  #stroke = null;

  /** @param {Compare} page */
  constructor(page) {
    super("map", "One map");
    this.page = page;
    this.picture = element("canvas", { class: "cmp-lit", role: "img", "aria-label": "the image under the hand" });
    this.words = element("p", { class: "cmp-note", "aria-live": "polite" });
    this.clear = button("show all", { hidden: true, onclick: () => this.select(null) });
    this.legend = element("div", { class: "cmp-legend" });
    this.head.append(this.legend, this.words, this.clear, this.picture);
    this.say();
  }

  stop() {
    cancelAnimationFrame(this.#job);
    clearTimeout(this.#rest);
    for (const map of this.maps.values()) map.stop();
    this.maps.clear();
  }

  /** @type {(columns: Column[]) => void} */
  setColumns(columns) {
    super.setColumns(columns);
    for (const [column, map] of this.maps) {
      if (columns.includes(column)) continue;
      map.stop();
      this.maps.delete(column);
    }
    this.select(null);
    this.light(null);
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.theme = theme;
    for (const map of this.maps.values()) map.setTheme(theme);
    this.drawLegend();
    this.drawSoon();
  }

  drawHead() {
    this.drawLegend();
    this.say();
  }

  drawLegend() {
    const { theme, selected } = this;
    const { names, labels } = this.page;
    if (!theme) return;
    /** @type {number[]} */
    const counts = names.map(() => 0);
    for (const row of selected ?? []) counts[labels.get(row) ?? -1] += 1;
    this.legend.replaceChildren(...names.map((name, label) => {
      const swatch = element("span", { class: "pad-swatch" });
      swatch.style.background = classColour(label, theme);
      const count = selected ? ` · ${counts[label]}` : "";
      return element("span", { class: "cmp-class" }, swatch, `${name}${count}`);
    }));
  }

  /** @type {(column: Column) => void} */
  draw(column) {
    const cell = this.cell(column);
    if (column.wrong) return cell.lack(column.wrong);
    if (!column.complete || !this.page.settled) return;
    if (!column.points) return cell.lack(NO_MAP);
    const map = this.maps.get(column) ?? this.#make(column);
    map.open();
    const words = this.linked(column) ? map.words : OTHERS;
    cell.show(words, map.box);
    map.canvas.setAttribute("aria-label", `map of ${column.title}; arrows move a cross-hair, with shift they select`);
    map.route = this.page.path.placesIn(column);
    this.drawSoon();
  }

  /** @type {(column: Column) => boolean} */
  linked(column) {
    return this.page.linked(column);
  }

  /** @type {(column: Column) => MapPicture} */
  #make(column) {
    const map = new MapPicture(column);
    this.maps.set(column, map);
    if (this.theme) map.setTheme(this.theme);
    if (this.linked(column)) this.#listen(map);
    return map;
  }

  /** The points of a model have moved with β. @type {(column: Column) => void} */
  moved(column) {
    const map = this.maps.get(column);
    if (!map) return;
    map.moved();
    if (this.linked(column)) map.select(this.selected);
    this.drawSoon();
  }

  /** Draw all maps with the next frame. */
  drawSoon() {
    this.#job ||= requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.#job);
    this.#job = 0;
    for (const [column, map] of this.maps) {
      map.route = this.page.path.placesIn(column);
      map.draw();
    }
  }

  // ---- the hand ---------------------------------------------------------------------------

  /** @type {(map: MapPicture) => void} */
  #listen(map) {
    const { canvas, plane } = map;
    canvas.onpointerdown = (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#stroke = { x: event.offsetX, y: event.offsetY, corners: [plane.toPlane(event.offsetX, event.offsetY)] };
    };
    canvas.onpointermove = (event) => {
      const { offsetX: x, offsetY: y } = event;
      if (!this.#stroke) {
        if (!this.held && event.pointerType !== "touch") this.light(map.rowAt(x, y));
        return;
      }
      this.#stroke.corners.push(plane.toPlane(x, y));
      if (Math.hypot(x - this.#stroke.x, y - this.#stroke.y) > DRAWN || map.outline.length) {
        map.outline = this.#stroke.corners;
        this.drawSoon();
      }
    };
    canvas.onpointerup = (event) => this.#release(map, event);
    canvas.onpointercancel = () => {
      [this.#stroke, map.outline] = [null, []];
      this.drawSoon();
    };
    canvas.onpointerleave = () => {
      if (!this.held && !this.#stroke) this.light(null);
    };
    canvas.onkeydown = (event) => this.#key(map, event);
    canvas.onblur = () => {
      map.cursor = null;
      this.drawSoon();
    };
  }

  /** @type {(map: MapPicture, event: PointerEvent) => void} */
  #release(map, { offsetX: x, offsetY: y }) {
    const { outline } = map;
    [this.#stroke, map.outline] = [null, []];
    if (outline.length > 2) {
      this.select(map.rowsIn(insideOf(outline)));
      return;
    }
    // a press holds the image, and beside the points lets go
    const row = map.rowAt(x, y);
    this.held = row >= 0;
    this.light(row);
  }

  /** @type {(map: MapPicture, event: KeyboardEvent) => void} */
  #key(map, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const { clientWidth, clientHeight } = map.canvas;
    if (event.key === "Escape") this.select(null);
    else if (arrow) {
      const { plane } = map;
      const [x, y] = map.cursor ? plane.toScreen(...map.cursor) : [clientWidth / 2, clientHeight / 2];
      /** @type {(value: number, most: number) => number} */
      const inside = (value, most) => Math.min(most, Math.max(0, value));
      const [toX, toY] = [inside(x + KEY_PIXELS * arrow[0], clientWidth), inside(y + KEY_PIXELS * arrow[1], clientHeight)];
      map.cursor = plane.toPlane(toX, toY);
      if (event.shiftKey) {
        this.corner ??= plane.toPlane(x, y);
        this.select(map.rowsIn(rectangle(this.corner, map.cursor)));
      } else {
        this.corner = null;
        this.light(map.rowAt(toX, toY, KEY_REACH));
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.drawSoon();
  }

  /** Where a selection by keys began. @type {Spot | null} */
  corner = null;

  // ---- what is lit up, what is selected ----------------------------------------------------

  /** Light up the image of a row of the split in every map; null or −1 for none. @type {(row: number | null) => void} */
  light(row) {
    const next = row === null || row < 0 ? null : row;
    if (next === null) this.held = false;
    if (next === this.lit) return;
    this.lit = next;
    for (const [column, map] of this.maps) map.light(this.linked(column) ? next : null);
    this.page.root.dataset.lit = next === null ? "" : String(next);
    this.say();
    this.drawSoon();
    clearTimeout(this.#rest);
    if (next !== null && !this.page.originals?.at(next)) this.#rest = setTimeout(() => this.#fetch(next), REST_MS);
  }

  /** @type {(row: number) => Promise<void>} */
  async #fetch(row) {
    await this.page.originals?.fetch([row]);
    if (row === this.lit) this.say();
  }

  /** Select these rows in every map; null or none of them shows all. @type {(rows: number[] | null) => void} */
  select(rows) {
    this.selected = rows?.length ? new Set(rows) : null;
    // a rectangle of the keys begins as a line, which holds nothing
    if (!rows) this.corner = null;
    for (const [column, map] of this.maps) map.select(this.linked(column) ? this.selected : null);
    this.page.root.dataset.selected = String(this.selected?.size ?? 0);
    this.clear.hidden = !this.selected;
    this.drawLegend();
    this.say();
    this.drawSoon();
  }

  /** Show the image that is lit up, and say what it is. */
  say() {
    const { page, lit, selected } = this;
    const pixels = lit === null ? null : page.originals?.at(lit) ?? null;
    this.picture.classList.toggle("cmp-empty", !pixels);
    if (pixels) drawPixels(contextOf(this.picture), pixels, page.shape);
    const count = selected ? `${selected.size.toLocaleString("en")} images selected. ` : "";
    const image = lit === null
      ? selected ? "" : "Point at a map. Draw around points to select them."
      : page.words({ row: lit, pixels, label: page.labels.get(lit) ?? -1 });
    this.words.textContent = `${count}${image}`;
  }
}

/** Whether a place lies between two opposite corners. @type {(one: Spot, other: Spot) => (a: number, b: number) => boolean} */
function rectangle([a0, b0], [a1, b1]) {
  const [left, right, low, high] = [Math.min(a0, a1), Math.max(a0, a1), Math.min(b0, b1), Math.max(b0, b1)];
  return (a, b) => a >= left && a <= right && b >= low && b <= high;
}
