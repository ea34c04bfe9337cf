// Many files become one before they are sent: Streamlit's field sends each by itself and draws all of
// them anew for each, which takes minutes for a folder of thousands. Packed they go in one request.

import { element } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { mounted } from "../parts/mounted.js";
import { crc32, zip } from "../pictures/zip.js";
import { belowTop, filesOf, placesOf } from "./places.js";

/** @import { Placed } from "./places.js" */

const FIELD = ".st-key-own-drop";
const FEW = 40; // so many are sent as they are

export default mounted((parent) => new Packer(parent));

class Packer {
  tell = () => {};

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.words = element("p", { class: "own-packing", role: "status", "data-testid": "own-packing" });
    parent.replaceChildren(this.words);
    // before Streamlit's own scripts, which listen further down
    document.addEventListener("change", this.#chosen, { capture: true });
    document.addEventListener("drop", this.#dropped, { capture: true });
  }

  update() {}

  stop() {
    document.removeEventListener("change", this.#chosen, { capture: true });
    document.removeEventListener("drop", this.#dropped, { capture: true });
  }

  /** @type {(event: Event) => void} */
  #chosen = (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.closest(FIELD)) return;
    const files = [...(input.files ?? [])];
    if (files.length <= FEW) return;
    event.stopImmediatePropagation();
    void this.#pack(input, placesOf(files));
  };

  /** @type {(event: DragEvent) => void} */
  #dropped = (event) => {
    const field = event.target instanceof Element ? event.target.closest(FIELD) : null;
    const input = field?.querySelector("input[type=file]");
    // these are gone once the event is over
    const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
    const many = entries.length > FEW || entries.some(({ isDirectory }) => isDirectory);
    if (!(input instanceof HTMLInputElement) || !many) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void filesOf(entries).then((files) => this.#pack(input, files), (error) => this.#failed(error));
  };

  /** Hand the files to the field as one. @type {(input: HTMLInputElement, all: Placed[]) => Promise<void>} */
  async #pack(input, all) {
    try {
      const { title, files } = belowTop(all);
      const entries = [];
      for (const { file, path } of files) {
        if (entries.length % 50 === 0) this.#say(`Packing file ${(entries.length + 1).toLocaleString("en")} of ${files.length.toLocaleString("en")} …`);
        const sum = crc32(new Uint8Array(await file.arrayBuffer()));
        // the file itself, not its bytes: the browser reads it again when it is sent
        entries.push({ name: path, content: file, size: file.size, sum });
      }
      const kept = new DataTransfer();
      kept.items.add(new File([zip(entries)], `${title}.zip`, { type: "application/zip" }));
      input.files = kept.files;
      this.#say("");
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @type {(error: unknown) => void} */
  #failed(error) {
    this.#say(`The files could not be packed: ${messageOf(error)}. Bring them as a zip.`);
  }

  /** @type {(words: string) => void} */
  #say(words) {
    this.words.textContent = words;
  }
}
