// Drawing one's own data set: a class is drawn again and again on a large sheet. Next keeps the
// drawing and gives a fresh sheet.
//
// No stroke goes to the server: a drawing is sent when it is kept. Python hears, a moment later, how
// many there are.

import { button, element, find } from "../parts/dom.js";
import { asSentence, messageOf } from "../parts/fetched.js";
import { mounted } from "../parts/mounted.js";
import { readTheme } from "../parts/theme.js";
import { Classes } from "./classes.js";
import { KeptSheet, wordsOf } from "./kept.js";
import { SheetMemory, storage } from "./memory.js";
import { newToken, Pending } from "./pending.js";
import { changeClass, loadSet, Refused, removeDrawing, sendDrawing, textOf } from "./server.js";
import { Sheet } from "./sheet.js";

/** @import { Drawing, DrawProps, Group, SetAnswer } from "./props.js" */
/** @import { Waiting } from "./pending.js" */

const AGAIN_MS = 1500; // until a server that was away is asked again
const TELL_MS = 700; // until Python hears how many there are

const WRITING = "input, textarea, select, [contenteditable], [role=dialog]"; // these need all keys
const PRESSED = "button, a, summary, [role=button], [role=option]"; // what Enter presses itself

export default mounted((parent, data) => new DrawView(parent, data));

class DrawView {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {Group[]} */
  groups = [];
  /** @type {Drawing[]} */
  drawings = [];
  /** @type {string | null} */
  active = null;
  /** The drawing that was deleted last. @type {Drawing | null} */
  deleted = null;
  #address = "";
  #memory = new SheetMemory("");
  #loaded = false;
  #stopped = false;
  #telling = 0;
  #told = "";

