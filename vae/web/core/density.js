// The density of a model's prior: at a place, and over a plane with the lines that hold a share of
// it, as in `vae/latent/shown_prior.py`.
//
// What a header's `latent` says of the prior decides: `mixture`, normals without covariances, is
// known everywhere; `grid` is a log density at even steps over all of z; else `draws` stand for it.

import { contour, extentOfEnds, extentOfLines, levelsHolding, lineEnds, SHARES } from "./contours.js";
import { logPrior } from "./paths.js";

/** @import { Field, Segment } from "./contours.js" */
/** @import { Axes, Grid, Latent, NetworkHeader, Numbers } from "./header.js" */

/** The normal of a class on a plane. @typedef {{label: number} & Record<"a" | "b" | "aa" | "ab" | "bb", number>} ClassNormal */
/** A normal on a plane: its means, variances and covariance. @typedef {Record<"share" | "a" | "b" | "aa" | "ab" | "bb", number>} PlaneNormal */

/**
 * Lines around shares of a prior's mass: segments on a plane, places on a line. `others` are the
 * priors of other classes than the one whose lines these are.
 * @typedef {{extent: number[], about: string, others?: ClassNormal[]} & (
 *   {line: false, levels: {share: number, lines: Segment[]}[]} |
 *   {line: true, levels: {share: number, lines: number[]}[]})} PriorLevels
 */

const CELLS = 128; // along each side of a plane
const LINE_CELLS = 512;
const REACH = 4; // standard deviations of a normal that its plane shows

/**
 * A function of z: log p(z) in nats, NaN beyond a grid; null where the density is not known.
 * @type {(latent: Latent) => ((z: Numbers) => number) | null}
 */
export function logDensity({ mixture, grid }) {
  if (mixture) return (z) => logPrior(mixture, z);
  return grid ? (z) => readGrid(grid, z) : null;
}

/**
 * Read a log density between the places at which it is kept: linear along each dimension, NaN
 * beyond.
 * @type {(grid: Grid, z: Numbers) => number}
 */
export function readGrid({ low, high, size, log_density: kept }, z) {
  const at = size.map((count, i) => ((z[i] - low[i]) / (high[i] - low[i])) * (count - 1));
  if (!at.every((place, i) => place >= 0 && place <= size[i] - 1)) return NaN;
  const from = at.map((place, i) => Math.min(Math.floor(place), size[i] - 2));
  const [x, y] = at.map((place, i) => place - from[i]);
  /** @type {(r: number) => number} */
  const row = (r) => {
    const first = r * size[0] + from[0];
    return (1 - x) * kept[first] + x * kept[first + 1];
  };
  return size.length === 1 ? row(0) : (1 - y) * row(from[1]) + y * row(from[1] + 1);
}

/**
 * How a model's prior is shown on the plane of u and v: {levels: [{share, lines}], extent, about}.
 * `lines` are the ends of segments [[a0, b0, a1, b1], …] around what holds that share of it, or,
 * on a line, the places [a, …] at its ends; `extent` is [a0, a1, b0, b1] around them. Null where
 * there is nothing of the kind: for a standard normal, whose levels are rings, and for none.
 * @type {(header: NetworkHeader, axes: Axes) => PriorLevels | null}
 */
export function priorLevels({ latent, has_density: hasDensity }, { u, v }) {
  if (!hasDensity || latent.rings || !(latent.mixture || latent.draws)) return null;
  const known = latent.mixture || (latent.grid && u.length <= 2);
  const about = known ? "of the prior" : `of ${latent.draws?.length} draws from the prior`;
  if (Array.from(v).every((share) => share === 0)) {
    const levels = levelsOf(lineField(latent), SHARES[1], lineEnds);
    return { levels, line: true, extent: extentOfEnds(levels), about };
  }
  const levels = levelsOf(planeField(latent, u, v), SHARES[2], contour);
  return { levels, line: false, extent: extentOfLines(levels), about };
}

/**
 * The lines around each share of a field, as `cut` finds them at a level.
 * @type {<L>(field: Field, shares: number[], cut: (field: Field, level: number) => L) =>
 *   {share: number, lines: L}[]}
 */
