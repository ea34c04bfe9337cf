// The classes with their colours, each a switch, and the layers of the plane.

import { element, isPressed, setPressed, switchButton } from "./pad_dom.js";
import { classColour } from "./pad_theme.js";

/**
 * Fill `box` with one switch a class; `change(hidden)` hears the Set of hidden labels; `only(labels)`
 * hides these and shows all others.
 */
export function createLegend(box, names, change) {
  const hidden = new Set();
  const switches = names.map((name, label) => {
    const made = switchButton(name, true, (on) => {
      if (on) hidden.delete(label);
      else hidden.add(label);
      change(hidden);
    }, { class: "pad-class", title: `show or hide ${name}` });
    made.prepend(element("span", { class: "pad-swatch", "aria-hidden": "true" }));
    return made;
  });
  box.replaceChildren(...switches);
  const setTheme = (theme) => switches.forEach((made, label) => {
    made.firstChild.style.background = classColour(label, theme);
  });
  const only = (labels) => {
    hidden.clear();
    for (const label of labels) if (switches[label]) hidden.add(label);
    switches.forEach((made, label) => setPressed(made, !hidden.has(label)));
    change(hidden);
  };
  return { setTheme, only, hidden };
}

export const LAYERS = {
  points: { text: "points", on: true, title: "posterior means μ of held-out images" },
  rings: { text: "rings", on: true, title: "1, 2 and 3 standard deviations of the prior" },
  backdrop: { text: "manifold", on: false, title: "what the decoder makes of every place" },
};

/** The layers of a model's first view. */
export function usualLayers() {
  return Object.fromEntries(Object.entries(LAYERS).map(([name, { on }]) => [name, on]));
}

/** Switches for the layers; returns {root, state(), set(state), offer(name, possible)}. */
export function createLayers(change) {
  const switches = Object.entries(LAYERS).map(([name, { text, on, title }]) =>
    [name, switchButton(text, on, () => change(state()), { title })]);
  const state = () => Object.fromEntries(switches.map(([name, made]) => [name, isPressed(made)]));
  const set = (wanted) => {
    switches.forEach(([name, made]) => setPressed(made, wanted[name] && !made.disabled));
  };
  const offer = (name, possible) => {
    const made = switches.find(([key]) => key === name)[1];
    made.disabled = !possible;
    if (!possible) setPressed(made, false);
  };
  const root = element("div", { class: "pad-layers", role: "group", "aria-label": "layers" });
  root.append(...switches.map(([, made]) => made));
  return { root, state, set, offer };
}
