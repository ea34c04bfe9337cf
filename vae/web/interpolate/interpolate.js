// Interpolate: two images, the paths between them, and where on them the hand is.
//
// Everything moves here, in the browser; the server gives the networks, the encoded images and the
// files to keep, and hears nothing of what the hand does.

import { decode, drawPixels } from "../core/decoder.js";
import { contextOf, find, shownNumber } from "../parts/dom.js";
import { createHelp } from "../parts/help.js";
import { messageOf } from "../parts/fetched.js";
import { readTheme } from "../parts/theme.js";
import {
  firstEnds,
  firstWalk,
  queryOf,
  rememberEnds,
  rememberWalk,
  SIDES,
} from "./address.js";
import { copyLink, copyText } from "../parts/copy.js";
import { mounted } from "../parts/mounted.js";
import { Chooser } from "./chooser.js";
import { classAt, EndSource, endAt, withClass } from "./ends.js";
import { copyImage, offerSizes, ServerFilm } from "./film.js";
import { buildInterpolator } from "./layout.js";
import { showSentence } from "../parts/sentence.js";
import { createPathMap } from "./map.js";
import { aboutText, commandText, describeWalk, mapText, quantityOf } from "./words.js";
import { className } from "../core/told.js";
import { norm, PATHS } from "../core/paths.js";
import { openModel, versionOf } from "./open.js";
import { HELP, Player } from "./player.js";
import { Range } from "./range.js";
import { Strips } from "./strips.js";
import { createModelEntries } from "../parts/model_entries.js";
import { watchSize } from "../parts/size_watch.js";

/** @import { Decoder, Points } from "../core/header.js" */
/** @import { Side, Walk } from "./address.js" */
/** @import { End, Ends } from "./ends.js" */
/** @import { MiddleCell } from "./layout.js" */
/** @import { Route } from "./strips.js" */
/** @import { LogDensity, Quantity } from "./words.js" */
/** @import { InterpolatorProps } from "./props.js" */

export default mounted((parent, data) => new Interpolator(parent, data));

export class Interpolator {
  tell = () => {};
  frames = 0;
  /** The version of the model that is shown or on its way. @type {string | null} */
  opening = null;
  /** @type {Decoder | null} */
  #net = null;
  /** @type {Points | null} */
  points = null;
  model = "";
  version = "";
  /** @type {EndSource | null} */
  source = null;
  /** @type {Ends | null} */
  ends = null;
  /** @type {Route[]} */
  routes = [];
  /** @type {Quantity | null} */
  quantity = null;
  /** @type {ServerFilm | null} */
  film = null;

  /** @param {HTMLElement} parent @param {InterpolatorProps} data */
  constructor(parent, data) {
    this.root = find(parent, ".pad-host");
    this.data = data;
    this.root.dataset.testid = "interpolator";
    // a way that this script does not know comes as points, once the server offers some
    this.methods = data.methods.filter(({ name }) => Object.hasOwn(PATHS, name));
    this.refs = buildInterpolator(this.root, this.methods);
    this.strips = new Strips(this.refs.strips, this.methods, {
      jump: (t) => this.player.goTo(t),
      worked: (done) => {
        this.root.dataset.strips = done ? "done" : "working";
      },
    });
    this.search = location.search;
    this.entries = createModelEntries();
    const { t, wrong, ...range } = firstWalk(location.search, data.model);
    this.range = new Range(this.refs, range, () => this.setRange());
    this.wrongWalk = wrong;
    this.player = this.makePlayer();
    this.player.t = t;
    this.chooser = new Chooser(this);
    this.map = createPathMap(this.refs, {
      move: (side, z) => this.moveEnd(side, z),
      rest: () => this.rest(),
    });
    this.listen();
    this.observer = watchSize(this.refs.strips, () => this.strips.resized());
  }

