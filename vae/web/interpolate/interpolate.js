// Interpolate: two images, the paths between them, and where on them the hand is.
//
// Everything moves here, in the browser; the server gives the networks, the encoded images and the
// files to keep, and hears nothing of what the hand does.

import { decode, drawPixels, parseNetwork } from "../core/decoder.js";
import { shownNumber } from "../parts/dom.js";
import { createHelp } from "../parts/help.js";
import { fetchPayload, moveBars } from "../parts/load.js";
import { parseOutline } from "../core/remote.js";
import { readTheme } from "../parts/theme.js";
import {
  firstEnds,
  firstWalk,
  queryOf,
  rememberEnds,
  rememberWalk,
} from "./address.js";
import { copyLink, copyText } from "../parts/copy.js";
import { mounted } from "../parts/mounted.js";
import { Chooser } from "./chooser.js";
import { classAt, EndSource, endAt, withClass } from "./ends.js";
import { copyImage, linkFiles, offerSizes, ServerFilm, STRIP_GAP } from "./film.js";
import { buildInterpolator, FRAMES, showSentence } from "./layout.js";
import { createPathMap } from "./map.js";
import { aboutText, commandText, describeWalk, mapText, quantityOf } from "./words.js";
import { norm, PATHS, timesOf } from "../core/paths.js";
import { HELP, Player } from "./player.js";
import { createStrip } from "./strip.js";
import { createModelEntries } from "../parts/model_entries.js";
import { parsePoints } from "../core/points.js";
import { watchSize } from "../parts/size_watch.js";

const STRIP_SLICE_MS = 7; // of the 16.7 between two frames, for the images of the strips
const DASHES = { lerp: [7, 5] };

export default mounted((parent, data) => new Interpolator(parent, data));

/** What changes with the file behind a model's name: its payloads' addresses hold their hashes. */
function versionOf({ decoder, points }) {
  return `${decoder} ${points ?? ""}`;
}

class Interpolator {
  frames; net; points; model; version;

  constructor(parent, data) {
    this.root = parent.querySelector(".pad-host");
    this.root.dataset.testid = "interpolator";
    // a way that this script does not know comes as points, once the server offers some
    this.methods = data.methods.filter(({ name }) => Object.hasOwn(PATHS, name));
    this.refs = buildInterpolator(this.root, this.methods);
    this.strips = this.methods.map((method) => createStrip(method, (t) => this.player.goTo(t)));
    this.refs.strips.replaceChildren(...this.strips.map(({ root }) => root));
    this.search = location.search;
    this.entries = createModelEntries();
    [this.frames, this.opening, this.net, this.ends, this.job] = [0, null, null, null, 0];
    const { steps, overshoot, t, wrong } = firstWalk(location.search, data.model);
    [this.steps, this.overshoot, this.wrongWalk] = [steps, overshoot, wrong];
    this.build();
    [this.refs.frames.value, this.refs.overshoot.value, this.player.t] = [steps, String(overshoot), t];
  }

  build() {
    const { refs } = this;
    const help = createHelp(HELP);
    this.root.append(help);
    const showHelp = () => (help.open ? help.close() : help.showModal());
    refs.help.onclick = showHelp;
    refs.swap.onclick = () => this.swap();
    refs.share.onclick = () => this.ends && this.share();
    refs.copy.onclick = () => copyText(refs.root, refs.copy, refs.command.textContent);
    const [show, rest] = [(t) => this.show(t), () => this.describe()];
    this.player = new Player({ refs, show, rest, help: showHelp, swap: () => this.swap() });
    this.chooser = new Chooser(this);
    this.map = createPathMap(refs, {
      move: (side, z) => this.moveEnd(side, z),
      rest: () => this.rest(),
    });
    for (const [side, made] of refs.sides.buttons) made.onclick = () => this.map.activate(side);
    refs.frames.onchange = () => {
      const asked = Math.round(Number(refs.frames.value)) || FRAMES.first;
      this.steps = Math.min(FRAMES.most, Math.max(FRAMES.least, asked));
      refs.frames.value = this.steps;
      this.setRange();
    };
    refs.overshoot.onchange = () => {
      this.overshoot = Number(refs.overshoot.value);
      this.setRange();
    };
    refs.size.onchange = () => this.offerFiles();
    this.observer = watchSize(refs.strips, () => {
      this.strips.forEach((strip) => strip.resized());
      this.drawStrips();
    });
  }

  stop() {
    this.opening = null;
    cancelAnimationFrame(this.job);
    this.observer.disconnect();
    this.film?.stop();
    this.player.stop();
    this.entries.stop();
    this.map.stop();
    this.chooser.closePanel();
  }