function levelsOf(field, shares, cut) {
  const heights = levelsHolding(field.density, shares);
  return heights.map((level, i) => ({ share: shares[i], lines: cut(field, level) }));
}

/**
 * How a log density that is kept over a plane, or along a line, is shown there: as `priorLevels`,
 * along its own axes. `draws` is how many draws it is the density of, 0 where it is the prior's own.
 * @type {(grid: Grid, draws: number) => PriorLevels}
 */
export function gridLevels(grid, draws) {
  const [x, y] = [0, 1].map((i) => (i < grid.size.length ? steps(grid.low[i], grid.high[i], grid.size[i]) : [0]));
  const heights = levelsHolding(grid.log_density.map(Math.exp), SHARES[grid.size.length === 1 ? 1 : 2]);
  // between two places the logarithm is nearer to a straight line than the density is
  const field = { x, y, density: grid.log_density };
  const about = draws ? `of ${draws.toLocaleString("en")} draws from the prior` : "of the prior";
  /** @type {<L>(shares: number[], cut: (field: Field, level: number) => L) => {share: number, lines: L}[]} */
  const cutAt = (shares, cut) => shares.map((share, i) => ({ share, lines: cut(field, Math.log(heights[i])) }));
  if (grid.size.length === 1) {
    const levels = cutAt(SHARES[1], lineEnds);
    return { levels, line: true, extent: extentOfEnds(levels), about };
  }
  const levels = cutAt(SHARES[2], contour);
  return { levels, line: false, extent: extentOfLines(levels), about };
}

/**
 * Lowest and highest place of dimension i at which a prior has mass; null for none.
 * @type {(latent: Latent, i: number) => [number, number] | null}
 */
export function priorSpan({ mixture, draws }, i) {
  if (mixture) {
    const ends = mixture.loc.flatMap((loc, k) => [-3, 3].map((times) => loc[i] + times * mixture.scale[k][i]));
    return [Math.min(...ends), Math.max(...ends)];
  }
  const values = draws?.map((z) => z[i]);
  return values ? [Math.min(...values), Math.max(...values)] : null;
}

// ---- fields: {x, y, density}, y slower ----------------------------------------------------

/** @type {(latent: Latent) => Field} */
function lineField(latent) {
  const known = logDensity(latent);
  const [low, high] = latent.grid
    ? [latent.grid.low[0], latent.grid.high[0]]
    : spanOf(normalsOn(latent, [1], [0]).map(({ a, aa }) => [a, aa]));
  const x = steps(low, high, LINE_CELLS);
  return { x, y: [0], density: x.map((a) => Math.exp(known?.([a]) ?? NaN)) };
}

/** @type {(latent: Latent, u: Numbers, v: Numbers) => Field} */
function planeField(latent, u, v) {
  // one grid holds z itself, so that it says all of any plane of two dimensions
  if (latent.grid && u.length === 2) return gridField(latent.grid, u, v);
  const normals = normalsOn(latent, u, v);
  const x = steps(...spanOf(normals.map(({ a, aa }) => [a, aa])), CELLS);
  const y = steps(...spanOf(normals.map(({ b, bb }) => [b, bb])), CELLS);
  const density = new Float64Array(CELLS * CELLS);
  // one that is narrower than a cell is drawn a cell wide, or it would fall between the places
  const [least, lowest] = [(x[1] - x[0]) ** 2, (y[1] - y[0]) ** 2];
  for (const normal of normals) {
    const [aa, bb] = [Math.max(normal.aa, least), Math.max(normal.bb, lowest)];
    addNormal(density, x, y, { ...normal, aa, bb });
  }
  return { x, y, density };
}

