// The pad: a plane, an image and sliders that all show one z; the decoder follows the hand.
//
// The hand holds z or only looks; every movement decodes here, in the browser. The server hears
// of z when the hand lets go, and may send the pad elsewhere by raising `seq`.

import { firstClass, placeInAddress, wrongPlace } from "./address.js";
import { EncodedImages } from "./encoding.js";
import { Controls } from "./controls.js";
import { find } from "../parts/dom.js";
import { mounted } from "../parts/mounted.js";
import { keyStep, moveOnPlane, shadow } from "../core/latent.js";
import { listenToPage } from "./keys.js";
import { buildLayout, describePlace, showTrouble } from "./layout.js";
import { createLink } from "./link.js";
import { createMap } from "./map.js";
import { createNeighbours } from "./neighbours.js";
import { openModel } from "./open.js";
import { Pair } from "./pair.js";
import { PadRate } from "./rate.js";
import { createPicture, thumbnail } from "../pictures/shown.js";
import { PadServer } from "./server.js";
import { readTheme } from "../parts/theme.js";
import { createTrail } from "./trail.js";

/** @import { Decoder, Near, Numbers, Plane, Points } from "../core/header.js" */
/** @import { Rates } from "../core/rates.js" */
/** @import { Picture } from "../pictures/shown.js" */
/** @import { Address } from "./address.js" */
/** @import { PadProps } from "./props.js" */

const SETTLE_MS = 350; // after the last key or notch of the wheel

export default mounted((parent, data) => new LatentPad(parent, data));

export class LatentPad {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {Decoder | null} */
  #net = null;
  /** @type {Points | null} */
  points = null;
  /** The address of the decoder that is shown or on its way. @type {string | null} */
  opening = null;
  /** The z that the hand holds. @type {Float64Array} */
  held = new Float64Array();
  /** Where Back finds no z in an address. @type {Float64Array} */
  home = this.held;
  /** The z that was drawn last. @type {Numbers | null} */
  drawnAt = null;
  frames = 0;
  timer = 0;
  /** @type {Plane} */
  axes = { name: "", u: this.held, v: this.held, labels: [] };
  /** @type {Picture | null} */
  picture = null;
  /** What decodes where the browser cannot. @type {PadServer | null} */
  server = null;

  /** @param {HTMLElement} parent @param {PadProps} data */
  constructor(parent, data) {
    this.beside = data.beside;
    this.root = find(parent, ".pad-host");
    this.root.dataset.testid = this.beside ? "latent-pad-beside" : "latent-pad";
    this.refs = buildLayout(this.root, this.beside);
    this.data = data;
    this.seq = data.seq;
    this.theme = readTheme(this.root);
    this.map = this.makeMap();
    this.trail = this.makeTrail();
    this.controls = new Controls(this);
    this.rate = new PadRate(this);
    this.images = new EncodedImages(this);
    this.pair = new Pair(this);
    this.neighbours = createNeighbours(this);
    this.link = createLink(this);
    this.stopListening = this.beside ? () => {} : listenToPage(this);
  }

