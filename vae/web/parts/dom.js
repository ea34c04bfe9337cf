// Building blocks of the page: elements, buttons, switches. Text is only ever set as text.

/**
 * Properties of an element, and its attributes: names with a dash, `role` and `class`.
 * @typedef {Record<string, unknown>} Properties
 */

/**
 * A row of buttons of which one is on, by their values; `set` presses one.
 * @typedef {object} Choice
 * @property {HTMLElement} root
 * @property {(value: string) => void} set
 * @property {Record<string, HTMLButtonElement>} buttons
 */

/**
 * Make an element; properties are set as such, names with a dash as attributes.
 * @type {<K extends keyof HTMLElementTagNameMap>(
 *   tag: K, properties?: Properties, ...children: (Node | string)[]) => HTMLElementTagNameMap[K]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, String(value));
    else if (name === "class") made.className = String(value);
    else Reflect.set(made, name, value);
  }
  made.append(...children);
  return made;
}

/** @type {(text: string, properties?: Properties) => HTMLButtonElement} */
export function button(text, properties = {}) {
  return element("button", { type: "button", class: "pad-button", textContent: text, ...properties });
}

/**
 * A button that is on or off; `change(on)` is called when the person switches it.
 * @type {(text: string, on: boolean, change: (on: boolean) => void, properties?: Properties) =>
 *   HTMLButtonElement}
 */
export function switchButton(text, on, change, properties = {}) {
  const made = button(text, { class: "pad-switch", ...properties });
  setPressed(made, on);
  made.onclick = () => {
    setPressed(made, !isPressed(made));
    change(isPressed(made));
  };
  return made;
}

/** @type {(made: HTMLElement, on: boolean) => void} */
export function setPressed(made, on) {
  made.setAttribute("aria-pressed", String(on));
}

/** @type {(made: HTMLElement) => boolean} */
export function isPressed(made) {
  return made.getAttribute("aria-pressed") === "true";
}

/**
 * A row of buttons of which one is on, the first of the values {value: text} to begin with.
 * @type {(name: string, values: Record<string, string>, change: (value: string) => void) => Choice}
 */
export function choice(name, values, change) {
  /** @type {Choice["buttons"]} */
  const buttons = {};
  /** @type {Choice["set"]} */
  const set = (value) =>
    Object.entries(buttons).forEach(([key, made]) => setPressed(made, key === value));
  for (const [value, text] of Object.entries(values)) {
    const made = button(text, { class: "pad-choice" });
    made.onclick = () => {
      set(value);
      change(value);
    };
    buttons[value] = made;
  }
  set(Object.keys(values)[0]);
  const root = element("div", { class: "pad-choices", role: "group", "aria-label": name });
  root.append(...Object.values(buttons));
  return { root, set, buttons };
}

/**
 * A labelled menu; `options` are [value, text] pairs.
 * @type {(name: string, options: string[][], change: (value: string) => void) => HTMLSelectElement}
 */
export function menu(name, options, change) {
  const made = element("select", { class: "pad-menu", "aria-label": name });
  setOptions(made, options);
  made.onchange = () => change(made.value);
  return made;
}

/** @type {(made: HTMLSelectElement, options: string[][]) => void} */
export function setOptions(made, options) {
  made.replaceChildren(
    ...options.map(([value, text]) => element("option", { value, textContent: text })),
  );
}

/**
 * A number as people read it: a true minus sign, a fixed number of digits.
 * @type {(value: number, digits?: number) => string}
 */
export function shownNumber(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * A vector in round brackets; long ones are cut after `most` numbers.
 * @type {(values: ArrayLike<number>, digits?: number, most?: number) => string}
 */
export function shownVector(values, digits = 2, most = 6) {
  const length = Math.min(most, values.length);
  const numbers = Array.from({ length }, (_, i) => shownNumber(values[i], digits));
  return `(${numbers.join(", ")}${values.length > most ? ", …" : ""})`;
}

/**
 * The element below `root` that a selector names; throws where there is none.
 * @type {(root: ParentNode, selector: string) => HTMLElement}
 */
export function find(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * What draws on a canvas.
 * @type {(canvas: HTMLCanvasElement, options?: CanvasRenderingContext2DSettings) =>
 *   CanvasRenderingContext2D}
 */
export function contextOf(canvas, options) {
  const context = canvas.getContext("2d", options);
  if (!context) throw new Error("this browser has no room for another canvas");
  return context;
}
