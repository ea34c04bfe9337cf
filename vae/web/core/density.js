// The density of a model's prior: at a place, and over a plane with the lines that hold a share of
// it, as in `vae/latent/shown_prior.py`.
//
// What a header's `latent` says of the prior decides: `mixture`, normals without covariances, is
// known everywhere; `grid` is a log density at even steps over all of z; else `draws` stand for it.

import { logPrior } from "./paths.js";

const CELLS = 128; // along each side of a plane
const LINE_CELLS = 512;
const REACH = 4; // standard deviations of a normal that its plane shows
const TINY = 1e-300;
/** What lies within 1, 2 and 3 standard deviations of a normal of one and of two dimensions. */
const SHARES = { 1: [0.6827, 0.9545, 0.9973], 2: [0.3935, 0.8647, 0.9889] };

/** A function of z: log p(z) in nats, NaN beyond a grid; null where the density is not known. */
export function logDensity({ mixture, grid }) {
  if (mixture) return (z) => logPrior(mixture, z);
  return grid ? (z) => readGrid(grid, z) : null;
}

/** Read a log density between the places at which it is kept: linear along each dimension. */
function readGrid({ low, high, size, log_density: kept }, z) {
  const at = size.map((count, i) => ((z[i] - low[i]) / (high[i] - low[i])) * (count - 1));
  if (!at.every((place, i) => place >= 0 && place <= size[i] - 1)) return NaN;
  const from = at.map((place, i) => Math.min(Math.floor(place), size[i] - 2));
  const [x, y] = at.map((place, i) => place - from[i]);
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
 */
export function priorLevels({ latent, has_density: hasDensity }, { u, v }) {
  if (!hasDensity || latent.rings || !(latent.mixture || latent.draws)) return null;
  const line = v.every((share) => share === 0);
  const field = line ? lineField(latent) : planeField(latent, u, v);
  const heights = levelsHolding(field.density, SHARES[line ? 1 : 2]);
  const cut = line ? lineEnds : contour;
  const levels = heights.map((level, i) => ({ share: SHARES[line ? 1 : 2][i], lines: cut(field, level) }));
  const known = latent.mixture || (latent.grid && u.length <= 2);
  return {
    levels,
    line,
    extent: line ? extentOfEnds(levels) : extentOfLines(levels),
    about: known ? "of the prior" : `of ${latent.draws.length} draws from the prior`,
  };
}

/** Lowest and highest place of dimension i at which a prior has mass; null for none. */
export function priorSpan({ mixture, draws }, i) {
  if (mixture) {
    const ends = mixture.loc.flatMap((loc, k) => [-3, 3].map((times) => loc[i] + times * mixture.scale[k][i]));
    return [Math.min(...ends), Math.max(...ends)];
  }
  const values = draws?.map((z) => z[i]);
  return values ? [Math.min(...values), Math.max(...values)] : null;
}

// ---- fields: {x, y, density}, y slower ----------------------------------------------------

function lineField(latent) {
  const known = logDensity(latent);
  const [low, high] = latent.grid
    ? [latent.grid.low[0], latent.grid.high[0]]
    : spanOf(normalsOn(latent, [1], [0]).map(({ a, aa }) => [a, aa]));
  const x = steps(low, high, LINE_CELLS);
  return { x, y: [0], density: x.map((a) => Math.exp(known([a]))) };
}

function planeField(latent, u, v) {
  // one grid holds z itself, so that it says all of any plane of two dimensions
  if (latent.grid && u.length === 2) return gridField(latent, u, v);
  const normals = normalsOn(latent, u, v);
  const x = steps(...spanOf(normals.map(({ a, aa }) => [a, aa])), CELLS);
  const y = steps(...spanOf(normals.map(({ b, bb }) => [b, bb])), CELLS);
  const density = new Float64Array(CELLS * CELLS);
  // one that is narrower than a cell is drawn a cell wide, or it would fall between the places
  const [least, lowest] = [(x[1] - x[0]) ** 2, (y[1] - y[0]) ** 2];
  for (const normal of normals) {
    addNormal(density, x, y, { ...normal, aa: Math.max(normal.aa, least), bb: Math.max(normal.bb, lowest) });
  }
  return { x, y, density };
}

function gridField({ grid }, u, v) {
  const corners = [0, 1, 2, 3].map((k) => [k & 1 ? grid.high[0] : grid.low[0], k & 2 ? grid.high[1] : grid.low[1]]);
  const along = (w) => corners.map((z) => z[0] * w[0] + z[1] * w[1]);
  const side = (w) => steps(Math.min(...along(w)), Math.max(...along(w)), CELLS);
  const [x, y] = [side(u), side(v)];
  const density = new Float64Array(CELLS * CELLS);
  y.forEach((b, row) => x.forEach((a, column) => {
    const found = readGrid(grid, [a * u[0] + b * v[0], a * u[1] + b * v[1]]);
    density[row * CELLS + column] = Number.isNaN(found) ? 0 : Math.exp(found);
  }));
  return { x, y, density };
}

/** A prior's normals on a plane, {share, a, b, aa, ab, bb}: means, variances and covariance. */
function normalsOn({ mixture, draws }, u, v) {
  const dot = (z, w) => z.reduce((sum, value, i) => sum + value * w[i], 0);
  if (!mixture) {
    const places = draws.map((z) => [dot(z, u), dot(z, v)]);
    const [aa, bb] = [0, 1].map((i) => kernelVariance(places.map((place) => place[i])));
    return places.map(([a, b]) => ({ share: 1 / places.length, a, b, aa, ab: 0, bb }));
  }
  return mixture.loc.map((loc, k) => {
    const squares = mixture.scale[k].map((scale) => scale * scale);
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
function kernelVariance(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.max(variance * values.length ** (-1 / 3), 1e-12);
}

// Along a row of the grid a normal is a normal of x given y, so that one exponent a cell is enough,
// and only within its reach.
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

function spanOf(normals) {
  let [low, high] = [Infinity, -Infinity];
  for (const [middle, variance] of normals) {
    const reach = REACH * Math.sqrt(variance);
    low = Math.min(low, middle - reach);
    high = Math.max(high, middle + reach);
  }
  return [low, high];
}

function steps(low, high, count) {
  return Float64Array.from({ length: count }, (_, i) => low + (i * (high - low)) / (count - 1));
}

// ---- levels and lines ----------------------------------------------------------------------

/** Densities at which what lies above holds these shares of what lies on the grid. */
export function levelsHolding(density, shares) {
  const heights = Float64Array.from(density).sort().reverse();
  const whole = heights.reduce((sum, height) => sum + height, 0);
  let [held, at] = [0, -1];
  return shares.map((share) => {
    while (held < share * whole && at < heights.length - 1) {
      at += 1;
      held += heights[at];
    }
    // a hair below, so that no place of the grid is exactly at a level
    return Math.max((1 - 1e-9) * heights[Math.max(at, 0)], TINY);
  });
}

/** Lines along which a field is at a level: each cell's two triangles are crossed once or not. */
export function contour({ x, y, density }, level) {
  const lines = [];
  const width = x.length;
  const corner = (row, column) => [x[column], y[row], density[row * width + column] - level];
  for (let row = 0; row < y.length - 1; row++) {
    for (let column = 0; column < width - 1; column++) {
      const a = corner(row, column);
      const b = corner(row, column + 1);
      const c = corner(row + 1, column + 1);
      const d = corner(row + 1, column);
      crossTriangle(lines, a, b, c);
      crossTriangle(lines, a, c, d);
    }
  }
  return lines;
}

function crossTriangle(lines, ...corners) {
  const above = corners.map(([, , height]) => height > 0);
  const count = above.filter(Boolean).length;
  if (count === 0 || count === 3) return;
  // the corner that is alone on its side: both crossed edges leave from it
  const alone = above.indexOf(count === 1);
  const [one, ...others] = [0, 1, 2].map((turn) => corners[(alone + turn) % 3]);
  lines.push(others.flatMap((other) => {
    const share = one[2] / (one[2] - other[2]);
    return [one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])];
  }));
}

function lineEnds({ x, density }, level) {
  const ends = [];
  for (let k = 0; k < x.length - 1; k++) {
    const [here, next] = [density[k] - level, density[k + 1] - level];
    if (here > 0 !== next > 0) ends.push(x[k] + (here / (here - next)) * (x[k + 1] - x[k]));
  }
  return ends;
}

function extentOfLines(levels) {
  const extent = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [a0, b0, a1, b1] of levels.flatMap(({ lines }) => lines)) {
    extent[0] = Math.min(extent[0], a0, a1);
    extent[1] = Math.max(extent[1], a0, a1);
    extent[2] = Math.min(extent[2], b0, b1);
    extent[3] = Math.max(extent[3], b0, b1);
  }
  return extent;
}

function extentOfEnds(levels) {
  const ends = levels.flatMap(({ lines }) => lines);
  return [Math.min(...ends), Math.max(...ends), 0, 0];
}
