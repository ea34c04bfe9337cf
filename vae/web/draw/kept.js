// What was drawn of a class: a contact sheet, and under it the chosen drawing with its warped forms.

import { drawPixels } from "../core/decoder.js";
import { button, contextOf, element, setPressed } from "../parts/dom.js";
import { bytesOf } from "./server.js";

/** @import { Drawing } from "./props.js" */

/** @type {Record<string, string>} */
const PARTS = { train: "learnt from", validation: "held out for validation", test: "held out for the test" };
const WAITS = "on its way";

export class KeptSheet {
  /** @type {Map<string, HTMLButtonElement>} */
  #thumbs = new Map();
  /** @type {Drawing | null} */
  chosen = null;

  /** @param {number} side @param {{choose(drawing: Drawing): void, remove(drawing: Drawing): void, bringBack(): void}} act */
  constructor(side, act) {
    this.side = side;
    this.act = act;
    this.heading = element("p", { class: "draw-heading" });
    this.bar = element("progress", { class: "draw-progress", "aria-label": "drawings of this class" });
    this.sheet = element("div", { class: "draw-kept", role: "group", "aria-label": "drawings of this class" });
    this.strip = element("img", { class: "draw-strip", alt: "" });
    this.words = element("p", { class: "draw-words" });
    this.remove = button("delete this drawing", { onclick: () => this.chosen && act.remove(this.chosen) });
    this.back = button("bring it back", { onclick: () => act.bringBack() });
    this.one = element("div", { class: "draw-one" }, this.strip, this.words, this.remove, this.back);
    this.root = element("div", { class: "draw-side" }, this.heading, this.bar, this.sheet, this.one);
    [this.remove.hidden, this.back.hidden, this.strip.hidden] = [true, true, true];
  }

  /** @type {(name: string, drawings: Drawing[], wanted: number) => void} */
  show(name, drawings, wanted) {
    this.heading.textContent = name ? `${name}: ${drawings.length} of about ${wanted}` : "";
    [this.bar.max, this.bar.value, this.bar.hidden] = [wanted, Math.min(wanted, drawings.length), !name];
    /** @type {Map<string, HTMLButtonElement>} */
    const thumbs = new Map();
    drawings.forEach((drawing, i) => {
      const thumb = this.#thumbs.get(drawing.token) ?? this.#thumb(drawing);
      const where = drawing.refused ?? PARTS[drawing.part ?? ""] ?? WAITS;
      thumb.setAttribute("aria-label", `${name}, drawing ${i + 1}, ${where}`);
      thumb.title = where;
      thumb.classList.toggle("draw-refused", drawing.refused !== null);
      thumb.classList.toggle("draw-waits", drawing.key === null);
      setPressed(thumb, drawing === this.chosen);
      thumbs.set(drawing.token, thumb);
    });
    const fresh = [...thumbs.values()];
    if (fresh.length !== this.sheet.childElementCount || fresh.some((one, i) => this.sheet.children[i] !== one)) {
      this.sheet.replaceChildren(...fresh);
    }
    this.#thumbs = thumbs;
  }

  /** Show a drawing beside its warped forms, at `address`. @type {(drawing: Drawing | null, address: string | null, words: string) => void} */
  showOne(drawing, address, words) {
    this.chosen = drawing;
    this.strip.hidden = address === null;
    if (address !== null && this.strip.getAttribute("src") !== address) this.strip.src = address;
    this.strip.alt = address ? "the drawing, and warped forms of it" : "";
    this.words.textContent = words;
    // what is on its way cannot be called back
    this.remove.hidden = drawing === null || (drawing.key === null && drawing.refused === null);
    for (const [token, thumb] of this.#thumbs) setPressed(thumb, token === drawing?.token);
  }

  /** Focus the drawing at a place of the sheet. @type {(place: number) => void} */
  focus(place) {
    const thumbs = [...this.#thumbs.values()];
    (thumbs[Math.min(place, thumbs.length - 1)] ?? this.back).focus();
  }

  /** Where the newest drawing can be seen. */
  toEnd() {
    this.sheet.scrollTop = this.sheet.scrollHeight;
  }

  /** @type {(drawing: Drawing) => HTMLButtonElement} */
  #thumb(drawing) {
    const canvas = element("canvas", { width: this.side, height: this.side });
    const pixels = Float32Array.from(bytesOf(drawing.pixels), (level) => level / 255);
    drawPixels(contextOf(canvas), pixels, [1, this.side, this.side]);
    const thumb = button("", { class: "draw-thumb", onclick: () => this.act.choose(drawing) });
    thumb.append(canvas);
    thumb.onkeydown = ({ key }) => {
      if (key === "Delete" || key === "Backspace") this.act.remove(drawing);
    };
    return thumb;
  }
}

/** What is said of a chosen drawing. @type {(drawing: Drawing, strength: number) => string} */
export function wordsOf({ part, refused }, strength) {
  if (refused !== null) return `Not kept: ${refused}.`;
  if (part === null) return "On its way to the server.";
  if (part !== "train") return `${PARTS[part][0].toUpperCase()}${PARTS[part].slice(1)}: never learnt from, and not warped.`;
  return strength ? "The drawing, and some of the warped forms that are learnt from beside it." : "Learnt from as it is: warping is off.";
}
