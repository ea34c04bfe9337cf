// The curves of a run: train thin, validation strong, over the steps that the run will take.
//
// Axes are calm: across, the whole budget from the start; upwards, a range that leaves out the
// first fifth, where values are huge, and changes only when the curves leave it or shrink in it.

import { watchSize } from "../parts/size_watch.js";
import { openTrainCanvas, strokeTrain, traceTrain, trainNumber, trainTicks, writeTrain } from "./chart.js";
import { trainGlide } from "./motion.js";

const EDGE = { left: 50, right: 10, top: 14, bottom: 24 };
const EARLY = 0.2; // share of the steps so far that the range need not hold
const LOOSE = 0.5; // a range of which less than this is used is drawn in
const MEASURED = 0.02; // share of the time from which the speed so far tells how many steps fit
const MOVED = 0.25; // so much farther or nearer than predicted, the axis' end moves
const ROOM = 0.12; // air above and below what a new range must hold
const MOVE_MS = 450;

/**
 * What can be shown: its name, and the values of train and validation in a row, in nats unless it
 * has a unit and decimals of its own. One without a train value is a number of the model itself.
 */
export const TRAIN_CURVES = {
  elbo: { name: "−ELBO", of: (row) => [trainMinus(row[3]), trainMinus(row[6])] },
  reconstruction: { name: "−log p(x|z)", of: (row) => [trainMinus(row[4]), trainMinus(row[7])] },
  kl: { name: "KL", of: (row) => [row[5], row[8]] },
  scale: { name: "σ of a pixel", unit: "in pixel values", decimals: 3, of: (row) => [null, row[9] ?? null] },
};

function trainMinus(value) {
  return value === null ? null : -value;
}

