// What the view says of where a run stands.

import { shownNumber } from "../parts/dom.js";
import { trainNumber } from "./chart.js";
import { trainMarkWords } from "./marks.js";

/** @import { TrainRefs } from "./layout.js" */
/** @import { Mark } from "./marks.js" */
/** @import { LiveAnswer } from "./poll.js" */
/** @import { Curve } from "./ranges.js" */
/** @import { Row, Value } from "./reports.js" */

/** Say in a few words where a run stands. @type {(answer: LiveAnswer) => string} */
export function trainStateWords({ state, phase, step, steps, position }) {
  const at = steps ? `step ${trainNumber(step)} of ${trainNumber(steps)}` : `step ${trainNumber(step)}`;
  if (state === "queued") return position > 1 ? `waiting, number ${position} in line` : "waiting, next in line";
  if (state !== "running") return step ? `${state}, ${at}` : state;
  if (phase?.startsWith("paused")) return `the disk is full, ${step ? at : "before the first step"}`;
  if (phase === "measuring") return "measuring on the test split";
  return step ? at : "starting";
}

/**
 * Say the numbers of a report that a curve shows; `held` where it is one that the hand points at.
 * @type {(curve: Curve, row: Row, held?: boolean) => string}
 */
export function trainReportWords({ name, unit, decimals = 1, of }, row, held = false) {
  const [train, validation] = of(row);
  /** @type {(value: Value) => string} */
  const number = (value) =>
    value === null ? "undefined" : trainNumber(value, Math.abs(value) < 10_000 ? decimals : 0);
  const where = held ? `step ${trainNumber(row[0])} · ` : "";
  if (unit) return `${where}${name} ${number(validation)} ${unit}`;
  return `${where}train ${number(train)} · validation ${number(validation)} nats`;
}

/**
 * Give the charts of a run their text for who does not see them.
 * @type {(refs: TrainRefs, row: Row, curves: {curve: () => Curve, marks: Mark[]}, kl: number[] | null) => void}
 */
export function describeTrain(refs, row, curves, kl) {
  const step = `step ${row[0]}`;
  const words = `${curves.curve().name} at ${step}: ${trainReportWords(curves.curve(), row)}`;
  const changed = trainMarkWords(curves.marks);
  refs.curves.setAttribute("aria-label", changed ? `${words}; changed: ${changed}` : words);
  refs.beta.setAttribute("aria-label", `β at ${step}: ${trainNumber(row[2] ?? 0, 2)}`);
  const bars = kl?.map((value, k) => `z${k + 1} ${shownNumber(value)}`).join(", ");
  if (bars) refs.bars.setAttribute("aria-label", `KL of each dimension at ${step}, nats: ${bars}`);
}
