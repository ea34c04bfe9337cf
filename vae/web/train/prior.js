// A learned prior on the map of a run: its contours go over from one snapshot to the next.

import { gridLevels, readGrid } from "../core/density.js";

/** @import { PriorLevels } from "../core/density.js" */
/** @import { Grid } from "../core/header.js" */

/** A prior's log density over the map, and how many draws it is of. @typedef {Grid & {draws: number}} TrainPrior */

const DEEPEST = -50; // nats below the peak, as vae/latent/prior_field.py keeps them

/** The lines of a prior; null for none. @type {(prior: TrainPrior | null) => PriorLevels | null} */
export function trainPriorLevels(prior) {
  return prior && gridLevels(prior, prior.draws);
}

/**
 * What lies between two priors, by how much of the way is gone. Their logarithms are mixed evenly,
 * under which a normal becomes another one by moving; without a prior on both sides there is only
 * the one to come.
 * @type {(from: TrainPrior | null, to: TrainPrior | null) => (share: number) => TrainPrior | null}
 */
export function trainPriorBetween(from, to) {
  if (!from || !to || from.size.length !== to.size.length) return () => to;
  const low = to.low.map((value, i) => Math.min(value, from.low[i]));
  const high = to.high.map((value, i) => Math.max(value, from.high[i]));
  const [before, after] = [from, to].map((one) => readOver(one, low, high, to.size));
  return (share) => {
    if (share === 1) return to;
    const mixed = before.map((value, i) => value + share * (after[i] - value));
    return { ...to, low, high, log_density: mixed };
  };
}

/** @type {(grid: Grid, low: number[], high: number[], size: number[]) => Float32Array} */
function readOver(grid, low, high, [columns, rows = 1]) {
  /** @type {(i: number, k: number, count: number) => number} */
  const place = (i, k, count) => low[i] + (k * (high[i] - low[i])) / (count - 1);
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const z = [place(0, at % columns, columns)];
    if (rows > 1) z.push(place(1, Math.floor(at / columns), rows));
    const found = readGrid(grid, z);
    return Number.isNaN(found) ? DEEPEST : found;
  });
}
