// Generate: walls of pictures that the decoder makes of many z at once, in four views.
//
// All is decoded here, in the browser, many images at a time; the server gives the decoder, the
// encoded images and what it knows of the training images.

import { messageOf } from "../parts/fetched.js";
import { copyLink } from "../parts/copy.js";
import { find } from "../parts/dom.js";
import { createHelp, hearKeys } from "../parts/help.js";
import { createModelEntries } from "../parts/model_entries.js";
import { mounted } from "../parts/mounted.js";
import { watchSize } from "../parts/size_watch.js";
import { readTheme } from "../parts/theme.js";
import { ByClass } from "./classes.js";
import { Card } from "./card.js";
import { Draws } from "./draws.js";
import { buildLayout, HELP } from "./layout.js";
import { Manifold } from "./manifold.js";
import { openModel, versionOf } from "./open.js";
import { Reader } from "./reader.js";
import { GenerateRate } from "./rate.js";
import { priorSource } from "../core/source.js";
import { Traversals } from "./traversals.js";
import { isView, LARGEST_SEED, readState, writeState } from "./state.js";

/** @import { Flow } from "../core/prior_flow.js" */
/** @import { Network, Points } from "../core/header.js" */
/** @import { Rates } from "../core/rates.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { GenerateProps } from "./props.js" */
/** @import { State, ViewName } from "./state.js" */

/** A model that is open: its decoder, for one image and for many, and a prior that is a flow. */
/** @typedef {{net: Network, many: Many, model: string, flow: Flow | null}} Opened */

/**
 * One of the page's views: `main` is its picture and `side` what moves it. `open` hears of a model
 * and returns why the view has no meaning for it, or null; `draw` shows what the state says.
 * @typedef {object} View
 * @property {HTMLElement} main
 * @property {HTMLElement} side
 * @property {(opened: Opened) => string | null} open
 * @property {() => void} draw
 * @property {() => void} resized
 * @property {() => void} stop
 * @property {(points: Points | null) => void} [setPoints]
 * @property {() => void} [decodeAnew] draw where only the decoder has changed
 * @property {() => void} [again] other draws, by the key r
 */

export default mounted((parent, data) => new Generate(parent, data));

export class Generate {
  tell = () => {};
  /** The version of the model that is shown or on its way. @type {string | null} */
  opening = null;
  /** @type {Opened | null} */
  opened = null;
  /** @type {Points | null} */
  points = null;
  frames = 0;

  /** @param {HTMLElement} parent @param {GenerateProps} data */
  constructor(parent, data) {
    this.root = find(parent, ".pad-host");
    this.root.dataset.testid = "generate";
    this.data = data;
    this.refs = buildLayout(this.root, (view) => this.#choose(view));
    this.entries = createModelEntries();
    /** @type {State} */
    this.state = readState(location.search, data.model);
    this.search = location.search;
    this.card = new Card(this);
    this.rate = new GenerateRate(this);
    const draws = new Draws(this);
    this.reader = new Reader(() => {
      draws.named();
      this.card.named();
    }, () => {
      draws.named();
      this.card.named();
      if (this.state.view === "draws") draws.draw();
    });
    /** @type {Record<ViewName, View>} */
    this.views = { draws, manifold: new Manifold(this), traversals: new Traversals(this), classes: new ByClass(this) };
    /** Why a view has no meaning for the model. @type {Partial<Record<ViewName, string | null>>} */
    this.without = {};
    for (const { main, side } of Object.values(this.views)) {
      this.refs.main.append(main);
      this.refs.side.append(side);
    }
    this.stopListening = this.#listen();
    this.observer = watchSize(this.refs.main, () => this.view.resized());
  }

  get view() {
    return this.views[this.state.view];
  }

  /** What the names of its files begin with. */
  get named() {
    const { beta } = this.rate;
    return `${this.opened?.model}${beta === 1 ? "" : ` beta ${Number(beta.toPrecision(4))}`}`;
  }

  #listen() {
    const help = createHelp(HELP);
    this.root.append(help);
    const showHelp = () => (help.open ? help.close() : help.showModal());
    this.refs.help.onclick = showHelp;
    this.refs.share.onclick = () => {
      copyLink(this.root, this.refs.share, writeState(location.search, this.data.model, this.state, true));
    };
    const keys = new Map([["r", () => this.view.again?.()], ["?", showHelp]]);
    return hearKeys((key) => (this.opened ? keys.get(key) : undefined));
  }

