// The curves of a run: train thin, validation strong, over the steps that the run will take.
//
// Axes are calm: across, the whole budget from the start; upwards, a range that leaves out the
// first fifth, where values are huge, and changes only when the curves leave it or shrink in it.

import { watchSize } from "../parts/size_watch.js";
import { placeLineNames } from "./line_names.js";
import { placeTrainMarks } from "./marks.js";
import { openTrainCanvas, strokeTrain, traceTrain, trainNumber, trainTicks, writeTrain } from "./chart.js";
import { trainGlide } from "./motion.js";
import { calmTrainRange, TRAIN_CURVES, trainEnd, trainRange, trainThinned } from "./ranges.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Context } from "./chart.js" */
/** @import { Curve, CurveName, Range } from "./ranges.js" */
/** @import { PlacedName } from "./line_names.js" */
/** @import { Mark } from "./marks.js" */
/** @import { Row } from "./reports.js" */

/** @typedef {{low: number, high: number, end: number}} Shown */

/**
 * Where the curves are drawn, and the ways from steps and values to pixels.
 * @typedef {object} Place
 * @property {Context} context
 * @property {Theme} theme
 * @property {number} right
 * @property {number} bottom
 * @property {(step: number) => number} across
 * @property {(value: number) => number} upward
 */

/** @typedef {Place & Shown} Frame */

const EDGE = { left: 50, right: 10, top: 14, bottom: 24 };
const MOVE_MS = 450;
const [TRAIN, VALIDATION] = ["train", "validation"];

export class TrainCurvesChart {
  /** @type {Theme | null} */
  theme = null;
  /** @type {Row[]} */
  rows = [];
  /** @type {CurveName} */
  which = "elbo";
  /** As drawn, on its way to `wanted`. @type {Shown | null} */
  shown = null;
  /** @type {{range: Range | null, end: number} | null} */
  wanted = null;
  /** What was changed on the way. @type {Mark[]} */
  marks = [];
  /** @type {number | null} */
  marker = null;
  /** @type {number | null} */
  hover = null;
  end = 100;
  /** From a pixel to a step. @type {((x: number) => number) | null} */
  stepAt = null;
  stopMoving = () => {};

  /** @param {HTMLCanvasElement} canvas @param {(row: Row | null, held: boolean) => void} say */
  constructor(canvas, say) {
    this.canvas = canvas;
    this.say = say;
    this.observer = watchSize(canvas, () => this.draw());
    canvas.onpointermove = (event) => this.point(event.offsetX);
    canvas.onpointerleave = () => this.point(null);
  }

  clear() {
    this.stopMoving();
    this.stopMoving = () => {};
    this.rows = [];
    this.marks = [];
    this.which = "elbo";
    this.shown = null;
    this.wanted = null;
    this.marker = null;
    this.hover = null;
    this.end = 100;
  }

  stop() {
    this.stopMoving();
    this.observer.disconnect();
  }

  /** @type {(rows: Row[], steps: number | null, share?: number) => void} */
  setRows(rows, steps, share) {
    this.rows = rows;
    this.end = trainEnd(this.end, steps, rows.length ? rows[rows.length - 1][0] : 0, share);
    this.move(this.shown ? MOVE_MS : 0);
  }

  /** @type {(which: CurveName) => void} */
  setCurve(which) {
    this.which = which;
    this.wanted = null;
    this.move(this.shown ? MOVE_MS : 0);
  }

  /** Mark the step that the map shows, null for none. @type {(step: number | null) => void} */
  setMarker(step) {
    this.marker = step;
    this.draw();
  }

  /** @type {(marks: Mark[]) => void} */
  setMarks(marks) {
    this.marks = marks;
    this.draw();
  }

  /** @type {() => Curve} */
  curve() {
    return TRAIN_CURVES[this.which];
  }

