// The rows of controls around a pad's map and image: each is made here once, and told here of
// another model. A new row is one module, one line in the constructor and one in `setModel`.

import { createAxesMenus } from "./axes.js";
import { createClasses } from "./classes.js";
import { createDownload } from "./download.js";
import { contourWords, createLayers, createLegend, usualLayers } from "./legend.js";
import { createSliders } from "./sliders.js";
import { createActions, createLook } from "./start.js";
import { dataExtent, defaultPlane, planeOf } from "../core/latent.js";
import { element } from "../parts/dom.js";
import { sampleOf } from "../core/random.js";
import { className } from "../core/told.js";

/** @import { Decoder, Points } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { PadView } from "./address.js" */
/** @import { Classes } from "./classes.js" */
/** @import { Legend } from "./legend.js" */
/** @import { LatentPad } from "./pad.js" */
/** @import { Sliders } from "./sliders.js" */

/** Make the controls of a pad; they move it through its own methods. */
export class Controls {
  /** @type {Classes | null} */
  classes = null;
  /** @type {Sliders | null} */
  sliders = null;
  /** @type {Legend | null} */
  legend = null;

  /** @param {LatentPad} pad */
  constructor(pad) {
    const { refs } = pad;
    this.pad = pad;
    this.layers = createLayers((state) => {
      pad.map.setLayers(state);
      pad.link.write();
    });
    this.axesBox = element("div", { class: "pad-axes" });
    refs.mapBar.append(this.axesBox, this.layers.root);
    this.actions = createActions(refs.actions, {
      origin: () => pad.goTo(new Float64Array(pad.net.zDim)),
      random: () => pad.goTo(sampleOf(pad.net)),
      image: (label, sample) => pad.images.startFromClass(label, sample),
      draw: (on) => pad.images.openDrawing(on),
    });
    this.look = createLook(refs.imageBar, refs.image, (look) => {
      pad.picture?.setLook(look);
      if (pad.isOpen) pad.show(pad.held);
    });
    createDownload(refs.download, refs.image, () => ({
      model: pad.data.model,
      z: pad.drawnAt,
      of: pad.isOpen && pad.net.classes ? className(pad.net.header, pad.net.label) : null,
    }));
  }

  /**
   * Another model: offer what it has, with a reason where it lacks something.
   * @type {(net: Decoder) => void}
   */
  setModel(net) {
    this.offerLook(net);
    this.offerLayers(net);
    this.classes = createClasses(this.pad.refs.classes, net, (label) => this.pad.press(label));
    this.classes.set(net.label);
    this.pad.root.classList.toggle("pad-conditional", net.classes > 0);
    this.sliders = this.makeSliders(net);
    this.legend = this.makeLegend(net);
    this.actions.setModel(net.header);
    this.actions.setPoints(null);
  }

  /** @type {(net: Decoder) => void} */
  offerLook({ remote, header }) {
    this.look.set("mean");
    const drawn = this.look.buttons.sample;
    drawn.disabled = Boolean(remote) || !header.noise;
    drawn.title = header.noise ? "" : "no way to draw pixels of this likelihood is known here";
  }

  /** @type {(net: Decoder) => void} */
  offerLayers({ remote, header }) {
    this.layers.offer("backdrop", !remote);
    this.layers.offer("rings", header.has_density, "this model has no prior to draw");
    const contours = header.has_density && !header.latent.rings;
    this.layers.name("rings", contours ? contourWords(header) : null);
  }

  /** @type {(net: Decoder) => Sliders} */
  makeSliders({ header }) {
    const { pad } = this;
    return createSliders(pad.refs, header, pad.beside ? "beside " : "", {
      move: (i, value) => pad.hold(pad.held.with(i, value)),
      rest: () => pad.release(),
      settle: () => pad.settle(),
    });
  }

  /** @type {(net: Decoder) => Legend} */
  makeLegend({ header }) {
    const { pad } = this;
    const legend = createLegend(pad.refs.legend, header.class_names, (hidden) => {
      pad.map.setHidden(hidden);
      pad.link.write();
    });
    legend.setTheme(pad.theme);
    return legend;
  }

  /**
   * The encoded images have come, or null where a model has none.
   * @type {(points: Points | null) => void}
   */
  setPoints(points) {
    this.actions.setPoints(points);
    if (points) this.sliders?.extend(dataExtent(points));
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.legend?.setTheme(theme);
  }

  /**
   * Set plane, layers and hidden classes as an address asks; null for the model's own.
   * @type {(address: PadView | null) => void}
   */
  setView(address) {
    const { pad } = this;
    const { header } = pad.net;
    const asked = address?.axes ? planeOf(header, address.axes) : null;
    pad.axes = asked ?? defaultPlane(header);
    createAxesMenus(this.axesBox, header, (plane) => pad.setAxes(plane)).set(pad.axes);
    pad.map.setAxes(pad.axes);
    if (address) this.layers.set(address.layers ?? usualLayers());
    pad.map.setLayers(this.layers.state());
    this.legend?.only(address?.hidden ?? []);
    if (address?.view) pad.map.setView(address.view);
  }
}
