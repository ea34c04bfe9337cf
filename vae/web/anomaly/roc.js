// The ROC curve with its interval, and the threshold's point on it; the hand moves the point too.

import { element } from "../parts/dom.js";
import { typeScale } from "../parts/type_scale.js";
import { mixed, sized } from "./graph.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { Share } from "./beta.js" */
/** @import { RocPoint } from "./scores.js" */

const ROOM = { left: 38, right: 8, top: 8, bottom: 34 };

export class Roc {
  /** @type {RocPoint[]} */
  points = [];
  /** @type {{alarms: Share, found: Share} | null} */
  point = null;
  /** @type {Theme | null} */
  theme = null;

  /** @param {(alarms: number) => void} moved where the hand is, a share of false alarms */
  constructor(moved) {
    this.canvas = element("canvas", { class: "an-roc", role: "img", "data-testid": "anomaly-roc" });
    const held = { pointer: -1 };
    /** @type {(event: PointerEvent) => void} */
    const to = (event) => {
      const room = this.#room(this.canvas.clientWidth, this.canvas.clientHeight);
      moved(Math.min(1, Math.max(0, (event.offsetX - room.left) / room.width)));
    };
    this.canvas.onpointerdown = (event) => {
      if (event.button !== 0) return;
      held.pointer = event.pointerId;
      this.canvas.setPointerCapture(event.pointerId);
      to(event);
    };
    this.canvas.onpointermove = (event) => {
      if (event.pointerId === held.pointer) to(event);
    };
    this.canvas.onpointerup = this.canvas.onpointercancel = () => (held.pointer = -1);
  }

  /** @type {(width: number, height: number) => {left: number, top: number, width: number, height: number}} */
  #room(width, height) {
    const scale = typeScale();
    const [left, bottom] = [ROOM.left * scale, ROOM.bottom * scale];
    return { left, top: ROOM.top, width: width - left - ROOM.right, height: height - ROOM.top - bottom };
  }

  draw() {
    const { theme, points, point } = this;
    if (!theme) return;
    const { paper, width, height } = sized(this.canvas);
    if (!width) return;
    const room = this.#room(width, height);
    /** @type {(alarms: number, found: number) => [number, number]} */
    const at = (alarms, found) => [room.left + alarms * room.width, room.top + (1 - found) * room.height];
    drawFrame(paper, theme, room);
    if (!points.length) return;
    paper.fillStyle = mixed(theme, theme.accent, 0.25);
    paper.beginPath();
    for (const { alarms, high } of points) paper.lineTo(...at(alarms, high));
    for (const { alarms, low } of points.toReversed()) paper.lineTo(...at(alarms, low));
    paper.fill();
    paper.strokeStyle = theme.accent;
    paper.lineWidth = 2;
    paper.beginPath();
    for (const { alarms, found } of points) paper.lineTo(...at(alarms, found));
    paper.stroke();
    if (point) drawPoint(paper, theme, at(point.alarms.value, point.found.value), [
      at(point.alarms.low, point.found.high), at(point.alarms.high, point.found.low)]);
  }
}

/** @type {(paper: CanvasRenderingContext2D, theme: Theme, room: {left: number, top: number, width: number, height: number}) => void} */
function drawFrame(paper, theme, { left, top, width, height }) {
  const scale = typeScale();
  paper.strokeStyle = theme.border;
  paper.lineWidth = 1;
  paper.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  paper.setLineDash([3, 4]);
  paper.beginPath();
  paper.moveTo(left, top + height);
  paper.lineTo(left + width, top);
  paper.stroke();
  paper.setLineDash([]);
  paper.fillStyle = mixed(theme, theme.text, 0.68);
  const font = getComputedStyle(paper.canvas).fontFamily;
  paper.font = `${11.5 * scale}px ${font}`;
  paper.textBaseline = "middle";
  paper.textAlign = "right";
  for (const share of [0, 0.5, 1]) paper.fillText(String(100 * share), left - 6, Math.min(top + height - 5, Math.max(top + 6, top + (1 - share) * height)));
  paper.textAlign = "left";
  paper.textBaseline = "top";
  for (const share of [0, 0.5, 1]) {
    const text = String(100 * share);
    paper.fillText(text, left + share * (width - paper.measureText(text).width), top + height + 4);
  }
  paper.fillText("% false alarms", left, top + height + 4 + 14 * scale);
  paper.save();
  paper.translate(2, top + height);
  paper.rotate(-Math.PI / 2);
  paper.fillText("% found", 0, 0);
  paper.restore();
}

/** @type {(paper: CanvasRenderingContext2D, theme: Theme, place: [number, number], corners: [number, number][]) => void} */
function drawPoint(paper, theme, [x, y], [[left, top], [right, bottom]]) {
  paper.strokeStyle = theme.text;
  paper.lineWidth = 1.5;
  paper.beginPath();
  paper.moveTo(x, top);
  paper.lineTo(x, bottom);
  paper.moveTo(left, y);
  paper.lineTo(right, y);
  paper.stroke();
  paper.beginPath();
  paper.arc(x, y, 5.5, 0, 2 * Math.PI);
  paper.fillStyle = theme.text;
  paper.fill();
  paper.strokeStyle = theme.background;
  paper.lineWidth = 2;
  paper.stroke();
}
