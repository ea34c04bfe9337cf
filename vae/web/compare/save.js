// The whole comparison as one picture: its canvases and its words, as they stand on the page.

import { contextOf, element } from "../parts/dom.js";
import { save } from "../parts/save.js";

/** @import { Compare } from "./compare.js" */

const SCALE = 2; // pixels of the file for each of the page
const MARGIN = 16;
const SHIFT = 2; // pixels of the page from the top of a line to that of its letters
const TEXTS = ".cmp-title, .cmp-note, .cmp-name, .cmp-class, .cmp-end, .pad-rate > span";

/** Save what the page shows. @type {(page: Compare) => void} */
export function saveComparison({ refs, columns, maps }) {
  maps.drawNow();
  const name = columns.map(({ model }) => model).join(" beside ");
  pictureOf(refs.grid).toBlob((blob) => blob && save(blob, `${name}.png`));
}

/** What an element shows, on its own background. @type {(shown: HTMLElement) => HTMLCanvasElement} */
function pictureOf(shown) {
  const frame = shown.getBoundingClientRect();
  const sheet = element("canvas");
  [sheet.width, sheet.height] = [frame.width, frame.height].map((side) => Math.ceil(SCALE * (side + 2 * MARGIN)));
  const context = contextOf(sheet);
  context.fillStyle = getComputedStyle(shown).getPropertyValue("--pad-back") || "#ffffff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.scale(SCALE, SCALE);
  context.translate(MARGIN - frame.left, MARGIN - frame.top);
  for (const box of shown.querySelectorAll(".cmp-map-box")) paintBorder(context, box);
  for (const canvas of shown.querySelectorAll("canvas")) paintCanvas(context, canvas);
  for (const text of shown.querySelectorAll(TEXTS)) if (text instanceof HTMLElement) paintText(context, text);
  return sheet;
}

/** @type {(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement) => void} */
function paintCanvas(context, canvas) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  if (!width || !canvas.width || getComputedStyle(canvas).visibility === "hidden") return;
  // few pixels are those of an image, which stay sharp
  context.imageSmoothingEnabled = canvas.width > SCALE * width;
  context.drawImage(canvas, left, top, width, height);
}

/** @type {(context: CanvasRenderingContext2D, box: Element) => void} */
function paintBorder(context, box) {
  const { left, top, width, height } = box.getBoundingClientRect();
  context.strokeStyle = getComputedStyle(box).borderTopColor;
  context.strokeRect(left, top, width, height);
}

/** @type {(context: CanvasRenderingContext2D, text: HTMLElement) => void} */
function paintText(context, text) {
  const { left, top, width, height } = text.getBoundingClientRect();
  const style = getComputedStyle(text);
  const words = text.textContent ?? "";
  if (!width || !words) return;
  const swatch = text.querySelector(".pad-swatch");
  context.fillStyle = style.backgroundColor;
  context.fillRect(left, top, width, height);
  const room = swatch ? paintSwatch(context, swatch) : parseFloat(style.paddingLeft);
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "top";
  context.textAlign = "left";
  const high = parseFloat(style.lineHeight) || 1.35 * parseFloat(style.fontSize);
  linesOf(context, words, width - room).forEach((line, k) => context.fillText(line, left + room, top + k * high + SHIFT));
}

/** @type {(context: CanvasRenderingContext2D, swatch: Element) => number} */
function paintSwatch(context, swatch) {
  const { left, top, width, height } = swatch.getBoundingClientRect();
  const ink = context.fillStyle;
  context.fillStyle = getComputedStyle(swatch).backgroundColor;
  context.beginPath();
  context.arc(left + width / 2, top + height / 2, width / 2, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = ink;
  return width + 6;
}

/** Cut words into lines that fit. @type {(context: CanvasRenderingContext2D, words: string, width: number) => string[]} */
function linesOf(context, words, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width + 1) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