/** @type {(grid: Grid, u: Numbers, v: Numbers) => Field} */
function gridField(grid, u, v) {
  const corners = [0, 1, 2, 3].map((k) => [k & 1 ? grid.high[0] : grid.low[0], k & 2 ? grid.high[1] : grid.low[1]]);
  /** @type {(w: Numbers) => number[]} */
  const along = (w) => corners.map((z) => z[0] * w[0] + z[1] * w[1]);
  /** @type {(w: Numbers) => Float64Array} */
  const side = (w) => steps(Math.min(...along(w)), Math.max(...along(w)), CELLS);
  const [x, y] = [side(u), side(v)];
  const density = new Float64Array(CELLS * CELLS);
  y.forEach((b, row) => x.forEach((a, column) => {
    const found = readGrid(grid, [a * u[0] + b * v[0], a * u[1] + b * v[1]]);
    density[row * CELLS + column] = Number.isNaN(found) ? 0 : Math.exp(found);
  }));
  return { x, y, density };
}

/**
 * A prior's normals on a plane, {share, a, b, aa, ab, bb}: means, variances and covariance.
 * @type {(latent: Pick<Latent, "mixture" | "draws">, u: Numbers, v: Numbers) => PlaneNormal[]}
 */
export function normalsOn({ mixture, draws }, u, v) {
  /** @type {(z: number[], w: Numbers) => number} */
  const dot = (z, w) => z.reduce((sum, value, i) => sum + value * w[i], 0);
  if (!mixture) {
    const places = (draws ?? []).map((z) => [dot(z, u), dot(z, v)]);
    const [aa, bb] = [0, 1].map((i) => kernelVariance(places.map((place) => place[i])));
    return places.map(([a, b]) => ({ share: 1 / places.length, a, b, aa, ab: 0, bb }));
  }
  return mixture.loc.map((loc, k) => {
    const squares = mixture.scale[k].map((scale) => scale * scale);
    /** @type {(w: Numbers, other: Numbers) => number} */
    const spread = (w, other) => squares.reduce((sum, square, i) => sum + square * w[i] * other[i], 0);
    return {
      share: mixture.weight[k],
      a: dot(loc, u),
      b: dot(loc, v),
      aa: spread(u, u),
      ab: spread(u, v),
      bb: spread(v, v),
    };
  });
}

// Silverman's rule for two dimensions (1986, eq. 4.14).
/** @type {(values: number[]) => number} */
function kernelVariance(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.max(variance * values.length ** (-1 / 3), 1e-12);
}

// Along a row of the grid a normal is a normal of x given y, so that one exponent a cell is enough,
// and only within its reach.
/** @type {(density: Float64Array, x: Numbers, y: Numbers, normal: PlaneNormal) => void} */
function addNormal(density, x, y, { share, a, b, aa, ab, bb }) {
  const slope = ab / bb;
  const rest = Math.max(aa - slope * ab, 1e-12);
  const height = share / (2 * Math.PI * Math.sqrt(rest * bb));
  const [stepX, stepY] = [x[1] - x[0], y[1] - y[0]];
  const [reachX, reachY] = [6 * Math.sqrt(rest), 6 * Math.sqrt(bb)];
  const first = Math.max(0, Math.ceil((b - reachY - y[0]) / stepY));
  const last = Math.min(y.length - 1, Math.floor((b + reachY - y[0]) / stepY));
  for (let row = first; row <= last; row++) {
    const up = y[row] - b;
    const middle = a + slope * up;
    const level = height * Math.exp((-0.5 * up * up) / bb);
    const from = Math.max(0, Math.ceil((middle - reachX - x[0]) / stepX));
    const to = Math.min(x.length - 1, Math.floor((middle + reachX - x[0]) / stepX));
    for (let column = from; column <= to; column++) {
      const across = x[column] - middle;
      density[row * x.length + column] += level * Math.exp((-0.5 * across * across) / rest);
    }
  }
}

/** @type {(normals: [number, number][]) => [number, number]} */
function spanOf(normals) {
  let [low, high] = [Infinity, -Infinity];
  for (const [middle, variance] of normals) {
    const reach = REACH * Math.sqrt(variance);
    low = Math.min(low, middle - reach);
    high = Math.max(high, middle + reach);
  }
  return [low, high];
}

/** @type {(low: number, high: number, count: number) => Float64Array} */
function steps(low, high, count) {
  return Float64Array.from({ length: count }, (_, i) => low + (i * (high - low)) / (count - 1));
}