  update(data) {
    this.data = data;
    this.setTheme();
    if (this.opening !== versionOf(data)) this.open(data);
  }

  setTheme() {
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    const { text, accent } = this.theme;
    this.styles = Object.fromEntries(this.methods.map(({ name }) =>
      [name, { theme: this.theme, colour: name === "lerp" ? text : accent, dash: DASHES[name] ?? [] }]));
    this.map.setTheme(this.theme, this.styles);
    this.drawStrips();
  }

  say(sentence, again = null) {
    showSentence(this.refs, sentence, again);
  }

  // ---- opening a model --------------------------------------------------------------------

  async open(data) {
    const version = versionOf(data);
    this.opening = version;
    this.root.classList.add("pad-loading");
    this.player.pause();
    this.say(null);
    try {
      const [payload, points] = await Promise.all([
        fetchPayload(data.decoder, moveBars(this.root)),
        data.points ? fetchPayload(data.points).then(parsePoints) : null,
      ]);
      if (this.opening !== version) return;
      this.start(data.remote ? parseOutline(payload) : parseNetwork(payload), points, data);
    } catch (error) {
      if (this.opening !== version) return;
      this.say(`The model ${data.model} could not be loaded: ${error.message}.`, () => this.open(data));
    }
    this.root.classList.remove("pad-loading");
  }

  start(net, points, data) {
    this.film?.stop();
    this.film = net.remote ? this.serverFilm(data) : null;
    [this.net, this.points, this.model, this.version] = [net, points, data.model, versionOf(data)];
    this.source = new EndSource(net, points, data.split);
    this.quantity = quantityOf(net.header, points);
    this.chooser.forget();
    this.chooser.setSource(this.source);
    const { refs } = this;
    refs.stage.style.setProperty("--pad-aspect", `${net.shape[2]} / ${net.shape[1]}`);
    refs.title.textContent = data.model;
    refs.mapWords.textContent = mapText(net.header);
    refs.about.textContent = aboutText(net, this.quantity);
    for (const strip of this.strips) strip.unit.textContent = "";
    refs.strips.classList.toggle("ip-no-curve", !this.quantity);
    this.map.setModel(net);
    const { ends, wrong } = firstEnds(this.source, data.model, this.version, this.search);
    // an address belongs to the model that it opened
    const told = (end, other) => withClass(end, other, net.classes);
    [this.ends, this.search] = [{ a: told(ends.a, ends.b), b: told(ends.b, ends.a) }, ""];
    if (wrong ?? this.wrongWalk) this.say(wrong ?? this.wrongWalk);
    this.wrongWalk = null;
    for (const side of ["a", "b"]) this.showEnd(side);
    this.map.setPoints(points);
    this.root.dataset.model = data.model;
    this.setRange();
  }

  // ---- the ends and the paths -------------------------------------------------------------

  /** Take another end; `resting` false while the hand still moves, `same` keeps the map's plane. */
  setEnd(side, end, { resting = true, same = false } = {}) {
    if (!end) return;
    this.ends = { ...this.ends, [side]: withClass(end, this.ends[side], this.net.classes) };
    this.map.activate(side);
    this.showEnd(side);
    this.setPaths(same);
    if (resting) this.rest();
  }

  swap() {
    if (!this.ends) return;
    this.ends = { a: this.ends.b, b: this.ends.a };
    this.chooser.closePanel();
    for (const side of ["a", "b"]) this.showEnd(side);
    this.setPaths(false);
    this.rest();
  }

  moveEnd(side, z) {
    this.setEnd(side, endAt(z, "map"), { resting: false, same: true });
  }

  setRange() {
    if (!this.ends) return;
    const times = timesOf(this.steps, this.overshoot);
    for (const strip of this.strips) strip.setTimes(times, this.net.shape);
    this.player.setRange(this.overshoot, this.steps);
    offerSizes(this.refs.size, this.net.shape, this.steps);
    this.setPaths(false);
    this.rest();
  }

  setPaths(same) {
    const { a, b } = this.ends;
    const [from, to] = [-this.overshoot, 1 + this.overshoot];
    this.routes = this.methods.map(({ name, words }) =>
      ({ name, words, from, to, at: (t) => PATHS[name](a.z, b.z, t) }));
    this.strips.forEach((strip, i) => strip.setPath(this.routes[i].at));
    this.map.setPath(a.z, b.z, this.routes, same);
    this.show(this.player.t);
    this.film?.ask(this.methods.map(({ name }) => name), this.ends, this);
    this.measured = false;
    this.job ||= requestAnimationFrame(() => this.work());
  }