  /** @param {HTMLElement} parent @param {DrawProps} data */
  constructor(parent, data) {
    this.data = data;
    this.root = find(parent, ".pad-host");
    this.root.dataset.testid = "draw";
    this.root.dataset.ready = "false";
    this.classes = new Classes({
      choose: (group) => this.choose(group),
      add: (name) => this.#change({ do: "add", name }),
      rename: (group, name) => this.#change({ do: "rename", group, name }),
      remove: (group) => this.#change({ do: "remove", group }),
    });
    this.sheet = new Sheet(data.side, data.framing, () => this.#drew());
    this.kept = new KeptSheet(data.side, {
      choose: (drawing) => this.#showOne(drawing),
      remove: (drawing) => void this.#remove(drawing),
      bringBack: () => this.#bringBack(),
    });
    this.undoButton = button("Undo", { title: "take the last stroke back (Ctrl+Z)", onclick: () => this.sheet.undo() });
    this.clearButton = button("Clear", { title: "an empty sheet", onclick: () => this.sheet.clear() });
    this.nextButton = button("Next", { class: "pad-button draw-next", title: "keep this drawing and take a fresh sheet (Enter)", onclick: () => this.next() });
    this.status = element("p", { class: "draw-status", role: "status" });
    const tools = element("div", { class: "pad-tools draw-tools" }, this.undoButton, this.clearButton, this.nextButton);
    const left = element("div", { class: "draw-left" }, this.sheet.root, tools, this.status);
    this.root.replaceChildren(this.classes.root, element("div", { class: "draw-stage" }, left, this.kept.root));
    window.addEventListener("focus", this.#look);
    // of the whole page: what lies around the sheet may hold the focus after a stroke
    window.addEventListener("keydown", this.#key, { capture: true });
    this.pending = this.#pendingOf(data);
  }

  /** @type {(data: DrawProps) => Pending} */
  #pendingOf({ name, address }) {
    return new Pending(name, storage("localStorage"), {
      send: (drawing) => sendDrawing(address, drawing),
      isRefusal: (error) => error instanceof Refused,
      kept: (drawing, { key, number, part }) => this.#settled(drawing, { key, number, part }),
      refused: (drawing, error) => this.#settled(drawing, { refused: messageOf(error) }),
      waits: (count, failing) => failing && this.#say(`The server does not answer; ${count === 1 ? "a drawing waits" : `${count} drawings wait`} in this browser and will be sent again.`),
      later: (run) => setTimeout(() => this.#stopped || run(), AGAIN_MS),
    });
  }

  /** @type {(data: DrawProps) => void} */
  update(data) {
    this.root.classList.toggle("pad-dark", readTheme(this.root).dark);
    this.data = data;
    if (data.address !== this.#address) {
      this.#address = data.address;
      this.#memory = new SheetMemory(data.address);
      const waiting = this.pending.release();
      this.pending = this.#pendingOf(data);
      for (const drawing of waiting) this.pending.add(drawing);
      this.#loaded = false;
      void this.#load();
    } else if (this.kept.chosen) this.#showOne(this.kept.chosen);
  }

  stop() {
    this.#stopped = true;
    window.removeEventListener("focus", this.#look);
    window.removeEventListener("keydown", this.#key, { capture: true });
    clearTimeout(this.#telling);
    this.sheet.stop();
  }

  // ---- what there is ----------------------------------------------------------------------

  /** Another page may have drawn into the same set meanwhile. */
  #look = () => {
    if (this.#loaded) void this.#load();
  };

  async #load() {
    const address = this.#address;
    try {
      const { classes, drawings, damaged } = await loadSet(address);
      if (address !== this.#address) return;
      this.groups = classes;
      this.#merge(drawings);
      this.#say(damaged ? `${damaged} files of this set are damaged and left out.` : "");
    } catch (error) {
      this.#say(`The drawings could not be loaded: ${messageOf(error)}.`);
      if (!(error instanceof Refused)) setTimeout(() => this.#stopped || address !== this.#address || this.#load(), AGAIN_MS);
      return;
    }
    if (!this.#loaded) this.#begin();
    if (!this.groups.some(([group]) => group === this.active)) this.active = this.groups[0]?.[0] ?? null;
    this.#show();
    this.root.dataset.ready = "true";
  }

  /** Take what the server has; what it does not have yet stays. @type {(drawings: SetAnswer["drawings"]) => void} */
  #merge(drawings) {
    const before = new Map(this.drawings.map((one) => [one.token, one]));
    const found = drawings.map((one) => {
      const token = one.key.split(".")[2];
      /** @type {Drawing} */
      const now = Object.assign(before.get(token) ?? { token, refused: null }, one);
      before.delete(token);
      return now;
    });
    this.drawings = [...found, ...[...before.values()].filter(({ key }) => key === null)];
  }

  #begin() {
    this.#loaded = true;
    // what an earlier page wrote down and could not send
    for (const drawing of this.pending.takeUp()) this.#put(drawing);
    this.active = this.#memory.group();
    this.sheet.fresh(this.#memory.strokes());
  }

  /** @type {(drawing: Waiting) => void} */
  #put(drawing) {
    if (this.drawings.some(({ token }) => token === drawing.token)) return;
    this.drawings.push({ ...drawing, key: null, number: null, part: null, refused: null });
  }

  /** @type {(drawing: Waiting, said: Partial<Drawing>) => void} */
  #settled({ token }, said) {
    const found = this.drawings.find((one) => one.token === token);
    if (!found) return;
    Object.assign(found, said);
    if (found.refused !== null && !this.groups.some(([group]) => group === found.group)) {
      // its class was deleted, and it with it
      this.pending.forget(token);
      this.drawings = this.drawings.filter((one) => one !== found);
    }
    this.#say(found.refused === null ? "" : `A drawing was not kept: ${found.refused}.`);
    if (this.kept.chosen === found) this.#showOne(found);
    this.#show();
  }

  #show() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { group } of this.drawings) counts.set(group, (counts.get(group) ?? 0) + 1);
    this.classes.show(this.groups, counts, this.active);
    const name = this.groups.find(([group]) => group === this.active)?.[1] ?? "";
    const mine = this.drawings.filter(({ group }) => group === this.active);
    this.kept.show(name, mine, this.data.wanted);
    this.sheet.open(this.active !== null, name ? `draw here: ${name}` : "name a class first", name ? `sheet: press and move to draw ${name}` : "sheet: name a class first");
    this.root.dataset.count = String(this.drawings.filter(({ key }) => key !== null).length);
    this.root.dataset.waiting = String(this.pending.count);
    this.#buttons();
    this.#tellSoon();
  }

  #buttons() {
    this.nextButton.disabled = this.sheet.isEmpty || this.active === null;
    this.clearButton.disabled = this.sheet.isEmpty;
    this.undoButton.disabled = !this.sheet.canUndo;
  }

  #tellSoon() {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      // what Python reads for itself; this only says that it is worth a look
      const now = JSON.stringify([this.#address, this.groups, this.drawings.map(({ key }) => key)]);
      if (this.#told && now !== this.#told) this.tell("changed", Date.now());
      this.#told = now;
    }, TELL_MS);
  }

  // ---- drawing ----------------------------------------------------------------------------

  #drew() {
    if (!this.#loaded) return;
    this.#memory.keep("strokes", this.sheet.isEmpty ? "" : JSON.stringify(this.sheet.strokes));
    this.#buttons();
  }

  next() {
    if (this.sheet.isEmpty || this.active === null || !this.#loaded) return;
    const drawing = { token: newToken(), group: this.active, pixels: textOf(this.sheet.pixels()) };
    this.#put(drawing);
    this.pending.add(drawing);
    this.sheet.fresh();
    this.deleted = null;
    this.#show();
    this.kept.toEnd();
    this.#showOne(this.drawings[this.drawings.length - 1]);
    // where it was pressed it is off now, and a key pressed there would reach nobody
    this.sheet.canvas.focus({ preventScroll: true });
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key = (event) => {
    const { key, ctrlKey, metaKey, shiftKey, repeat } = event;
    const inside = event.composedPath()[0];
    if (!(inside instanceof Element) || inside.closest(WRITING)) return;
    if (key.toLowerCase() === "z" && (ctrlKey || metaKey) && !shiftKey) this.sheet.undo();
    else if (key === "Enter" && !inside.closest(PRESSED) && !repeat) this.next();
    else return;
    event.preventDefault();
  };

  // ---- classes ----------------------------------------------------------------------------

  /** @type {(group: string) => void} */
  choose(group) {
    this.active = group;
    this.#memory.keep("class", group);
    this.deleted = null;
    this.#showOne(null);
    this.#show();
  }

  /** @type {(change: {do: string, group?: string, name?: string}) => Promise<boolean>} */
  async #change(change) {
    try {
      const { group, classes } = await changeClass(this.#address, change);
      this.groups = classes;
      this.drawings = this.drawings.filter((one) => classes.some(([key]) => key === one.group));
      const gone = !classes.some(([key]) => key === this.active);
      this.#say("");
      if (change.do === "add" || gone) this.choose(change.do === "add" ? group : (classes[0]?.[0] ?? ""));
      if (!classes.length) this.active = null;
      this.#show();
      return true;
    } catch (error) {
      this.#say(asSentence(messageOf(error)));
      return false;
    }
  }

  // ---- one drawing ------------------------------------------------------------------------

  /** @type {(drawing: Drawing | null) => void} */
  #showOne(drawing) {
    this.kept.back.hidden = this.deleted === null;
    if (!drawing) {
      this.kept.showOne(null, null, "");
      return;
    }
    const { strength } = this.data;
    const warped = drawing.key !== null && drawing.part === "train" && strength > 0;
    const address = `${this.#address}/warped/${drawing.key}?strength=${strength}`;
    this.kept.showOne(drawing, warped ? address : null, wordsOf(drawing, strength));
  }

  /** @type {(drawing: Drawing) => Promise<void>} */
  async #remove(drawing) {
    const mine = this.drawings.filter(({ group }) => group === drawing.group);
    const place = mine.indexOf(drawing);
    if (drawing.key === null && drawing.refused === null) return; // it is on its way
    try {
      if (drawing.key === null) this.pending.forget(drawing.token);
      else await removeDrawing(this.#address, drawing.key);
    } catch (error) {
      this.#say(`The drawing was not deleted: ${messageOf(error)}.`);
      return;
    }
    this.drawings = this.drawings.filter((one) => one !== drawing);
    this.deleted = drawing.key === null ? null : drawing;
    this.#showOne(null);
    if (this.deleted) this.kept.words.textContent = "Deleted.";
    this.#show();
    this.kept.focus(place);
  }

  #bringBack() {
    if (!this.deleted) return;
    // a token is kept once for good, so it comes back under another, to the split that it was in
    const { group, pixels, part } = this.deleted;
    const drawing = { token: newToken(), group, pixels, ...(part ? { comesFrom: part } : {}) };
    this.deleted = null;
    this.#put(drawing);
    this.pending.add(drawing);
    this.#show();
    this.#showOne(this.drawings[this.drawings.length - 1]);
  }

  /** @type {(words: string) => void} */
  #say(words) {
    this.status.textContent = words;
  }
}
