// One image under the microscope: p(z|x) as a field on the plane, q over it, and what both say of
// log p(x). The hand takes q by its centre or by its rim.

import { levelsOfClass } from "../core/class_prior.js";
import { decode, drawPixels } from "../core/decoder.js";
import { dimensionOrder, planeAlong } from "../core/latent.js";
import { contextOf, setOptions } from "../parts/dom.js";
import { createPlane } from "../plane/plane.js";
import { watchSize } from "../parts/size_watch.js";
import { balanceOf } from "./balance.js";
import { showBars } from "./bars.js";
import { sketchEllipse } from "./ellipse.js";
import { fieldOf, sketchField } from "./field.js";
import { lookerOf, whyNoJoint } from "./joint.js";
import { Hand } from "./hand.js";
import { sketchCurves } from "./line.js";
import { ClassSum } from "./over_classes.js";
import { angleOf, knobOf, normalOf } from "./shape.js";
import { microscopeParts } from "./stand.js";
import { evidenceName, sliceWords, wordsOf } from "./words.js";

/** @import { Decoder, Network } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Context, Frame } from "../plane/sketch.js" */
/** @import { Field } from "./field.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { Looker, Pair } from "./joint.js" */
/** @import { Normal } from "./lattice.js" */
/** @import { Specimen } from "./specimens.js" */

const AROUND = 9; // σ of the wider axis across the view
const REST_MS = 120; // without a move, before finer values are computed

export class Microscope {
  /** @type {Network | null} */
  net = null;
  /** @type {Looker | null} */
  #looker = null;
  /** @type {Network | null} */
  #encoder = null;
  #over = new ClassSum();
  /** @type {Specimen | null} */
  specimen = null;
  /** @type {Pair} */
  #pair = [0, 1];
  /** @type {Normal | null} */
  q = null;
  /** What draws above q, for an exhibit that shows more. @type {((context: Context, frame: Frame) => void) | null} */
  above = null;
  /** @type {ReturnType<typeof balanceOf> | null} */
  #balance = null;
  /** @type {Field | null} */
  #field = null;
  /** @type {Theme | null} */
  #theme = null;
  #frame = 0;
  #timer = 0;
  #span = 5;