  showEnd(side) {
    const cell = this.refs[side];
    const end = this.ends[side];
    this.root.dataset[side] = end.z.join(",");
    if (!this.net.remote) drawPixels(cell.canvas.getContext("2d"), decode(this.net, end.z, end.told), this.net.shape);
    const as = end.told !== null && end.label !== end.told ? `, as ${this.source.nameOf(end.told)}` : "";
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
    rememberEnds(this.model, this.version, this.ends);
    this.offerFiles();
    this.describe();
  }

  offerFiles() {
    if (!this.ends) return;
    const zoom = Number(this.refs.size.value);
    const options = { steps: this.steps, overshoot: this.overshoot, zoom };
    for (const strip of this.strips) linkFiles(strip, this.data.film, this.ends, options);
    this.refs.command.textContent = commandText(this.model, this.ends, { ...options, methods: this.methods });
  }

  // ---- what follows the hand --------------------------------------------------------------

  /** Draw both paths at t; `data-t` and `data-frames` tell of it. */
  show(t) {
    if (!this.ends) return;
    this.refs.middles.forEach((cell, i) => this.showMiddle(cell, i, t));
    for (const strip of this.strips) strip.setTime(t);
    this.map.setTime(t);
    this.refs.time.textContent = `t = ${shownNumber(t)}`;
    this.frames += 1;
    this.root.dataset.t = t;
    this.root.dataset.frames = this.frames;
  }

  showMiddle(cell, i, t) {
    const z = this.routes[i].at(t);
    if (this.net.remote) this.strips[i].copyFrame(t, cell.canvas);
    else drawPixels(cell.canvas.getContext("2d"), decode(this.net, z, classAt(this.ends, t)), this.net.shape);
    const measured = this.quantity ? ` · ${this.quantity.short(this.quantity.of(z))}` : "";
    cell.numbers.textContent = `|z| ${shownNumber(norm(z))}${measured}`;
  }

  /** Decode the strips between two frames, and measure along the paths. */
  work() {
    this.job = 0;
    const end = performance.now() + STRIP_SLICE_MS;
    const left = () => !this.net.remote && this.strips.some(({ stale }) => stale > 0);
    // in turn, or the last strip would stand still while the hand moves an end
    while (left() && performance.now() < end) this.strips.forEach((strip) => strip.work(this.net, (t) => classAt(this.ends, t)));
    const done = !left();
    if (!this.measured) this.measure();
    this.drawStrips();
    this.root.dataset.strips = done ? "done" : "working";
    if (!done) this.job = requestAnimationFrame(() => this.work());
  }

  measure() {
    this.measured = true;
    if (!this.quantity) return;
    const values = this.strips.flatMap((strip) => strip.measure(this.quantity));
    const { typical } = this.quantity;
    if (typical) values.push(typical.mean - typical.spread, typical.mean + typical.spread);
    // beyond a grid nothing is known: the curve ends there
    const known = values.filter(Number.isFinite);
    this.scale = [Math.min(...known), Math.max(...known)];
    for (const strip of this.strips) strip.unit.textContent = this.quantity.scaleWords(...this.scale);
  }

  drawStrips() {
    if (!this.ends) return;
    for (const strip of this.strips) {
      strip.draw();
      if (this.quantity && this.scale) strip.drawCurve(this.quantity, this.scale, this.styles[strip.name]);
    }
  }

  describe() {
    if (!this.ends) return;
    const { t } = this.player;
    rememberWalk(this.walk());
    const query = queryOf(location.search, this.model, this.ends, this.walk());
    this.entries.keep(query, this.model, this.data.preferred);
    describeWalk(this.refs, this.ends, this.routes, t);
  }

  walk() {
    return { steps: this.steps, overshoot: this.overshoot, t: this.player.t };
  }

  share() {
    const query = queryOf(location.search, this.model, this.ends, this.walk(), true);
    copyLink(this.root, this.refs.share, query);
  }

  // ---- a decoder that is too large for the browser ----------------------------------------

  serverFilm(data) {
    return new ServerFilm(data.film, (name, picture) => this.arrive(name, picture), (error) =>
      this.say(`The server did not draw the path: ${error.message}.`, () => this.setPaths(true)));
  }

  arrive(name, picture) {
    if (name === "ends") {
      ["a", "b"].forEach((side, i) => copyImage(picture, i, this.refs[side].canvas, this.net.shape));
    } else this.strips.find((strip) => strip.name === name).adopt(picture, STRIP_GAP);
    this.drawStrips();
    this.show(this.player.t);
  }
}
