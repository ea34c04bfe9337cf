// The classes with their colours, each a switch, and the layers of the plane.

import { element, setPressed, switchButton } from "../parts/dom.js";
import { classColour } from "../parts/theme.js";

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

/** What the prior's lines are called where they are no rings. */
export function contourWords({ z_dim: zDim, latent }) {
  const shares = zDim === 1 ? "68, 95 and 99.7" : "39, 86 and 99";
  const of = latent.mixture || latent.grid ? "the prior" : `${latent.draws?.length} draws from the prior`;
  return { text: "contours", title: `lines around ${shares} % of ${of}, as 1, 2 and 3 standard deviations of a normal` };
}

/** The layers of a model's first view. */
export function usualLayers() {
  return Object.fromEntries(Object.entries(LAYERS).map(([name, { on }]) => [name, on]));
}

/**
 * Switches for the layers; returns {root, state(), set(state), offer(name, possible, why),
 * name(layer, words)}. A
 * layer that a model does not have is switched off and says why, and `state` keeps what the
 * person chose until a model has it again.
 */
export function createLayers(change) {
  const wanted = usualLayers();
  const state = () => ({ ...wanted });
  const switches = Object.entries(LAYERS).map(([name, { text, on, title }]) => [name, switchButton(
    text,
    on,
    (now) => {
      wanted[name] = now;
      change(state());
    },
    { title },
  )]);
  /** @param {any[]} entry */
  const show = ([name, made]) => setPressed(made, wanted[name] && !made.disabled);
  const set = (asked) => {
    Object.assign(wanted, asked);
    switches.forEach(show);
  };
  const offer = (name, possible, why = "") => {
    const found = switches.find(([key]) => key === name);
    found[1].disabled = !possible;
    found[1].title = possible ? LAYERS[name].title : why;
    show(found);
  };
  const root = element("div", { class: "pad-layers", role: "group", "aria-label": "layers" });
  root.append(...switches.map(([, made]) => made));
  /** Give a layer another name and title, {text, title}, for a model; null for its own. */
  const name = (layer, words) => {
    const [, made] = switches.find(([key]) => key === layer);
    const { text, title } = words ?? LAYERS[layer];
    made.textContent = text;
    if (!made.disabled) made.title = title;
  };
  return { root, state, set, offer, name };
}
