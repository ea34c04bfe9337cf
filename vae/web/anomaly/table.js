// All scores that have come as a file for a spreadsheet.

import { save } from "../parts/save.js";
import { csvOf } from "./csv.js";

/** @import { Anomaly } from "./anomaly.js" */

/** @type {(page: Anomaly) => void} */
export function saveTable(page) {
  const { images, data } = page;
  if (!images) return;
  const known = data.scores.filter((score) => page.scoresOf(score));
  const { about } = images;
  /** @type {(set: "normal" | "foreign", rows: number[], labels: number[], classes: string[]) => import("./csv.js").Line[]} */
  const lines = (set, rows, labels, classes) => rows.map((row, k) => ({
    set,
    row,
    label: classes[labels[k]] ?? "",
    scores: known.map((score) => {
      const value = page.scoresOf(score)?.[set][k] ?? NaN;
      return Number.isFinite(value) ? value : null;
    }),
  }));
  const table = csvOf(known.map(({ name }) => name), [
    ...lines("normal", about.rows, about.labels, data.classes),
    ...lines("foreign", about.foreignRows, about.foreignLabels, data.foreignClasses),
  ]);
  save(new Blob([table], { type: "text/csv" }), `${data.model}-against-${data.foreign}.csv`);
}