  stop() {
    this.opening = null;
    this.stopListening();
    this.observer.disconnect();
    this.entries.stop();
    this.reader.stop();
    this.rate.stop();
    for (const view of Object.values(this.views)) view.stop();
  }

  /** @type {(data: GenerateProps) => void} */
  update(data) {
    this.data = data;
    this.root.classList.toggle("pad-dark", readTheme(this.root).dark);
    if (this.opening !== versionOf(data)) openModel(this, data);
    else this.view.resized();
  }

  /** @type {(sentence: string | null, again?: (() => void) | null) => void} */
  say(sentence, again = null) {
    const { notice, noticeWords, again: button } = this.refs;
    notice.hidden = sentence === null;
    noticeWords.textContent = sentence ?? "";
    button.hidden = !again;
    button.onclick = again;
  }

  // ---- a model ----------------------------------------------------------------------------

  /** @type {(opened: Opened) => void} */
  start(opened) {
    this.card.close();
    this.reader.forget();
    const { wrong, ...asked } = readState(this.search, opened.model);
    // an address belongs to the model that it opened; later ones keep view, seed and temperature
    if (this.search) this.state = asked;
    else this.state.more = {};
    this.search = "";
    [this.opened, this.points] = [opened, null];
    if (wrong) this.say(wrong);
    this.source = priorSource(opened.net.header, opened.flow);
    this.rate.setModel(opened);
    this.refs.title.textContent = this.data.title;
    this.root.dataset.model = opened.model;
    this.root.style.setProperty("--pad-aspect", `${opened.net.shape[2]} / ${opened.net.shape[1]}`);
    for (const [name, view] of Object.entries(this.views)) {
      if (isView(name)) this.without[name] = view.open(opened);
    }
    this.#showView();
  }

  /** @type {(found: Points | null, rates: Rates | null) => void} */
  setPoints(found, rates) {
    const points = this.rate.setPoints(found, rates);
    this.points = points;
    for (const view of Object.values(this.views)) view.setPoints?.(points);
    // at another β the dimensions say other things once the codes are there
    if (this.rate.beta !== 1) this.view.draw();
  }

  // ---- the views --------------------------------------------------------------------------

  /** @type {(view: ViewName) => void} */
  #choose(view) {
    this.view.stop();
    this.card.close();
    this.state = { ...this.state, view };
    this.#showView();
    this.rest();
  }

  #showView() {
    const { state, refs } = this;
    refs.views.set(state.view);
    const why = this.without[state.view] ?? null;
    refs.without.hidden = why === null;
    refs.without.textContent = why;
    refs.stage.hidden = why !== null;
    for (const [name, view] of Object.entries(this.views)) {
      view.main.hidden = view.side.hidden = name !== state.view;
    }
    this.root.dataset.view = state.view;
    if (why !== null) this.drawn(true);
    else if (this.opened) {
      this.view.resized();
      this.view.draw();
    }
  }

  /** Another seed: other draws. */
  reseed(seed = Math.floor(Math.random() * (LARGEST_SEED + 1))) {
    this.state = { ...this.state, seed };
    this.view.draw();
    this.rest();
  }

  /** A view has drawn; `done` where nothing is left to decode. @type {(done: boolean) => void} */
  drawn(done) {
    this.frames += 1;
    this.root.dataset.frames = String(this.frames);
    this.root.dataset.done = String(done);
    if (done) this.root.dataset.ready = "true";
  }

  /** The hand let go: write the address. */
  rest() {
    if (!this.opened) return;
    const { model } = this.opened;
    this.entries.keep(writeState(location.search, model, this.state), model, this.data.preferred);
  }

  /** @type {(error: unknown) => void} */
  fail(error) {
    this.say(`The model ${this.data.title} could not be loaded: ${messageOf(error)}.`, () => openModel(this, this.data));
  }
}