/** The least and greatest value of both curves after the first fifth, or null where none is. */
export function trainRange(rows, curve) {
  const last = rows.length ? rows[rows.length - 1][0] : 0;
  const counted = rows.length > 4 ? rows.filter((row) => row[0] >= EARLY * last) : rows;
  const values = counted.flatMap((row) => curve.of(row)).filter((value) => value !== null);
  if (!values.length) return null;
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** The range to show, given the one shown now (or null) and what has to be seen. */
export function calmTrainRange(now, [low, high]) {
  const used = high - low;
  if (now && low >= now[0] && high <= now[1] && used >= LOOSE * (now[1] - now[0])) return now;
  const span = Math.max(used, 0.02 * Math.abs(high), 1e-3);
  const room = ROOM * span;
  // a value that cannot be negative needs no room below zero
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/**
 * The end of the steps' axis. Where the time decides how many steps there will be it is where the
 * speed so far leads to; it moves only when the curve comes to it, or would end far before it.
 */
export function trainEnd(now, steps, last, share = 0) {
  if (steps) return Math.max(steps, last, 1);
  const end = share > MEASURED ? last / share : 1.5 * last;
  return last > now || (share > MEASURED && Math.abs(end - now) > MOVED * end) ? Math.ceil(end) : now;
}

export class TrainCurvesChart {
  constructor(canvas, say) {
    this.canvas = canvas;
    this.say = say;
    this.theme = null;
    this.clear();
    this.observer = watchSize(canvas, () => this.draw());
    canvas.onpointermove = (event) => this.point(event.offsetX);
    canvas.onpointerleave = () => this.point(null);
  }

  clear() {
    this.stopMoving?.();
    this.stopMoving = () => {};
    this.rows = [];
    this.which = "elbo";
    this.shown = null; // {low, high, end} as drawn, on its way to `wanted`
    this.wanted = null;
    this.marker = null;
    this.hover = null;
    this.end = 100;
  }

  stop() {
    this.stopMoving();
    this.observer.disconnect();
  }

  setRows(rows, steps, share) {
    this.rows = rows;
    this.end = trainEnd(this.end, steps, rows.length ? rows[rows.length - 1][0] : 0, share);
    this.move(this.shown ? MOVE_MS : 0);
  }

  setCurve(which) {
    this.which = which;
    this.wanted = null;
    this.move(this.shown ? MOVE_MS : 0);
  }

  /** Mark the step that the map shows, null for none. */
  setMarker(step) {
    this.marker = step;
    this.draw();
  }

  curve() {
    return TRAIN_CURVES[this.which];
  }

  move(milliseconds) {
    const range = trainRange(this.rows, this.curve());
    const before = this.wanted;
    const upright = range ? calmTrainRange(before?.range ?? null, range) : null;
    this.wanted = { range: upright, end: this.end };
    if (!upright || (before && before.range === upright && before.end === this.end)) {
      this.draw();
      return;
    }
    this.stopMoving();
    const from = this.shown ?? { low: upright[0], high: upright[1], end: this.end };
    const to = { low: upright[0], high: upright[1], end: this.end };
    this.stopMoving = trainGlide(milliseconds, (share) => {
      const mix = (key) => from[key] + share * (to[key] - from[key]);
      this.shown = { low: mix("low"), high: mix("high"), end: mix("end") };
      this.draw();
    });
  }

  point(x) {
    this.hover = x;
    this.draw();
    const row = this.hovered();
    this.say(row ?? this.rows[this.rows.length - 1] ?? null, Boolean(row));
  }

  hovered() {
    if (this.hover === null || !this.places || !this.rows.length) return null;
    const step = this.places.stepAt(this.hover);
    const gap = (row) => Math.abs(row[0] - step);
    return this.rows.reduce((best, row) => (gap(row) < gap(best) ? row : best));
  }

  draw() {
    const opened = this.theme && openTrainCanvas(this.canvas);
    if (!opened) return;
    const { context, width, height } = opened;
    const { low, high, end } = this.shown ?? { low: 0, high: 1, end: this.end };
    const [right, bottom] = [width - EDGE.right, height - EDGE.bottom];
    const across = (step) => EDGE.left + ((right - EDGE.left) * step) / end;
    const upward = (value) => bottom - ((bottom - EDGE.top) * (value - low)) / (high - low);
    this.places = { stepAt: (x) => ((x - EDGE.left) / (right - EDGE.left)) * end };
    const frame = { context, right, bottom, across, upward, low, high, end };
    this.axes(frame);
    if (this.shown) this.lines(frame);
  }

  axes({ context, right, bottom, across, upward, low, high, end }) {
    const { theme } = this;
    strokeTrain(context, theme.text, 1, 0.3, [[EDGE.left, bottom, right, bottom]]);
    const count = Math.max(2, Math.floor((right - EDGE.left) / 80));
    for (const step of trainTicks(0, end, count)) {
      const x = across(step);
      if (x > right - 40) continue; // where the axis has its name
      strokeTrain(context, theme.text, 1, 0.4, [[x, bottom, x, bottom + 4]]);
      const align = step === 0 ? "left" : "center";
      writeTrain(context, theme, trainNumber(step, 0), x, bottom + 13, { align, strength: 0.6 });
    }
    writeTrain(context, theme, "step", right, bottom + 13, { align: "right", strength: 0.6 });
    if (!this.shown) return;
    const ticks = trainTicks(low, high, Math.max(2, Math.floor((bottom - EDGE.top) / 32)));
    const most = Math.max(Math.abs(low), Math.abs(high));
    const digits = ticks.length > 1 ? Math.max(0, -Math.floor(Math.log10((ticks[1] - ticks[0]) * 1.001))) : 1;
    for (const value of ticks) {
      const y = upward(value);
      strokeTrain(context, theme.text, 1, 0.1, [[EDGE.left, y, right, y]]);
      const words = most >= 1e5 ? `${trainNumber(value / 1000, digits || 1)}k` : trainNumber(value, digits);
      writeTrain(context, theme, words, EDGE.left - 6, y, { align: "right", strength: 0.6 });
    }
  }

  lines(frame) {
    const { context, right, bottom, across, upward } = frame;
    const { theme, rows } = this;
    const curve = this.curve();
    const thinned = trainThinned(rows, 2 * Math.ceil(right - EDGE.left));
    context.save();
    context.beginPath();
    context.rect(EDGE.left, 4, right - EDGE.left + 6, bottom - 2);
    context.clip();
    const places = (which) =>
      thinned.map((row) => {
        const value = curve.of(row)[which];
        return [across(row[0]), value === null ? NaN : upward(value)];
      });
    traceTrain(context, theme.text, 1.25, 0.6, places(0));
    traceTrain(context, theme.accent, 2.25, 1, places(1));
    context.restore();
    this.mark(frame);
    this.labels(frame);
    this.above(frame);
  }

  mark({ context, bottom, across, upward }) {
    const row = this.hovered();
    const step = row ? row[0] : this.marker;
    if (step === null) return;
    const x = across(step);
    strokeTrain(context, this.theme.text, 1, 0.45, [[x, EDGE.top - 8, x, bottom]]);
    if (!row) return;
    this.curve().of(row).forEach((value, which) => {
      if (value === null) return;
      context.fillStyle = which ? this.theme.accent : this.theme.text;
      context.beginPath();
      context.arc(x, upward(value), 3, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** Name both lines at their ends, the upper one above, the lower one below if there is room. */
  labels({ context, right, bottom, across, upward }) {
    const row = this.rows[this.rows.length - 1];
    if (!row) return;
    const [train, held] = this.curve().of(row);
    if (train === null || held === null) return;
    const named = [
      ["train", upward(train), this.theme.text, 0.75],
      ["validation", upward(held), this.theme.accent, 1],
    ].sort((one, other) => one[1] - other[1]);
    const above = Math.max(EDGE.top + 10, Math.min(named[0][1] - 12, bottom - 22));
    const under = named[1][1] + 13;
    const heights = under <= bottom - 7 ? [above, under] : [above - 13, above];
    named.forEach(([name, , colour, strength], which) => {
      const wide = context.measureText(name).width;
      const left = Math.min(Math.max(EDGE.left + 4, across(row[0]) - wide + 4), right - wide);
      writeTrain(context, this.theme, name, left, heights[which], { colour, strength });
    });
  }

  /** Say what the range leaves out above: the first values of a run are many times the last. */
  above({ context, across, high }) {
    const rows = this.rows.filter((row) => this.curve().of(row).some((value) => value > high));
    if (!rows.length) return;
    const most = Math.max(...rows.flatMap((row) => this.curve().of(row)));
    const next = this.rows[rows.length] ?? rows[rows.length - 1];
    const x = Math.min(across(next[0]) + 8, this.canvas.clientWidth - 120);
    writeTrain(context, this.theme, `↑ up to ${trainNumber(most)}`, x, EDGE.top - 4, { strength: 0.6 });
  }
}

/** At most about `most` of the rows, evenly spread, the last one always among them. */
export function trainThinned(rows, most) {
  const stride = Math.ceil(rows.length / Math.max(1, most));
  return stride <= 1 ? rows : rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
}
