// The live view of a training run. It asks the server itself how the run goes, and keeps what it
// shows in place: curves grow, points glide, images change where they are.
//
// Python says which run; it hears from here only that the run's state is another than it believed.

import { shownNumber } from "../parts/dom.js";
import { mounted } from "../parts/mounted.js";
import { readTheme } from "../parts/theme.js";
import { watchSize } from "../parts/size_watch.js";
import { trainNumber } from "./chart.js";
import { TrainCurvesChart } from "./curves.js";
import { fetchTrainFrame } from "./frames.js";
import { buildTrainLayout, fillTrainLegend } from "./layout.js";
import { createTrainMap } from "./map.js";
import { drawTrainPairs, drawTrainSamples } from "./pictures.js";
import { isTrainActive, TrainPoll } from "./poll.js";
import { trainIsStill } from "./motion.js";
import { createTrainReplay } from "./replay.js";
import { calmTrainTop, drawTrainBars, drawTrainBeta } from "./strips.js";
import { trainStateWords } from "./words.js";

const SHIPPED_ROUNDS = 3; // times that a shipped run plays before it rests
export default mounted((parent) => new TrainView(parent.querySelector(".train-host")), {
  trigger: true,
});

class TrainView {
  tell;

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
    refs.switch.buttons.forEach((made, key) => {
      made.onclick = () => this.choose(key);
    });
    this.strips = watchSize(refs.bars, () => this.drawStrips());
    this.run = this.address = undefined;
  }

  stop() {
    this.poll?.stop();
    this.replay.pause();
    this.map.stop();
    this.curves.stop();
    this.strips.disconnect();
  }

  /** Take what Python says: another run, another state of this one, or only another theme. */
  update(data) {
    this.setTheme();
    this.data = data;
    if (data.address !== this.address) this.open(data);
    else if (isTrainActive(data.state) && !isTrainActive(this.state) && this.run) this.ask();
    if (data.state !== this.told) this.told = null;
  }

  setTheme() {
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    this.map.setTheme(this.theme);
    this.curves.theme = this.theme;
    this.curves.draw();
    this.drawStrips();
    if (this.facts) fillTrainLegend(this.refs.legend, this.facts.class_names, this.theme);
  }

  // ---- a run --------------------------------------------------------------------------------

  open(data) {
    this.run = data.run;
    this.address = data.address;
    // a run that ships with the project: it plays by itself, and Python has nothing to hear of it
    this.shipped = Boolean(data.replay);
    this.klAt = new Map();
    this.poll?.stop();
    this.rows = [];
    this.entries = [];
    this.kl = null;
    this.top = 0;
    this.facts = null;
    this.state = data.state ?? "";
    this.told = null;
    this.drawn = 0;
    this.wanted = null;
    this.loading = false;
    this.map.clear();
    this.curves.clear();
    this.curves.draw();
    this.replay.setEntries([]);
    this.trouble(null);
    const { refs, root } = this;
    for (const canvas of [refs.pairs, refs.samples]) canvas.width = canvas.width; // wipes it
    // the last run's words do not hold for what is wiped
    for (const canvas of [refs.pairs, refs.samples, refs.map, refs.curves, refs.bars]) {
      canvas?.setAttribute("aria-label", canvas.dataset.empty);
    }
    refs.title.textContent = data.replay ?? data.run ?? "";
    refs.state.textContent = "";
    refs.legend.replaceChildren();
    this.choose("elbo");
    this.read(null);
    const told = this.shipped ? { run: "", state: "replay" } : { run: data.run ?? "", state: this.state };
    Object.assign(root.dataset, { ...told, step: 0, snapshots: 0, points: 0 });
    this.wait(data.run ? "The first picture comes about a second after the first step." : data.words);
    this.drawStrips();
    if (data.run) this.ask();
  }

  ask() {
    this.poll?.stop();
    this.poll = new TrainPoll(this.data.address, {
      hear: (answer) => this.hear(answer),
      trouble: (words) => this.trouble(words),
      gone: () => this.vanished(),
    });
  }

  hear(answer) {
    if (answer.facts) this.learn(answer.facts);
    this.take(answer);
    this.state = answer.state;
    this.entries = answer.snapshots;
    this.root.dataset.points = this.rows.length;
    this.root.dataset.step = this.rows.length ? this.rows[this.rows.length - 1][0] : 0;
    if (this.shipped) {
      this.playShipped();
      return;
    }
    this.root.dataset.state = answer.state;
    this.refs.state.textContent = trainStateWords(answer);
    const over = !isTrainActive(answer.state);
    this.replay.setEntries(over ? this.entries : []);
    if (!this.replay.playing()) this.follow();
    if (over && !this.entries.length) this.wait("This run has no snapshot to show.");
    if (answer.state !== this.data.state) this.report(answer.state);
  }

  /** Play a shipped run from its start; where motion is unwanted its end stands still. */
  playShipped() {
    this.replay.setEntries(this.entries);
    if (trainIsStill()) this.follow();
    else this.replay.start(SHIPPED_ROUNDS);
  }

  take(answer) {
    if (answer.reset) {
      this.rows = [];
      this.klAt.clear();
    }
    answer.kl_rows?.forEach((kl, i) => kl && this.klAt.set(answer.rows[i][0], kl));
    for (const row of answer.rows) {
      // a resumed run goes on from its last save: what was reported beyond it is told again
      while (this.rows.length && this.rows[this.rows.length - 1][0] >= row[0]) this.rows.pop();
      this.rows.push(row);
    }
    if (!answer.rows.length && !answer.reset && this.steps === answer.steps) return;
    this.steps = answer.steps;
    const grows = this.shipped && !trainIsStill();
    this.curves.setRows(grows ? [] : this.rows, answer.steps, answer.share);
    this.showKl(answer.kl_per_dim);
    this.read(this.rows[this.rows.length - 1] ?? null);
    this.describe();
  }

  /** Show the KL of each dimension; null where it is not known, and what was shown stays. */
  showKl(kl) {
    if (kl) {
      this.kl = kl.map((value) => value ?? 0);
      this.top = calmTrainTop(this.top, this.kl);
    }
    this.drawStrips();
  }

  learn(facts) {
    const { refs } = this;
    this.facts = facts;
    fillTrainLegend(refs.legend, facts.class_names, this.theme);
    this.map.setRings(facts.rings);
    for (const key of ["elbo", "kl"]) refs.switch.buttons.get(key).disabled = !facts.has_density;
    if (!facts.has_density) this.choose("reconstruction");
    const scale = refs.switch.buttons.get("scale");
    scale.hidden = !facts.learns_scale;
    scale.title = facts.scale_by_position ? "root mean square over the positions of the image" : "";
    refs.beta.hidden = !facts.warms_up;
    refs.barsName.hidden = refs.barsNote.hidden = refs.bars.hidden = !facts.kl_per_dim;
    const images = facts.validation_images ? `${facts.validation_images.toLocaleString("en-US")} validation images` : "";
    refs.mapNote.textContent = images;
    refs.samplesNote.textContent = samplesNote(facts);
    const how = facts.has_density ? " (decoded from μ)" : "";
    refs.pairsNote.textContent = `Sixteen validation images, each over its reconstruction${how}`;
  }

  /** Tell Python once that the run is in another state than it believes. */
  report(state) {
    if (this.told === state) return;
    this.told = state;
    this.tell("changed", state);
  }

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

  /** Show the newest snapshot that can be read, if it is not shown yet; one after another. */
  async follow() {
    const { address } = this;
    if (this.loading) return;
    this.loading = true;
    for (const entry of this.entries.slice(-3).reverse()) {
      if (entry[1] === this.wanted || address !== this.address) break;
      try {
        const frame = await fetchTrainFrame(address, entry);
        if (address !== this.address) break;
        this.wanted = entry[1];
        this.show(frame, undefined);
        this.curves.setMarker(null);
        break;
      } catch {
        // thinned out or damaged: the one before it will do
      }
    }
    this.loading = false;
  }

  async showAgain(entry, milliseconds) {
    const { address } = this;
    try {
      const frame = await fetchTrainFrame(address, entry);
      // a shipped run and one of one's own may have the same name
      if (address !== this.address) return;
      this.show(frame, milliseconds);
      const row = this.rows.find(([step]) => step >= frame.step) ?? null;
      // a shipped run grows as it did; of one's own all is there, and the place is marked
      if (this.shipped) this.curves.setRows(this.rows.filter(([step]) => step <= frame.step), this.steps);
      else this.curves.setMarker(frame.step);
      this.showKl(this.klAt.get(row?.[0]));
      this.read(row, !this.shipped);
    } catch {
      if (address !== this.address) return;
      this.trouble(`The snapshot of step ${entry[0]} is gone; the others can still be played.`);
    }
  }

  show(frame, milliseconds) {
    const { refs } = this;
    this.wait(null);
    this.map.show(frame, milliseconds);
    drawTrainPairs(refs.pairs, frame);
    drawTrainSamples(refs.samples, frame);
    this.drawn += 1;
    this.root.dataset.snapshots = this.drawn;
    const at = `at step ${frame.step.toLocaleString("en-US")}`;
    refs.map.setAttribute("aria-label", `latent map ${at}: ${frame.points.count} validation images; arrow keys move, + and − zoom, 0 fits`);
    refs.pairs.setAttribute("aria-label", `validation images over their reconstructions ${at}`);
    refs.samples.setAttribute("aria-label", `samples of the prior ${at}`);
  }

  wait(words) {
    this.refs.waiting.hidden = !words;
    this.refs.waiting.textContent = words ?? "";
  }

  // ---- numbers ------------------------------------------------------------------------------

  choose(key) {
    this.refs.switch.set(key);
    this.curves.setCurve(key);
    this.read(this.rows?.[this.rows.length - 1] ?? null);
  }

  read(row, held = false) {
    const { readout } = this.refs;
    readout.textContent = row ? this.words(row, held) : " ";
  }

  words(row, held) {
    const { name, unit, decimals = 1, of } = this.curves.curve();
    const [train, validation] = of(row);
    const number = (value) =>
      value === null ? "undefined" : trainNumber(value, Math.abs(value) < 10_000 ? decimals : 0);
    const where = held ? `step ${trainNumber(row[0])} · ` : "";
    if (unit) return `${where}${name} ${number(validation)} ${unit}`;
    return `${where}train ${number(train)} · validation ${number(validation)} nats`;
  }

  describe() {
    const row = this.rows[this.rows.length - 1];
    if (!row) return;
    const step = `step ${row[0]}`;
    const words = `${this.curves.curve().name} at ${step}: ${this.words(row, false)}`;
    this.refs.curves.setAttribute("aria-label", words);
    this.refs.beta.setAttribute("aria-label", `β at ${step}: ${trainNumber(row[2] ?? 0, 2)}`);
    const bars = this.kl?.map((value, k) => `z${k + 1} ${shownNumber(value)}`).join(", ");
    if (bars) this.refs.bars.setAttribute("aria-label", `KL of each dimension at ${step}, nats: ${bars}`);
  }

  drawStrips() {
    if (!this.theme || !this.rows) return;
    if (!this.refs.bars.hidden) drawTrainBars(this.refs.bars, this.theme, this.kl ?? [], this.top || 1);
    if (!this.refs.beta.hidden) {
      drawTrainBeta(this.refs.beta, this.theme, this.rows, this.curves.end, this.facts?.beta);
    }
  }
}

/** Say where the sixteen draws come from. */
function samplesNote(facts) {
  if (facts.draws_itself) return "Draws of its own Gibbs chain, begun alike each time";
  return facts.has_density ? "Decoded from the same z each time" : "Decoded from normal draws of z";
}
