// The classes as chips: one is drawn now; another is chosen, added, renamed, deleted.

import { button, element, setPressed } from "../parts/dom.js";

/** @import { Group } from "./props.js" */

/**
 * @typedef {object} ClassActions
 * @property {(group: string) => void} choose
 * @property {(name: string) => Promise<boolean>} add true where it was done
 * @property {(group: string, name: string) => Promise<boolean>} rename
 * @property {(group: string) => Promise<boolean>} remove
 */

const LONGEST = 60; // characters of a name

export class Classes {
  /** @type {Group[]} */
  #groups = [];
  /** @type {Map<string, number>} */
  #counts = new Map();
  /** @type {string | null} */
  #active = null;

  /** @param {ClassActions} act */
  constructor(act) {
    this.act = act;
    this.chips = element("div", { class: "draw-chips", role: "group", "aria-label": "class that is drawn" });
    this.addButton = button("+ class", { class: "pad-button draw-add", title: "add another class", onclick: () => this.#openForm(null) });
    this.renameButton = button("rename", { onclick: () => this.#openForm(this.#active) });
    this.removeButton = button("delete", { onclick: () => this.#ask() });
    this.tools = element("div", { class: "pad-tools draw-class-tools" }, this.renameButton, this.removeButton);
    this.box = element("div", { class: "draw-class-box" });
    this.root = element("div", { class: "draw-classes" }, this.chips, this.tools, this.box);
  }

  /** @type {(groups: Group[], counts: Map<string, number>, active: string | null) => void} */
  show(groups, counts, active) {
    const others = active !== this.#active;
    [this.#groups, this.#counts, this.#active] = [groups, counts, active];
    const chips = groups.map(([group, name]) => this.#chip(group, name));
    const focused = this.#focused();
    this.chips.replaceChildren(...chips, this.addButton);
    if (focused) chips.find((chip) => chip.dataset.group === focused)?.focus();
    this.tools.hidden = active === null;
    const name = this.#nameOf(active);
    this.renameButton.setAttribute("aria-label", `rename ${name}`);
    this.removeButton.setAttribute("aria-label", `delete ${name}`);
    if (!groups.length && !this.box.childElementCount) this.#openForm(null);
    else if (others && groups.length) this.#close();
  }

  #focused() {
    const root = this.chips.getRootNode();
    const there = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
    return there instanceof HTMLElement && this.chips.contains(there) ? there.dataset.group : undefined;
  }

  /** @type {(group: string | null) => string} */
  #nameOf(group) {
    return this.#groups.find(([key]) => key === group)?.[1] ?? "";
  }

  /** @type {(group: string, name: string) => HTMLButtonElement} */
  #chip(group, name) {
    const count = this.#counts.get(group) ?? 0;
    const chip = button("", { class: "pad-switch draw-chip", title: name, onclick: () => this.act.choose(group) });
    chip.append(element("span", { class: "draw-chip-name", textContent: name }), element("span", { class: "draw-count", textContent: String(count) }));
    chip.setAttribute("aria-label", `${name}, ${count} drawn`);
    chip.dataset.group = group;
    setPressed(chip, group === this.#active);
    return chip;
  }

  /** Ask for a name: of a new class, or another one for `group`. @type {(group: string | null) => void} */
  #openForm(group) {
    const first = !this.#groups.length;
    const words = first ? "What will you draw first?" : group ? "Its new name" : "What else will you draw?";
    const input = element("input", { class: "draw-input", type: "text", maxLength: LONGEST, value: this.#nameOf(group), placeholder: first ? "star" : "", autocomplete: "off" });
    const form = element("form", { class: "draw-form" }, element("label", {}, words, input));
    form.append(element("button", { class: "pad-button", type: "submit", textContent: group ? "Rename" : "Add" }));
    if (!first) form.append(button("Cancel", { onclick: () => this.#close(true) }));
    form.onsubmit = (event) => {
      event.preventDefault();
      const done = group ? this.act.rename(group, input.value) : this.act.add(input.value);
      void done.then((good) => (good ? this.#close(true) : input.focus()));
    };
    form.onkeydown = (event) => {
      if (event.key === "Escape" && !first) this.#close(true);
    };
    this.box.replaceChildren(form);
    if (!first) input.select();
  }

  /** A class without drawings goes at once; others are asked about. */
  #ask() {
    const group = this.#active;
    if (group === null) return;
    const count = this.#counts.get(group) ?? 0;
    if (!count) {
      void this.act.remove(group);
      return;
    }
    const words = `Delete ${this.#nameOf(group)} and its ${count} drawing${count === 1 ? "" : "s"}? This cannot be undone.`;
    const yes = button("Delete", { onclick: () => void this.act.remove(group).then(() => this.#close()) });
    const no = button("Keep", { onclick: () => this.#close(true) });
    this.box.replaceChildren(element("div", { class: "draw-form", role: "group", "aria-label": words }, element("span", { textContent: words }), yes, no));
    no.focus();
  }

  /** @type {(focus?: boolean) => void} */
  #close(focus = false) {
    this.box.replaceChildren();
    /** @type {HTMLElement | null} */
    const chip = this.chips.querySelector('[aria-pressed="true"]');
    if (focus) chip?.focus();
  }
}
