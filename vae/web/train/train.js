// The live view of a training run. It asks the server itself how the run goes, and keeps what it
// shows in place: curves grow, points glide, images change where they are.
//
// Python says which run; it hears from here only that the run's state is another than it believed.

import { find } from "../parts/dom.js";
import { mounted } from "../parts/mounted.js";
import { readTheme } from "../parts/theme.js";
import { TrainCurvesChart } from "./curves.js";
import { CURVE_NAMES } from "./ranges.js";
import {
  buildTrainLayout,
  fillTrainLegend,
  nameTrainPictures,
  showTrainFacts,
  wipeTrainPictures,
} from "./layout.js";
import { createTrainMap } from "./map.js";
import { drawTrainPairs, drawTrainSamples } from "./pictures.js";
import { isTrainActive, TrainPoll } from "./poll.js";
import { trainIsStill } from "./motion.js";
import { createTrainReplay } from "./replay.js";
import { Reports } from "./reports.js";
import { Snapshots } from "./snapshots.js";
import { TrainStrips } from "./strip_state.js";
import { describeTrain, trainReportWords, trainStateWords } from "./words.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { CurveName } from "./ranges.js" */
/** @import { SnapshotEntry, TrainFrame } from "./frames.js" */
/** @import { Facts, Live } from "./poll.js" */
/** @import { Mark } from "./marks.js" */
/** @import { Row } from "./reports.js" */
/** @import { TrainProps } from "./props.js" */

const SHIPPED_ROUNDS = 3; // times that a shipped run plays before it rests
export default mounted((parent) => new TrainView(find(parent, ".train-host")), {
  trigger: true,
});