  /** @param {{settled(): void, drawn(terms: {log: number | null, elbo: number | null, kl: number | null}, frames: number): void}} act */
  constructor(act) {
    this.act = act;
    this.refs = microscopeParts();
    this.root = this.refs.root;
    this.refs.slice.before(this.#over.root);
    this.plane = createPlane(this.refs.plane);
    this.plane.setLayers({ points: false, rings: true, backdrop: false });
    this.plane.setOverlay((context, frame) => this.#sketch(context, frame));
    this.frames = 0;
    this.hand = new Hand(this.refs.plane, this.plane, {
      q: () => this.q,
      turns: () => this.#turns(),
      take: (q) => this.#take(q),
      release: () => this.#go(),
    });
    this.#listen();
    this.observer = watchSize(this.refs.plane, () => this.#resized());
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#over.rest();
    clearTimeout(this.#timer);
    this.observer.disconnect();
  }

  /** @type {(theme: Theme) => void} */
  setTheme(theme) {
    this.#theme = theme;
    this.plane.setTheme({ ...theme, mono: getComputedStyle(this.root).getPropertyValue("--st-code-font") || undefined });
    this.#redrawField();
    this.plane.draw();
  }

  /** Look through another model; `many` is null where its decoder is too large. @type {(net: Decoder, many: Many | null, encoder: Network) => void} */
  setModel(net, many, encoder) {
    this.net = net.remote ? null : net;
    this.#encoder = encoder;
    this.#over.clear();
    this.#looker = net.remote || !many ? null : lookerOf(net, many);
    [this.specimen, this.q, this.#balance, this.#field] = [null, null, null, null];
    const order = dimensionOrder(net.header);
    this.#pair = net.zDim > 2 ? order.slice(0, 2) : order.length > 1 ? [0, 1] : [0];
    const why = whyNoJoint(net.header, Boolean(net.remote));
    this.refs.why.textContent = why;
    this.refs.why.hidden = !why;
    this.refs.stage.hidden = Boolean(why);
    const names = order.map((i) => [String(i), `z${i + 1}`]);
    for (const one of [this.refs.across, this.refs.up]) setOptions(one, names);
    this.refs.planeLine.hidden = net.zDim <= 2;
    this.plane.setPrior(net.header.latent.rings);
    this.plane.setLayers({ rings: net.zDim > 1 });
  }

  /** Whether all that is known of the image stands there. */
  get settled() {
    if (!this.works) return true;
    return this.#balance !== null && !this.#balance.busy;
  }

  /** Whether this model has a p(z|x) that can be drawn. */
  get works() {
    return this.refs.why.hidden;
  }

  /** Put an image under the microscope. @type {(specimen: Specimen) => void} */
  show(specimen) {
    this.specimen = specimen;
    const { refs, net } = this;
    if (!net || !this.works) return;
    drawPixels(contextOf(refs.image), specimen.pixels, net.shape);
    refs.imageWords.textContent = specimen.words;
    refs.image.setAttribute("aria-label", specimen.words);
    this.#open(true);
  }

  /** @type {(fresh: boolean) => void} */
  #open(fresh) {
    const { net, specimen } = this;
    const looker = this.#looker;
    if (!net || !specimen || !looker) return;
    const pair = this.#pair;
    [this.refs.across.value, this.refs.up.value] = pair.map(String);
    const q = normalOf(specimen.posterior, net.header, pair);
    this.refs.slice.textContent = sliceWords(net, pair);
    this.refs.bars.rows.log.term.textContent = evidenceName(net, pair);
    if (!q) {
      this.refs.slice.textContent = "How the dimensions of this posterior depend on each other is not known here.";
      return;
    }
    const { u, v, labels } = planeAlong(net.zDim, pair[0], pair[1] ?? pair[0]);
    this.plane.setAxes(u, net.zDim > 1 ? v : new Float64Array(1), labels);
    if (net.header.latent.by_class) this.plane.setPrior(levelsOfClass(net.header, { u, v }, specimen.label, false));
    this.q = q;
    this.#field = null;
    const subject = { pixels: specimen.pixels, z: specimen.posterior.loc, label: specimen.label };
    this.#balance = balanceOf(looker, subject, pair, q);
    this.#redrawField();
    if (fresh) this.#lookAt(q);
    if (this.#encoder) this.#over.begin(looker, this.#encoder, specimen.pixels, pair);
    this.#show();
    this.#go();
  }

  /** @type {(q: Normal) => void} */
  #lookAt(q) {
    const extent = this.#field?.extent;
    const wide = extent ? Math.max(extent[1] - extent[0], extent[3] - extent[2]) : 0;
    const span = Math.max(AROUND * Math.max(...q.sd), 1.6 * wide);
    const [cx, cy] = extent && q.sd.length > 1
      ? [(q.a + (extent[0] + extent[1]) / 2) / 2, (q.b + (extent[2] + extent[3]) / 2) / 2] : [q.a, q.b];
    this.plane.setView({ cx, cy, span: Math.min(span, 12) });
  }

  // ---- work between frames ----------------------------------------------------------------

  #go() {
    cancelAnimationFrame(this.#frame);
    this.#over.rest();
    const balance = this.#balance;
    const slice = () => {
      if (!balance || balance !== this.#balance) return;
      const [found, before] = [balance.evidence, balance.terms];
      balance.work();
      if (found !== balance.evidence) {
        this.#redrawField();
        if (this.q && !this.hand.holds) this.#lookAt(this.q);
      }
      if (balance.terms !== before || found !== balance.evidence) this.#show();
      if (balance.busy) this.#frame = requestAnimationFrame(slice);
      else {
        this.act.settled();
        this.#over.go();
      }
    };
    this.#frame = requestAnimationFrame(slice);
  }

  #redrawField() {
    const evidence = this.#balance?.evidence;
    if (!evidence || !this.#balance || !this.#theme || this.#balance.lattice.flat) return;
    this.#field = fieldOf(this.#balance.lattice, evidence, this.#theme.text);
  }

  /** Draw all that follows q. */
  #show() {
    const { net, specimen } = this;
    const balance = this.#balance;
    const q = this.q;
    if (!net || !specimen || !balance || !q) return;
    this.#span = showBars(this.refs.bars, balance.terms, this.#span);
    const z = Float64Array.from(specimen.posterior.loc);
    const [i, j] = this.#pair;
    z[i] = q.a;
    if (j !== undefined) z[j] = q.b;
    drawPixels(contextOf(this.refs.decoded), decode(net, z, specimen.label ?? net.label), net.shape);
    this.refs.qWords.textContent = wordsOf(q, this.#pair);
    this.plane.draw();
    const spot = this.plane.toScreen(q.a, q.b).map(Math.round);
    const knob = q.sd.length > 1 ? this.plane.toScreen(...knobOf(q)).map(Math.round) : [];
    Object.assign(this.refs.plane.dataset, { q: [q.a, q.b, ...q.sd].join(","), angle: String(angleOf(q)), at: spot.join(","), knob: knob.join(",") });
    this.frames += 1;
    this.act.drawn(balance.terms, this.frames);
  }

  // ---- what is asked for -------------------------------------------------------------------

  /** Take another q; while the hand moves on, only its few values are computed. @type {(q: Normal) => void} */
  #take(q) {
    this.q = q;
    this.#balance?.move(q);
    this.#show();
    this.#over.rest();
    clearTimeout(this.#timer);
    if (!this.#balance?.evidence) return;
    cancelAnimationFrame(this.#frame);
    this.#timer = setTimeout(() => this.#go(), REST_MS);
  }

  reset() {
    const { net, specimen } = this;
    const q = net && specimen ? normalOf(specimen.posterior, net.header, this.#pair) : null;
    if (!q) return;
    this.#take(q);
    this.#lookAt(q);
    this.plane.draw();
  }

  #listen() {
    const { refs } = this;
    refs.reset.onclick = () => this.reset();
    refs.across.onchange = refs.up.onchange = () => {
      const [i, j] = [Number(refs.across.value), Number(refs.up.value)];
      // one dimension cannot be both: the other takes the place that was left
      this.#pair = i === j ? [this.#pair[1], this.#pair[0]] : [i, j];
      this.#open(true);
    };
  }

  // an ellipse of this model may lie askew only where its posteriors do
  #turns() {
    return Boolean(this.specimen?.posterior.tril) && !this.net?.header.factorises;
  }

  #resized() {
    this.plane.resize();
    this.plane.draw();
  }

  /** @type {(context: Context, frame: Frame) => void} */
  #sketch(context, frame) {
    const balance = this.#balance;
    const q = this.q;
    if (!balance || !q) return;
    if (balance.lattice.flat) {
      if (balance.evidence) sketchCurves(context, frame, balance.lattice, balance.evidence, q);
      return;
    }
    if (this.#field) sketchField(context, frame, balance.lattice, this.#field);
    this.above?.(context, frame);
    sketchEllipse(context, frame, q);
  }
}
