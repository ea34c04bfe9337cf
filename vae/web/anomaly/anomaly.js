// Anomaly: images from the most normal to the strangest, and the line beyond which they are strange.

import { setOptions, setPressed } from "../parts/dom.js";
import { fetchAnswer, messageOf } from "../parts/fetched.js";
import { fetchPayload } from "../parts/load.js";
import { createModelEntries } from "../parts/model_entries.js";
import { mounted } from "../parts/mounted.js";
import { queryWith } from "../parts/query.js";
import { showSentence } from "../parts/sentence.js";
import { watchSize } from "../parts/size_watch.js";
import { readTheme } from "../parts/theme.js";
import { Card } from "./card.js";
import { Exhibit } from "./exhibit.js";
import { openImage } from "./large.js";
import { buildAnomaly } from "./layout.js";
import { showScores } from "./list.js";
import { Own } from "./own.js";
import { paint } from "./paint.js";
import { natsAt, picturesAt } from "./pictures.js";
import { Roc } from "./roc.js";
import { rateOf, readScores, rocOf, thresholdAt, thresholdAtAlarms } from "./scores.js";
import { saveTable } from "./table.js";
import { showThreshold } from "./threshold.js";
import { blindOf, failureOf, unitOf } from "./words.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Fetched } from "./pictures.js" */
/** @import { About, AnomalyProps, ScoreProps } from "./props.js" */
/** @import { Scores } from "./scores.js" */

/** Images of one model and what is foreign to it. @typedef {{about: About, pictures: Fetched<Float32Array>, nats: Fetched<Float32Array>}} Images */

const RATE = 0.01; // of false alarms, where the address asks for none
const KEEP_MS = 400; // that the line rests before the address takes it

export default mounted((parent, data) => new Anomaly(parent, data));

export class Anomaly {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {Theme | null} */
  theme = null;
  /** @type {Images | null} */
  images = null;
  /** The scores that have come, by their addresses. @type {Map<string, Scores>} */
  come = new Map();
  /** @type {Scores | null} */
  scores = null;
  threshold = 0;
  /** The image that is large, by its place. @type {number | null} */
  large = null;
  #version = "";
  #shown = "";
  #told = "";
  #count = 0;
  #timer = 0;

  /** @param {HTMLElement} parent @param {AnomalyProps} data */
  constructor(parent, data) {
    const root = parent.querySelector(".pad-host");
    if (!(root instanceof HTMLElement)) throw new Error("the page has no place for this");
    this.root = root;
    this.data = data;
    Object.assign(root.dataset, { testid: "anomaly", ready: "false" });
    const asked = new URLSearchParams(location.search);
    // what the person wants to see; until that is there another one is shown
    this.chosen = asked.get("score") ?? "";
    this.showing = "";
    this.rate = rateIn(asked.get("alarm"));
    this.where = false;
    this.exhibit = new Exhibit({ moved: (threshold) => this.moveTo(threshold), pressed: (image) => openImage(this, image) });
    this.roc = new Roc((alarms) => this.scores && this.moveTo(thresholdAtAlarms(this.scores, alarms)));
    this.card = new Card(() => this.closed());
    this.own = new Own(this);
    this.refs = buildAnomaly(root, this.exhibit.root, this.roc.canvas, this.card.root, {
      rate: (rate) => this.setRate(rate),
      foreign: (name) => this.ask({ do: "foreign", foreign: name }),
      where: (on) => this.showWhere(on),
      upload: (file) => this.own.take(file),
      draw: () => this.own.draw(),
      table: () => saveTable(this),
      keep: () => this.ask({ do: "keep", score: this.showing }),
    });
    this.entries = createModelEntries();
    this.size = watchSize(this.exhibit.root, () => this.resized());
  }

