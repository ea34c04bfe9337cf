// Ways to a new z: the origin, the prior, an encoded image; and how the decoded image is shown.

import { whyNoDraw } from "../core/posterior.js";
import { button, choice, element, menu, setOptions, switchButton } from "../parts/dom.js";

/** @import { NetworkHeader, Points } from "../core/header.js" */
/** @import { Choice } from "../parts/dom.js" */

/**
 * @typedef {object} StartActions
 * @property {() => void} origin
 * @property {() => void} random
 * @property {(label: number | null, sample: boolean) => void} image
 * @property {(on: boolean) => void} draw
 */

/**
 * @typedef {object} Actions
 * @property {(header: NetworkHeader) => void} setModel
 * @property {(points: Points | null) => void} setPoints
 * @property {HTMLElement} drawing
 */

const ANY = "any";
const OF_CLASS = "a draw from the prior of the class that is told (key r)";

/**
 * Fill the row of actions. `act.origin()`, `act.random()`, `act.image(label, sample)` with label
 * null for any class, `act.draw(on)`. Returns {setModel(header), drawing: the switch}.
 * @type {(box: HTMLElement, act: StartActions) => Actions}
 */
export function createActions(box, act) {
  let sample = false;
  const classes = menu("start from an image of class", [], () => {
    if (classes.value === "") return;
    act.image(classes.value === ANY ? null : Number(classes.value), sample);
    // back to its name, so that the same class can be chosen again
    classes.selectedIndex = 0;
  });
  const where = choice("z of that image", { mean: "μ", sample: "z ~ q" }, (value) => {
    sample = value === "sample";
  });
  where.root.title = "z at the posterior mean μ, or drawn from q(z|x)";
  const random = button("random", { onclick: act.random });
  const drawing = switchButton("draw", false, act.draw, {
    title: "draw an image by hand and encode it",
    "data-main": "",
  });
  const origin = button("origin", { onclick: act.origin, title: "z = 0 (key 0)" });
  const fromImage = element("span", { class: "pad-pair" }, classes, where.root);
  box.replaceChildren(origin, random, fromImage, drawing);
  /** @type {(header: NetworkHeader) => void} */
  const setModel = (header) => {
    const { has_density: hasDensity, latent } = header;
    const why = whyNoDraw(header);
    const drawable = !why;
    const names = header.class_names.map((name, label) => [String(label), name]);
    const any = names.length ? "any class" : "any image";
    setOptions(classes, [["", "image of …"], [ANY, any], ...names]);
    where.buttons.sample.disabled = !drawable;
    where.buttons.sample.title = why;
    if (!drawable) where.set("mean");
    sample = sample && drawable;
    random.title = latent.by_class ? OF_CLASS : randomTitle(hasDensity, latent.drawn_by);
  };
  /** @type {(points: Points | null) => void} */
  const setPoints = (points) => {
    classes.disabled = where.buttons.mean.disabled = !points;
  };
  return { setModel, setPoints, drawing };
}

/** Say what "random" draws. @type {(hasDensity: boolean, drawnBy?: string) => string} */
function randomTitle(hasDensity, drawnBy) {
  if (drawnBy) return `a draw by ${drawnBy} (key r)`;
  if (hasDensity) return "a draw from the prior (key r)";
  return "this model has no prior: a draw with the mean and spread of the encoded images";
}

/**
 * Fill the bar under the image: mean or sample, sharp or smooth.
 * @type {(box: HTMLElement, image: HTMLElement, change: (look: string) => void) => Choice}
 */
export function createLook(box, image, change) {
  const look = choice("image shown", { mean: "mean", sample: "sample" }, change);
  look.root.title = "mean pixels of p(x|z), or one draw from it";
  const smooth = switchButton("smooth", false, (on) => image.classList.toggle("pad-smooth", on), {
    title: "blend between pixels",
  });
  box.replaceChildren(look.root, smooth);
  return look;
}
