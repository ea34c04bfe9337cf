// A row of the comparison: on the left what is the same for all models, then a cell per model.

import { element } from "../parts/dom.js";

/** @import { Column } from "./column.js" */

/**
 * A cell: `body` holds pictures and `note` a few words; where something cannot be shown the note
 * says why and the body is empty.
 */
export class Cell {
  /** @param {Column} column */
  constructor({ model, title }) {
    const name = element("span", { class: "cmp-name", textContent: title, "aria-hidden": "true" });
    this.body = element("div", { class: "cmp-body" });
    this.note = element("p", { class: "cmp-note" });
    this.root = element("div", { class: "cmp-cell" }, name, this.body, this.note);
    this.root.dataset.model = model;
  }

  /** Show something, with words below it. @type {(words: string, ...parts: HTMLElement[]) => void} */
  show(words, ...parts) {
    if (parts.some((part, k) => this.body.children[k] !== part) || this.body.children.length !== parts.length) {
      this.body.replaceChildren(...parts);
    }
    this.root.classList.remove("cmp-without");
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  /** Say why there is nothing. @type {(words: string) => void} */
  lack(words) {
    this.body.replaceChildren();
    this.root.classList.add("cmp-without");
    this.note.textContent = words;
  }
}

export class Row {
  /** @type {Map<Column, Cell>} */
  cells = new Map();

  /** @param {string} name @param {string} title */
  constructor(name, title) {
    this.title = element("h2", { class: "cmp-title", textContent: title });
    this.head = element("div", { class: "cmp-head" }, ...(title ? [this.title] : []));
    this.root = element("section", { class: "cmp-row", "aria-label": title || name }, this.head);
    this.root.dataset.row = name;
  }

  /** @type {(columns: Column[]) => void} */
  setColumns(columns) {
    this.cells = new Map(columns.map((column) => [column, this.cells.get(column) ?? new Cell(column)]));
    this.root.replaceChildren(this.head, ...Array.from(this.cells.values(), ({ root }) => root));
  }

  /** @type {(column: Column) => Cell} */
  cell(column) {
    const found = this.cells.get(column);
    if (!found) throw new Error(`${column.model} stands in no column`);
    return found;
  }
}
