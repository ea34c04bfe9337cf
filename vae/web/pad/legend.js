// The classes with their colours, each a switch, and the layers of the plane.

import { element, setPressed, switchButton } from "../parts/dom.js";
import { classColour } from "../parts/theme.js";

/** @import { NetworkHeader } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Layers } from "../plane/plane.js" */

/** @typedef {{setTheme(theme: Theme): void, only(labels: number[]): void, hidden: Set<number>}} Legend */
/** @typedef {keyof Layers} LayerName */

/**
 * @typedef {object} LayerSwitches
 * @property {HTMLElement} root
 * @property {() => Layers} state
 * @property {(asked: Partial<Layers>) => void} set
 * @property {(name: LayerName, possible: boolean, why?: string) => void} offer
 * @property {(layer: LayerName, words: {text: string, title: string} | null) => void} name
 */

/**
 * Fill `box` with one switch per class; `change(hidden)` hears the Set of hidden labels; `only(labels)`
 * hides these and shows all others.
 * @type {(box: HTMLElement, names: string[], change: (hidden: Set<number>) => void) => Legend}
 */
export function createLegend(box, names, change) {
  /** @type {Set<number>} */
  const hidden = new Set();
  const made = names.map((name, label) => {
    const take = (/** @type {boolean} */ on) => {
      if (on) hidden.delete(label);
      else hidden.add(label);
      change(hidden);
    };
    const look = { class: "pad-class", title: `show or hide ${name}` };
    const swatch = element("span", { class: "pad-swatch", "aria-hidden": "true" });
    const button = switchButton(name, true, take, look);
    button.prepend(swatch);
    return { button, swatch };
  });
  box.replaceChildren(...made.map(({ button }) => button));
  /** @type {(theme: Theme) => void} */
  const setTheme = (theme) => made.forEach(({ swatch }, label) => {
    swatch.style.background = classColour(label, theme);
  });
  /** @type {(labels: number[]) => void} */
  const only = (labels) => {
    hidden.clear();
    for (const label of labels) if (made[label]) hidden.add(label);
    made.forEach(({ button }, label) => setPressed(button, !hidden.has(label)));
    change(hidden);
  };
  return { setTheme, only, hidden };
}

/** @type {Record<LayerName, {text: string, on: boolean, title: string}>} */
export const LAYERS = {
  points: { text: "points", on: true, title: "posterior means μ of held-out images" },
  rings: { text: "rings", on: true, title: "1, 2 and 3 standard deviations of the prior" },
  backdrop: { text: "manifold", on: false, title: "what the decoder makes of every place" },
};

/**
 * What the prior's lines are called where they are no rings.
 * @type {(header: NetworkHeader) => {text: string, title: string}}
 */
export function contourWords({ z_dim: zDim, latent }) {
  const shares = zDim === 1 ? "68, 95 and 99.7" : "39, 86 and 99";
  const of = latent.mixture || latent.grid ? "the prior" : `${latent.draws?.length} draws from the prior`;
  const as = "as 1, 2 and 3 standard deviations of a normal";
  if (latent.by_class) {
    const others = zDim > 1 ? "; in colour around 86 % of each other class's" : "";
    return { text: "contours", title: `lines around ${shares} % of the prior of the class that is told, ${as}${others}` };
  }
  return { text: "contours", title: `lines around ${shares} % of ${of}, ${as}` };
}

export const LAYER_NAMES = /** @type {LayerName[]} */ (Object.keys(LAYERS));

/** The layers of a model's first view. @type {() => Layers} */
export function usualLayers() {
  const { points, rings, backdrop } = LAYERS;
  return { points: points.on, rings: rings.on, backdrop: backdrop.on };
}

/**
 * Switches for the layers; returns {root, state(), set(state), offer(name, possible, why),
 * name(layer, words)}. A
 * layer that a model does not have is switched off and says why, and `state` keeps what the
 * person chose until a model has it again.
 * @type {(change: (layers: Layers) => void) => LayerSwitches}
 */
export function createLayers(change) {
  const wanted = usualLayers();
  const state = () => ({ ...wanted });
  const made = LAYER_NAMES.map((name) => {
    const { text, on, title } = LAYERS[name];
    const take = (/** @type {boolean} */ now) => {
      wanted[name] = now;
      change(state());
    };
    return { name, button: switchButton(text, on, take, { title }) };
  });
  /** @type {(one: {name: LayerName, button: HTMLButtonElement}) => void} */
  const show = ({ name, button }) => setPressed(button, wanted[name] && !button.disabled);
  /** @type {(asked: Partial<Layers>) => void} */
  const set = (asked) => {
    Object.assign(wanted, asked);
    made.forEach(show);
  };
  /** @type {(name: LayerName, possible: boolean, why?: string) => void} */
  const offer = (name, possible, why = "") => {
    for (const one of made.filter((each) => each.name === name)) {
      one.button.disabled = !possible;
      one.button.title = possible ? LAYERS[name].title : why;
      show(one);
    }
  };
  const root = element("div", { class: "pad-layers", role: "group", "aria-label": "layers" });
  root.append(...made.map(({ button }) => button));
  /**
   * Give a layer another name and title for a model; null for its own.
   * @type {LayerSwitches["name"]}
   */
  const name = (layer, words) => {
    const { text, title } = words ?? LAYERS[layer];
    for (const { button } of made.filter((one) => one.name === layer)) {
      button.textContent = text;
      if (!button.disabled) button.title = title;
    }
  };
  return { root, state, set, offer, name };
}
