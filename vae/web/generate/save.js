// Files to keep: pictures in their own pixels (PNG) and their z (CSV).

import { button, element } from "../parts/dom.js";
import { save } from "../parts/save.js";

/** @import { Cell } from "./wall.js" */

/** What a file holds: its pictures beside each other in rows of `columns`, and where they come from. */
/** @typedef {{name: string, canvas: HTMLCanvasElement, columns: number, cells: Cell[]}} Kept */

/** The buttons "PNG" and "CSV"; `kept()` says what they save. @type {(kept: () => Kept | null) => HTMLElement} */
export function saveButtons(kept) {
  const png = button("PNG", { title: "these pictures in their own pixels" });
  const csv = button("CSV", { title: "the z of these pictures" });
  png.onclick = () => {
    const found = kept();
    found?.canvas.toBlob((blob) => blob && save(blob, `${found.name}.png`));
  };
  csv.onclick = () => {
    const found = kept();
    if (found) save(new Blob([csvOf(found.cells)], { type: "text/csv" }), `${found.name}.csv`);
  };
  return element("span", { class: "gen-line" }, element("span", { class: "gen-words", textContent: "save" }), png, csv);
}

/**
 * A line for each picture: its number from 1, the class that it was decoded as, and z with all digits.
 * @type {(cells: Cell[]) => string}
 */
export function csvOf(cells) {
  const told = cells.some(({ label }) => label !== null);
  const names = Array.from({ length: cells[0]?.z.length ?? 0 }, (_, i) => `z${i + 1}`);
  const head = ["picture", ...(told ? ["class"] : []), ...names].join(",");
  const lines = cells.map(({ z, label }, k) => [k + 1, ...(told ? [label ?? ""] : []), ...Array.from(z)].join(","));
  return `${[head, ...lines].join("\r\n")}\r\n`;
}