  /** @type {(milliseconds: number) => void} */
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
      /** @type {(key: "low" | "high" | "end") => number} */
      const mix = (key) => from[key] + share * (to[key] - from[key]);
      this.shown = { low: mix("low"), high: mix("high"), end: mix("end") };
      this.draw();
    });
  }

  /** @type {(x: number | null) => void} */
  point(x) {
    this.hover = x;
    this.draw();
    const row = this.hovered();
    this.say(row ?? this.rows[this.rows.length - 1] ?? null, Boolean(row));
  }

  /** @type {() => Row | null} */
  hovered() {
    if (this.hover === null || !this.stepAt || !this.rows.length) return null;
    const step = this.stepAt(this.hover);
    /** @type {(row: Row) => number} */
    const gap = (row) => Math.abs(row[0] - step);
    return this.rows.reduce((best, row) => (gap(row) < gap(best) ? row : best));
  }

  draw() {
    const { theme } = this;
    const opened = theme && openTrainCanvas(this.canvas);
    if (!opened) return;
    const { context, width, height } = opened;
    const { low, high, end } = this.shown ?? { low: 0, high: 1, end: this.end };
    const [right, bottom] = [width - EDGE.right, height - EDGE.bottom];
    /** @type {(step: number) => number} */
    const across = (step) => EDGE.left + ((right - EDGE.left) * step) / end;
    /** @type {(value: number) => number} */
    const upward = (value) => bottom - ((bottom - EDGE.top) * (value - low)) / (high - low);
    this.stepAt = (x) => ((x - EDGE.left) / (right - EDGE.left)) * end;
    const frame = { context, theme, right, bottom, across, upward, low, high, end };
    this.axes(frame);
    if (this.shown) this.lines(frame);
  }

  /** @type {(frame: Frame) => void} */
  axes({ context, theme, right, bottom, across, upward, low, high, end }) {
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
    const digits = ticks.length > 1 ? Math.max(0, -Math.floor(Math.log10((ticks[1] - ticks[0]) * 1.001))) : null;
    for (const value of ticks) {
      const y = upward(value);
      strokeTrain(context, theme.text, 1, 0.1, [[EDGE.left, y, right, y]]);
      const words = most >= 1e5 ? `${trainNumber(value / 1000, digits || 1)}k` : trainNumber(value, digits);
      writeTrain(context, theme, words, EDGE.left - 6, y, { align: "right", strength: 0.6 });
    }
  }

  /** @type {(frame: Frame) => void} */
  lines(frame) {
    const { context, theme, right, bottom, across, upward } = frame;
    const curve = this.curve();
    const thinned = trainThinned(this.rows, 2 * Math.ceil(right - EDGE.left));
    context.save();
    context.beginPath();
    context.rect(EDGE.left, 4, right - EDGE.left + 6, bottom - 2);
    context.clip();
    /** @type {(which: number) => number[][]} */
    const places = (which) =>
      thinned.map((row) => {
        const value = curve.of(row)[which];
        return [across(row[0]), value === null ? NaN : upward(value)];
      });
    this.changes(frame);
    traceTrain(context, theme.text, 1.25, 0.6, places(0));
    traceTrain(context, theme.accent, 2.25, 1, places(1));
    context.restore();
    const names = this.names(frame);
    this.changeLabels(frame, names);
    this.mark(frame);
    this.labels(frame, names);
    this.above(frame);
  }

  /** @type {(frame: Frame) => void} */
  changes({ context, theme, bottom, across }) {
    context.save();
    context.setLineDash([3, 3]);
    const lines = this.marks.map(([step]) => [across(step), EDGE.top - 8, across(step), bottom]);
    strokeTrain(context, theme.text, 1, 0.5, lines);
    context.restore();
  }

  /** @type {(frame: Frame, names: PlacedName[]) => void} */
  changeLabels({ context, theme, right, across }, names) {
    const wide = (/** @type {string} */ label) => context.measureText(label).width;
    const room = { right, top: EDGE.top + 12 };
    for (const { label, left, y } of placeTrainMarks(this.marks, across, wide, room, names)) {
      if (label) writeTrain(context, theme, label, left, y);
    }
  }

  /** @type {(frame: Frame) => void} */
  mark({ context, theme, bottom, across, upward }) {
    const row = this.hovered();
    const step = row ? row[0] : this.marker;
    if (step === null) return;
    const x = across(step);
    strokeTrain(context, theme.text, 1, 0.45, [[x, EDGE.top - 8, x, bottom]]);
    if (!row) return;
    this.curve().of(row).forEach((value, which) => {
      if (value === null) return;
      context.fillStyle = which ? theme.accent : theme.text;
      context.beginPath();
      context.arc(x, upward(value), 3, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** Find the places of the lines' names, at their ends. @type {(frame: Frame) => PlacedName[]} */
  names({ context, right, bottom, across, upward }) {
    const row = this.rows[this.rows.length - 1];
    const ends = row ? this.curve().of(row) : [];
    const lines = [TRAIN, VALIDATION].flatMap((text, which) => {
      const end = ends[which];
      return end === null || end === undefined
        ? []
        : [{ text, y: upward(end), wide: context.measureText(text).width }];
    });
    if (lines.length < 2) return [];
    return placeLineNames(lines, across(row[0]), { ...EDGE, right, bottom });
  }

  /** @type {(frame: Frame, names: PlacedName[]) => void} */
  labels({ context, theme }, names) {
    for (const { text, left, y } of names) {
      const look = text === TRAIN ? { colour: theme.text, strength: 0.75 } : { colour: theme.accent, strength: 1 };
      writeTrain(context, theme, text, left, y, look);
    }
  }

  /**
   * Say what the range leaves out above: the first values of a run are many times the last.
   * @type {(frame: Frame) => void}
   */
  above({ context, theme, across, high }) {
    const valuesOf = (/** @type {Row} */ row) => this.curve().of(row).map((value) => value ?? -Infinity);
    const rows = this.rows.filter((row) => valuesOf(row).some((value) => value > high));
    if (!rows.length) return;
    const most = Math.max(...rows.flatMap(valuesOf));
    const next = this.rows[rows.length] ?? rows[rows.length - 1];
    const x = Math.min(across(next[0]) + 8, this.canvas.clientWidth - 120);
    writeTrain(context, theme, `↑ up to ${trainNumber(most)}`, x, EDGE.top - 4, { strength: 0.6 });
  }
}
