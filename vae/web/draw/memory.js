// What this tab remembers of a sheet while its page is reloaded.

/** The browser's own storage; null where it gives none. @type {(kind: "localStorage" | "sessionStorage") => Storage | null} */
export function storage(kind) {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

export class SheetMemory {
  #address;

  /** @param {string} address of the set that is drawn */
  constructor(address) {
    this.#address = address;
  }

  /** The class that was drawn last. @returns {string | null} */
  group() {
    return storage("sessionStorage")?.getItem(this.#nameOf("class")) ?? null;
  }

  /** What was on the sheet when the page was left. */
  strokes() {
    try {
      return JSON.parse(storage("sessionStorage")?.getItem(this.#nameOf("strokes")) || "[]");
    } catch {
      return [];
    }
  }

  /** @type {(what: "class" | "strokes", text: string) => void} */
  keep(what, text) {
    try {
      storage("sessionStorage")?.setItem(this.#nameOf(what), text);
    } catch {
      // a reload then begins with an empty sheet
    }
  }

  /** @type {(what: string) => string} */
  #nameOf(what) {
    return `explorer-sheet:${this.#address}:${what}`;
  }
}