  /** The model that is shown; there is one as soon as anything can be pressed. */
  get net() {
    if (!this.#net) throw new Error("no model is open yet");
    return this.#net;
  }

  get isOpen() {
    return this.#net !== null;
  }

  makeMap() {
    return createMap(this.refs, {
      look: (z) => {
        this.show(z);
        this.pair.look(z);
      },
      hold: (z) => this.hold(z),
      leave: () => {
        this.show(this.held);
        this.pair.leave();
      },
      release: () => this.release(),
      near: (row) => this.neighbours.hover(row),
      held: () => this.held,
      viewed: () => this.link.write(),
    });
  }

  makeTrail() {
    return createTrail(this.refs.trail, {
      go: (z, label) => this.goTo(z, label),
      show: (places) => this.isOpen && this.map.showTrail(places),
      model: () => this.data.model,
    });
  }

  stop() {
    clearTimeout(this.timer);
    this.opening = null;
    this.stopListening();
    this.link.stop();
    this.pair.stop();
    this.map.stop();
    this.images.stop();
    this.neighbours.stop();
  }

  /**
   * Take what the server says: another model, a place to go, or only another theme.
   * @type {(data: PadProps) => void}
   */
  update(data) {
    this.data = data;
    this.root.classList.toggle("pad-paired", Boolean(data.other));
    this.link.write();
    this.setTheme();
    if (this.opening !== data.decoder) openModel(this, data);
    else if (data.seq > this.seq && data.z && this.isOpen) this.goTo(data.z);
    this.server?.hear(data.answer ?? null);
    this.seq = Math.max(this.seq, data.seq);
  }

  setTheme() {
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    this.map.setTheme(this.theme);
    this.controls.setTheme(this.theme);
  }

  // ---- opening a model --------------------------------------------------------------------

  /** @type {(net: Decoder, data: PadProps) => void} */
  start(net, data) {
    const before = this.link.leaving();
    const { z, label, beta, told, wrong, asked, address } = this.link.starting(net, data);
    this.images.forget();
    [this.#net, this.points] = [net, null];
    this.held = this.home = z;
    net.label = label;
    this.picture = createPicture(this.refs, net);
    this.server = net.remote ? new PadServer(this, data.model) : null;
    this.neighbours.setModel(data.originals);
    this.controls.setModel(net);
    this.trail.open(data.decoder);
    this.map.setModel(net);
    this.rate.setModel(net, beta);
    this.controls.setView(address);
    this.refs.title.textContent = `${data.title} · ${data.kind}`;
    this.root.classList.toggle("pad-many", net.zDim > 3);
    this.root.dataset.model = data.model;
    if (asked) this.pair.wanted = asked.hands;
    this.link.opened(before, asked);
    this.pair.changed();
    this.show(this.held);
    this.describe();
    if (!told) this.report();
    if (wrong) showTrouble(this.refs, wrongPlace(net.zDim));
  }

  /** @type {(plane: Plane) => void} */
  setAxes(plane) {
    this.axes = plane;
    this.map.setAxes(plane);
    this.show(this.held);
    this.link.write();
  }

  /** @type {(found: Points | null, rates?: Rates | null) => void} */
  setPoints(found, rates = null) {
    const points = this.rate.setPoints(found, rates);
    this.points = points;
    this.map.setPoints(points);
    this.controls.setPoints(points);
    this.pair.changed();
    this.neighbours.setPoints(points);
    this.rate.inform();
  }

  /** What tells near from far has come. @type {(near: Near) => void} */
  setNear(near) {
    this.rate.setNear(near);
    this.neighbours.setPoints(this.points);
  }

  // ---- the hand ---------------------------------------------------------------------------

  /**
   * Draw everything that shows z; `data-z` and `data-frames` tell of it.
   * @type {(z: Numbers) => void}
   */
  show(z) {
    if (this.server) this.server.ask(z);
    else {
      this.picture?.draw(z);
      this.drawn(z);
    }
    this.controls.sliders?.show(z);
    this.map.show(z, this.held);
  }

  /** @type {(z: Numbers) => void} */
  drawn(z) {
    this.frames += 1;
    this.drawnAt = z;
    this.root.dataset.z = Array.from(z).join(",");
    if (this.net.classes) this.root.dataset.class = String(this.net.label);
    else delete this.root.dataset.class;
    this.root.dataset.frames = String(this.frames);
    this.neighbours.look(z);
  }

  /** @type {(z: Float64Array) => void} */
  hold(z) {
    this.held = z;
    this.show(z);
    this.pair.hold(z);
  }

  /** The hand let go: remember the place, write the address, tell the server. */
  release() {
    clearTimeout(this.timer);
    const { net, server } = this;
    if (server) server.owed = this.held;
    if (!net.remote) this.trail.add(thumbnail(net, this.held), this.held, net.label);
    this.show(this.held);
    // the plane goes through z: another z is another manifold, unless the plane is all there is
    if (net.zDim > 2) this.map.repaint();
    // the first pad of a linked pair begins an entry of the history before the second writes to it
    if (this.beside) this.pair.release();
    this.link.write();
    if (!this.beside) this.pair.release();
    this.describe();
    this.report();
  }

  report() {
    // the second pad of a pair is only looked at
    if (this.beside) return;
    this.tell("held", { model: this.data.model, z: Array.from(this.held), seq: this.seq });
  }

  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.release(), SETTLE_MS);
  }

  /**
   * Go to a place, and to a class where the model is told classes and one is named.
   * @type {(z: Numbers, label?: number | null) => void}
   */
  goTo(z, label = null) {
    this.tellClass(label);
    this.hold(Float64Array.from(z));
    this.release();
  }

  // ---- the class --------------------------------------------------------------------------

  /**
   * Decode as another class from now on; null leaves it as it is. What is shown stays.
   * @type {(label: number | null) => void}
   */
  tellClass(label) {
    const { net } = this;
    if (label === null || !(label >= 0 && label < net.classes) || label === net.label) return;
    net.label = label;
    this.controls.classes?.set(label);
    if (net.header.latent.by_class) this.map.setPrior();
    this.map.repaint();
  }

  /** A class was pressed: the held z, as that class. @type {(label: number) => void} */
  press(label) {
    this.tellClass(label);
    this.hold(this.held);
    this.release();
  }

  /**
   * The person went back or forth in the browser's history: show what that address says.
   * @type {(address: Address) => void}
   */
  goBack(address) {
    this.images.closeDrawing();
    this.held = placeInAddress(address, this.net.zDim) ?? this.home;
    this.tellClass(firstClass(address.label, this.net.classes));
    this.rate.tell(address.beta);
    this.controls.setView(address);
    this.pair.wanted = address.hands;
    this.pair.changed();
    this.show(this.held);
    this.describe();
    this.report();
  }

  /** @type {(da: number, db: number) => void} */
  step(da, db) {
    const size = keyStep(this.map.plane.view().span);
    const [a, b] = shadow(this.held, this.axes);
    this.hold(moveOnPlane(this.held, this.axes, a + da * size, b + db * size));
    this.settle();
  }

  describe() {
    describePlace(this);
  }
}