  stop() {
    this.#version = "";
    this.size.disconnect();
    this.exhibit.stop();
    this.own.stop();
    this.entries.stop();
    clearTimeout(this.#timer);
  }

  /** @type {(data: AnomalyProps) => void} */
  update(data) {
    const before = this.data;
    this.data = data;
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    this.root.style.setProperty("--pad-aspect", `${data.shape[2]} / ${data.shape[1]}`);
    this.roc.theme = this.theme;
    this.exhibit.setTheme(this.theme);
    this.roc.draw();
    if (before.model !== data.model || before.foreign !== data.foreign) this.leave();
    this.showChoices();
    if (data.why) {
      this.refs.page.classList.add("an-nothing");
      this.refs.page.hidden = !data.foreigns.length;
      showSentence(this.refs, data.why);
      // it holds as long as the page does
      this.refs.notice.lastElementChild?.remove();
      this.settle();
      return;
    }
    if (before.why) showSentence(this.refs, null);
    this.refs.page.hidden = false;
    this.refs.page.classList.remove("an-nothing");
    this.refs.page.classList.toggle("an-waiting", this.scores === null);
    if (this.scores === null) this.refs.sentence.textContent = data.working;
    this.own.hear(data.own);
    this.load();
  }

  /** Forget what stood there of another model, or of other foreign images. */
  leave() {
    [this.images, this.scores, this.#version, this.#shown, this.showing] = [null, null, "", "", ""];
    this.come.clear();
    delete this.root.dataset.pictures;
    this.root.dataset.ready = "false";
    showSentence(this.refs, null);
    this.own.leave();
    this.card.hide();
  }

  showChoices() {
    const { data, refs } = this;
    setOptions(refs.foreign, data.foreigns.map(({ name, title }) => [name, title]));
    refs.foreign.value = data.foreign;
    refs.foreignNote.textContent = this.foreign?.note ?? "";
    refs.working.textContent = data.working;
    showScores(refs.scores, data.scores, this.showing, data.asks, {
      choose: (name) => this.choose(name),
      measure: (score) => this.ask({ do: "measure", score }),
      stop: (score) => this.ask({ do: "stop", score }),
    });
  }

  get foreign() {
    return this.data.foreigns.find(({ name }) => name === this.data.foreign) ?? null;
  }

  /** The score that is shown. @type {ScoreProps | null} */
  get score() {
    return this.data.scores.find(({ name }) => name === this.showing) ?? null;
  }

  /** Fetch what is there by now, and show it. */
  async load() {
    const { data } = this;
    const done = data.scores.filter(({ values }) => values);
    if (!done.length || !data.about || !data.pictures || !data.pixels) return this.settle();
    const version = `${data.about} ${done.map(({ values }) => values).join(" ")}`;
    if (version === this.#version) return this.draw();
    this.#version = version;
    try {
      if (this.images?.pictures.address !== data.pictures) this.images = null;
      const missing = done.flatMap(({ values }) => (values && !this.come.has(values) ? [values] : []));
      const [about, ...blocks] = await Promise.all([this.aboutOf(data), ...missing.map((address) => fetchPayload(address))]);
      if (this.#version !== version) return;
      this.images ??= { about, pictures: picturesAt(data.pictures, data.shape), nats: natsAt(data.pixels, data.shape) };
      missing.forEach((address, k) => this.come.set(address, readScores(blocks[k], about.held, about.rows.length)));
      this.draw();
    } catch (error) {
      if (this.#version !== version) return;
      this.#version = "";
      showSentence(this.refs, `The scores of ${data.title} did not come: ${messageOf(error)}.`, () => this.load());
    }
  }

  /** Rows and labels of the images, fetched once. @type {(data: AnomalyProps) => Promise<About>} */
  async aboutOf({ about }) {
    return this.images?.about ?? (await fetchAnswer(about ?? "")).json();
  }

  /** @type {(score: ScoreProps) => Scores | null} */
  scoresOf({ values }) {
    return (values && this.come.get(values)) || null;
  }

  /** @type {(name: string) => void} */
  choose(name) {
    this.chosen = name;
    this.draw();
    this.keep();
  }

  /** Show the chosen score, or the first one there is. */
  draw() {
    const there = this.data.scores.filter((score) => this.scoresOf(score));
    const score = there.find(({ name }) => name === this.chosen) ?? there[0];
    if (!score || !this.images) return this.settle();
    this.showing = score.name;
    this.showChoices();
    const { refs, data } = this;
    refs.page.classList.remove("an-waiting");
    if (this.#shown !== score.values) {
      this.#shown = score.values ?? "";
      this.scores = this.scoresOf(score);
      if (!this.scores) return;
      this.exhibit.setScores(this.scores, unitOf(score));
      this.roc.points = rocOf(this.scores);
      this.threshold = thresholdAt(this.scores, this.rate);
      paint(this);
    }
    refs.scoreSentence.textContent = score.source ? `${score.sentence} (${score.source})` : score.sentence;
    const failed = failureOf(score, data.scores, this.foreign?.of ?? "foreign images");
    const said = failed || blindOf(score, data.scores);
    refs.failure.hidden = !said;
    refs.failure.textContent = said;
    refs.failure.classList.toggle("an-aside-note", !failed);
    this.root.dataset.model = data.model;
    Object.assign(this.root.dataset, { score: score.name, foreign: data.foreign });
    showThreshold(this);
    this.own.mark();
    if (this.large !== null) openImage(this, this.large);
    this.settle();
  }

  /** @type {(on: boolean) => void} */
  showWhere(on) {
    this.where = on;
    setPressed(this.refs.where, on);
    paint(this);
  }

  // ---- the line ------------------------------------------------------------------------------

  /** @type {(rate: number) => void} */
  setRate(rate) {
    if (!this.scores) return;
    this.rate = rate;
    this.threshold = thresholdAt(this.scores, rate);
    showThreshold(this);
    this.keep();
  }

  /** @type {(threshold: number) => void} */
  moveTo(threshold) {
    if (!this.scores) return;
    this.threshold = threshold;
    this.rate = rateOf(this.scores, threshold).value;
    showThreshold(this);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), KEEP_MS);
  }

  resized() {
    if (!this.scores) return;
    const { columns } = this.exhibit;
    this.exhibit.place(columns);
    if (columns !== this.exhibit.columns) paint(this);
    this.exhibit.draw();
    this.roc.draw();
  }

  closed() {
    this.large = null;
    this.own.close();
  }

  // ---- what Python and the address hear ------------------------------------------------------

  /** @type {(asked: Record<string, unknown>) => number} */
  ask(asked) {
    this.#count += 1;
    this.tell("asked", { model: this.data.model, count: this.#count, ...asked });
    return this.#count;
  }

  /** The page is ready once a score stands with its numbers and pictures; it is done with all quick scores. */
  settle() {
    const { data, root } = this;
    const drawn = Boolean(data.why) || (this.scores !== null && root.dataset.pictures !== undefined);
    const known = Boolean(data.why) || Boolean(this.score?.auc);
    Object.assign(root.dataset, { ready: String(drawn && known), done: String(!data.working) });
    const told = `${data.model} ${data.foreign}`;
    if (!drawn || this.#told === told) return;
    this.#told = told;
    // Python then begins to score by all others
    this.tell("drawn", told);
    this.keep();
  }

  keep() {
    const { model, preferred, foreign, foreigns } = this.data;
    const first = foreigns[0]?.name ?? "";
    const alarm = Math.abs(this.rate - RATE) < 1e-9 ? null : String(Number(this.rate.toPrecision(4)));
    const query = { model, foreign: foreign === first ? null : foreign, score: this.chosen || null, alarm };
    this.entries.keep(queryWith(location.search, query), model, preferred);
  }
}

/** @type {(text: string | null) => number} */
function rateIn(text) {
  const rate = Number(text);
  return text && rate > 0 && rate < 1 ? rate : RATE;
}
