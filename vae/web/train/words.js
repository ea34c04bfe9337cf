// What the view says of where a run stands.

import { trainNumber } from "./chart.js";

/** Say in a few words where a run stands. */
export function trainStateWords({ state, phase, step, steps, position }) {
  const at = steps ? `step ${trainNumber(step)} of ${trainNumber(steps)}` : `step ${trainNumber(step)}`;
  if (state === "queued") return position > 1 ? `waiting, number ${position} in line` : "waiting, next in line";
  if (state !== "running") return step ? `${state}, ${at}` : state;
  if (phase === "measuring") return "measuring on the test split";
  return step ? at : "starting";
}