  /** The model that is shown; there is one as soon as there are ends. */
  get net() {
    if (!this.#net) throw new Error("no model is open yet");
    return this.#net;
  }

  makePlayer() {
    const { refs } = this;
    const help = createHelp(HELP);
    this.root.append(help);
    const showHelp = () => (help.open ? help.close() : help.showModal());
    refs.help.onclick = showHelp;
    /** @type {(t: number) => void} */
    const show = (t) => this.show(t);
    const rest = () => this.describe();
    return new Player({ refs, show, rest, help: showHelp, swap: () => this.swap() });
  }

  listen() {
    const { refs } = this;
    refs.swap.onclick = () => this.swap();
    refs.share.onclick = () => this.share();
    refs.copy.onclick = () => copyText(refs.root, refs.copy, refs.command.textContent);
    for (const side of SIDES) refs.sides.buttons[side].onclick = () => this.map.activate(side);
    refs.size.onchange = () => this.offerFiles();
  }

  stop() {
    this.opening = null;
    this.strips.stop();
    this.observer.disconnect();
    this.film?.stop();
    this.player.stop();
    this.entries.stop();
    this.map.stop();
    this.chooser.closePanel();
  }

  /** @type {(data: InterpolatorProps) => void} */
  update(data) {
    this.data = data;
    this.setTheme();
    if (this.opening !== versionOf(data)) openModel(this, data);
  }

  setTheme() {
    const theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", theme.dark);
    this.map.setTheme(theme, this.strips.setTheme(theme));
  }

  /** @type {(sentence: string | null, again?: (() => void) | null) => void} */
  say(sentence, again = null) {
    showSentence(this.refs, sentence, again);
  }

  // ---- opening a model --------------------------------------------------------------------

  /** @type {(net: Decoder, points: Points | null, data: InterpolatorProps, density: LogDensity | null) => void} */
  start(net, points, data, density) {
    this.film?.stop();
    this.film = net.remote ? this.serverFilm(data) : null;
    [this.#net, this.points, this.model, this.version] = [net, points, data.model, versionOf(data)];
    this.source = new EndSource(net, points, data.split);
    this.quantity = quantityOf(net.header, points, density);
    this.chooser.forget();
    this.chooser.setSource(this.source);
    const { refs } = this;
    refs.stage.style.setProperty("--pad-aspect", `${net.shape[2]} / ${net.shape[1]}`);
    refs.title.textContent = data.title;
    refs.mapWords.textContent = mapText(net.header);
    refs.about.textContent = aboutText(net, this.quantity);
    this.strips.setModel(net, this.quantity);
    this.map.setModel(net);
    const { ends, wrong } = firstEnds(this.source, data.model, this.version, this.search);
    // an address belongs to the model that it opened
    const [a, b] = [withClass(ends.a, ends.b, net.classes), withClass(ends.b, ends.a, net.classes)];
    [this.ends, this.search] = [{ a, b }, ""];
    if (wrong ?? this.wrongWalk) this.say(wrong ?? this.wrongWalk);
    this.wrongWalk = null;
    for (const side of SIDES) this.showEnd(side, this.ends[side]);
    this.map.setPoints(points);
    this.root.dataset.model = data.model;
    this.setRange();
  }

  // ---- the ends and the paths -------------------------------------------------------------

  /**
   * Take another end; `resting` false while the hand still moves, `same` keeps the map's plane.
   * @type {(side: Side, end: End | null, how?: {resting?: boolean, same?: boolean}) => void}
   */
  setEnd(side, end, { resting = true, same = false } = {}) {
    if (!end || !this.ends) return;
    const told = withClass(end, this.ends[side], this.net.classes);
    this.ends = { ...this.ends, [side]: told };
    this.map.activate(side);
    this.showEnd(side, told);
    this.setPaths(same);
    if (resting) this.rest();
  }

  swap() {
    if (!this.ends) return;
    this.ends = { a: this.ends.b, b: this.ends.a };
    this.chooser.closePanel();
    for (const side of SIDES) this.showEnd(side, this.ends[side]);
    this.setPaths(false);
    this.rest();
  }

  /** @type {(side: Side, z: Float64Array) => void} */
  moveEnd(side, z) {
    this.setEnd(side, endAt(z, "map"), { resting: false, same: true });
  }

  setRange() {
    if (!this.ends) return;
    const { steps, overshoot } = this.range;
    this.strips.setTimes(this.range.times());
    this.player.setRange(overshoot, steps);
    offerSizes(this.refs.size, this.net.shape, steps);
    this.setPaths(false);
    this.rest();
  }

  /** @type {(same: boolean) => void} */
  setPaths(same) {
    if (!this.ends) return;
    const { a, b } = this.ends;
    const { overshoot } = this.range;
    const [from, to] = [-overshoot, 1 + overshoot];
    this.routes = this.methods.map(({ name, words }) =>
      ({ name, words, from, to, at: (/** @type {number} */ t) => PATHS[name](a.z, b.z, t) }));
    this.strips.setPaths(this.routes, this.ends);
    this.map.setPath(this.ends, this.routes, same);
    this.show(this.player.t);
    this.film?.ask(this.methods.map(({ name }) => name), this.ends, this.range);
  }

  /** @type {(side: Side, end: End) => void} */
  showEnd(side, end) {
    const cell = this.refs[side];
    this.root.dataset[side] = end.z.join(",");
    if (!this.net.remote) drawPixels(contextOf(cell.canvas), decode(this.net, end.z, end.told), this.net.shape);
    const other = end.told !== null && end.label !== end.told;
    const as = other ? `, as ${className(this.net.header, end.told ?? 0)}` : "";
    cell.words.textContent = `${end.words}${as}`;
    cell.words.title = `${end.words}; |z| = ${norm(end.z).toFixed(2)}`;
    const address = end.row !== null && this.data.originals ? `${this.data.originals}/${end.row}.png` : "";
    cell.original.hidden = !address;
    if (address && cell.original.getAttribute("src") !== address) cell.original.src = address;
    cell.canvas.setAttribute("aria-label", `image ${cell.letter}: ${end.words}`);
    this.chooser.offerAnother(cell, end);
  }

  /** The hand let go of an end: write the address and all that follows from the ends. */
  rest() {
    if (this.ends) rememberEnds(this.model, this.version, this.ends);
    this.offerFiles();
    this.describe();
  }

  offerFiles() {
    if (!this.ends) return;
    const { steps, overshoot } = this.range;
    const options = { steps, overshoot, zoom: Number(this.refs.size.value) };
    this.strips.linkFiles(this.data.film, this.ends, options);
    this.refs.command.textContent = commandText(this.model, this.ends, { ...options, methods: this.methods });
  }

  // ---- what follows the hand --------------------------------------------------------------

  /** Draw both paths at t; `data-t` and `data-frames` tell of it. @type {(t: number) => void} */
  show(t) {
    if (!this.ends) return;
    this.refs.middles.forEach((cell, i) => this.showMiddle(cell, i, t));
    this.strips.setTime(t);
    this.map.setTime(t);
    this.refs.time.textContent = `t = ${shownNumber(t)}`;
    this.frames += 1;
    this.root.dataset.t = String(t);
    this.root.dataset.frames = String(this.frames);
  }

  /** @type {(cell: MiddleCell, i: number, t: number) => void} */
  showMiddle(cell, i, t) {
    if (!this.ends) return;
    const [z, told] = [this.routes[i].at(t), classAt(this.ends, t)];
    if (this.net.remote) this.strips.all[i].copyFrame(t, cell.canvas);
    else drawPixels(contextOf(cell.canvas), decode(this.net, z, told), this.net.shape);
    const measured = this.quantity ? ` · ${this.quantity.short(this.quantity.of(z, told))}` : "";
    cell.numbers.textContent = `|z| ${shownNumber(norm(z))}${measured}`;
  }

  describe() {
    if (!this.ends) return;
    const { t } = this.player;
    rememberWalk(this.walk());
    const query = queryOf(location.search, this.model, this.ends, this.walk());
    this.entries.keep(query, this.model, this.data.preferred);
    describeWalk(this.refs, this.ends, this.routes, t);
  }

  /** @type {() => Walk} */
  walk() {
    const { steps, overshoot } = this.range;
    return { steps, overshoot, t: this.player.t };
  }

  share() {
    if (!this.ends) return;
    const query = queryOf(location.search, this.model, this.ends, this.walk(), true);
    copyLink(this.root, this.refs.share, query);
  }

  // ---- a decoder that is too large for the browser ----------------------------------------

  /** @type {(data: InterpolatorProps) => ServerFilm} */
  serverFilm(data) {
    return new ServerFilm(data.film, (name, picture) => this.arrive(name, picture), (error) =>
      this.say(`The server did not draw the path: ${messageOf(error)}.`, () => this.setPaths(true)));
  }

  /** @type {(name: string, picture: ImageBitmap) => void} */
  arrive(name, picture) {
    if (name === "ends") {
      SIDES.forEach((side, i) => copyImage(picture, i, this.refs[side].canvas, this.net.shape));
    } else this.strips.adopt(name, picture);
    this.show(this.player.t);
  }
}