class TrainView {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {TrainProps | null} */
  data = null;
  /** @type {string | null} */
  address = null;
  /** @type {Theme | null} */
  theme = null;
  /** A run that ships plays by itself, and Python has nothing to hear of it. */
  shipped = false;
  /** @type {TrainPoll | null} */
  poll = null;
  reports = new Reports();
  snapshots = new Snapshots("");
  /** @type {Facts | null} */
  facts = null;
  state = "";
  /** The state that Python was told of last. @type {string | null} */
  told = null;
  drawn = 0;
  /** @type {number | null} */
  steps = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.root.dataset.testid = "train-view";
    this.refs = buildTrainLayout(root);
    const { refs } = this;
    this.curves = new TrainCurvesChart(refs.curves, (row, held) => this.read(row, held));
    this.map = createTrainMap(refs.map, () => refs.fit.classList.toggle("train-away", !this.map.followed));
    this.replay = createTrainReplay(refs.replay, (entry, time) => this.showAgain(entry, time));
    refs.zoomIn.onclick = () => this.map.zoom(1.5);
    refs.zoomOut.onclick = () => this.map.zoom(1 / 1.5);
    refs.fit.onclick = () => this.map.fit();
    for (const key of CURVE_NAMES) refs.switch.buttons[key].onclick = () => this.choose(key);
    this.strips = new TrainStrips(refs);
  }

  stop() {
    this.poll?.stop();
    this.replay.pause();
    this.map.stop();
    this.curves.stop();
    this.strips.stop();
  }

  /**
   * Take what Python says: another run, another state of this one, or only another theme.
   * @type {(data: TrainProps) => void}
   */
  update(data) {
    this.setTheme();
    this.data = data;
    if (data.address !== this.address) this.open(data);
    else if (isTrainActive(data.state) && !isTrainActive(this.state) && data.run) this.ask(data);
    if (data.state !== this.told) this.told = null;
  }

  setTheme() {
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    this.map.setTheme(this.theme);
    this.curves.theme = this.theme;
    this.curves.draw();
    this.strips.setTheme(this.theme);
    if (this.facts) fillTrainLegend(this.refs.legend, this.facts.class_names, this.theme);
  }

  // ---- a run --------------------------------------------------------------------------------

  /** @type {(data: TrainProps) => void} */
  open(data) {
    this.address = data.address;
    this.shipped = Boolean(data.replay);
    this.poll?.stop();
    this.reports = new Reports();
    this.snapshots = new Snapshots(data.address);
    this.facts = null;
    this.state = data.state ?? "";
    this.told = null;
    this.drawn = 0;
    this.map.clear();
    this.curves.clear();
    this.curves.draw();
    this.replay.setEntries([]);
    this.trouble(null);
    const { refs, root } = this;
    wipeTrainPictures(refs);
    refs.title.textContent = data.replay ?? data.run ?? "";
    refs.state.textContent = "";
    refs.legend.replaceChildren();
    this.choose("elbo");
    this.read(null);
    const told = this.shipped ? { run: "", state: "replay" } : { run: data.run ?? "", state: this.state };
    Object.assign(root.dataset, { ...told, step: 0, snapshots: 0, points: 0, marks: 0 });
    this.wait(data.run ? "The first picture comes about a second after the first step." : data.words);
    this.strips.clear();
    if (data.run) this.ask(data);
  }

  /** @type {(data: TrainProps) => void} */
  ask({ address }) {
    this.poll?.stop();
    this.poll = new TrainPoll(address, {
      hear: (answer) => this.hear(answer),
      trouble: (words) => this.trouble(words),
      gone: () => this.vanished(),
    });
  }

  /** @type {(answer: Live) => void} */
  hear(answer) {
    if (answer.facts) this.learn(answer.facts);
    this.take(answer);
    this.state = answer.state;
    const { snapshots } = this;
    snapshots.entries = answer.snapshots;
    this.setMarks(answer.marks ?? []);
    this.root.dataset.points = String(this.reports.rows.length);
    this.root.dataset.step = String(this.reports.last()?.[0] ?? 0);
    if (this.shipped) {
      this.playShipped();
      return;
    }
    this.root.dataset.state = answer.state;
    this.refs.state.textContent = trainStateWords(answer);
    const over = !isTrainActive(answer.state);
    this.replay.setEntries(over ? snapshots.entries : []);
    if (!this.replay.playing()) this.follow();
    if (over && !snapshots.entries.length) this.wait("This run has no snapshot to show.");
    if (answer.state !== this.data?.state) this.report(answer.state);
  }

  /** Show what was changed on the way. @type {(marks: Mark[]) => void} */
  setMarks(marks) {
    if (marks.length === this.curves.marks.length) return;
    this.root.dataset.marks = String(marks.length);
    this.curves.setMarks(marks);
    this.describe();
  }

  /** Play a shipped run from its start; where motion is unwanted its end stands still. */
  playShipped() {
    this.replay.setEntries(this.snapshots.entries);
    if (trainIsStill()) this.follow();
    else this.replay.start(SHIPPED_ROUNDS);
  }

  /** @type {(answer: Live) => void} */
  take(answer) {
    if (!this.reports.take(answer) && this.steps === answer.steps) return;
    this.steps = answer.steps;
    const grows = this.shipped && !trainIsStill();
    this.curves.setRows(grows ? [] : this.reports.rows, answer.steps, answer.share);
    this.strips.setRows(this.reports.rows, this.curves.end);
    this.strips.showKl(answer.kl_per_dim);
    this.read(this.reports.last());
    this.describe();
  }

  /** @type {(facts: Facts) => void} */
  learn(facts) {
    const { refs } = this;
    this.facts = facts;
    this.strips.beta = facts.beta;
    showTrainFacts(refs, facts);
    if (this.theme) fillTrainLegend(refs.legend, facts.class_names, this.theme);
    this.map.setRings(facts.rings);
    if (!facts.has_density) this.choose("reconstruction");
  }

  /**
   * Tell Python once that the run is in another state than it believes.
   * @type {(state: string) => void}
   */
  report(state) {
    if (this.told === state) return;
    this.told = state;
    this.tell("changed", state);
  }

  /** @type {(words: string | null) => void} */
  trouble(words) {
    this.refs.notice.hidden = words === null;
    this.refs.notice.textContent = words ?? "";
  }

  vanished() {
    this.trouble("The folder of this run is gone; this is the last picture of it.");
    this.root.dataset.state = this.state = "gone";
    // Python is not told: its answer would take the last picture away
    this.refs.state.textContent = "removed";
  }

  // ---- snapshots ----------------------------------------------------------------------------

  /** Show the newest snapshot that can be read, if it is not shown yet. */
  async follow() {
    const { snapshots } = this;
    const frame = await snapshots.newest();
    if (!frame || snapshots !== this.snapshots) return;
    this.show(frame, undefined);
    this.curves.setMarker(null);
  }

  /** @type {(entry: SnapshotEntry, milliseconds: number) => Promise<void>} */
  async showAgain(entry, milliseconds) {
    const { snapshots } = this;
    try {
      const frame = await snapshots.at(entry);
      // another run may have been opened meanwhile
      if (snapshots !== this.snapshots) return;
      this.show(frame, milliseconds);
      const row = this.reports.at(frame.step);
      // a shipped run grows as it did; of one's own all is there, and the place is marked
      if (this.shipped) this.curves.setRows(this.reports.until(frame.step), this.steps);
      else this.curves.setMarker(frame.step);
      this.strips.showKl(this.reports.klOf(row));
      this.read(row, !this.shipped);
    } catch {
      if (snapshots !== this.snapshots) return;
      this.trouble(`The snapshot of step ${entry[0]} is gone; the others can still be played.`);
    }
  }

  /** @type {(frame: TrainFrame, milliseconds: number | undefined) => void} */
  show(frame, milliseconds) {
    const { refs } = this;
    this.wait(null);
    this.map.show(frame, milliseconds);
    drawTrainPairs(refs.pairs, frame);
    drawTrainSamples(refs.samples, frame);
    nameTrainPictures(refs, frame, this.facts);
    this.drawn += 1;
    this.root.dataset.snapshots = String(this.drawn);
  }

  /** @type {(words: string | null | undefined) => void} */
  wait(words) {
    this.refs.waiting.hidden = !words;
    this.refs.waiting.textContent = words ?? "";
  }

  // ---- numbers ------------------------------------------------------------------------------

  /** @type {(key: CurveName) => void} */
  choose(key) {
    this.refs.switch.set(key);
    this.curves.setCurve(key);
    this.read(this.reports.last());
  }

  /** @type {(row: Row | null, held?: boolean) => void} */
  read(row, held = false) {
    const { readout } = this.refs;
    readout.textContent = row ? trainReportWords(this.curves.curve(), row, held) : " ";
  }

  describe() {
    const row = this.reports.last();
    if (row) describeTrain(this.refs, row, this.curves, this.strips.kl);
  }
}
