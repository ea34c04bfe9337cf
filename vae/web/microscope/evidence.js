// log ∫ exp(joint) over a plane by the trapezium rule: log p(x), where joint is log p(x, z).
//
// A coarse look over all of the prior shows where mass may lie; a lattice is then refined there,
// level by level, until the sum stays. For a smooth function that falls off on all sides the rule's
// error falls faster than any power of the step (Trefethen and Weideman 2014).

import { BATCH } from "../batch/many.js";
import { FINEST } from "./lattice.js";

/** @import { Lattice } from "./lattice.js" */
/** @import { Spot } from "../plane/sketch.js" */

/** A place of a lattice, and the value there. @typedef {[i: number, j: number, value: number]} Node */

/**
 * @typedef {object} Evidence
 * @property {number} log nats
 * @property {number} level at which the sum stayed
 * @property {number} change of the sum by the last level, nats
 * @property {Node[]} nodes of that level, as far as they hold mass
 * @property {number} highest value of any node
 */

/** What a coarse look over all of the prior found. @typedef {{spot: Spot, value: number}} Seen */
/** @typedef {{seen: Seen[], step: number}} Look places at a step from each other */

const DEPTH = 11; // nats below the highest place at which no mass is left: 2e-5 of a normal
const STEADY = 4e-3; // nats: the next level changes a tenth of it
const LEAST_LEVEL = 1; // half a σ of the frame: where the sum of a normal is exact to 1e-30
const CENTRE = 3; // steps about the frame's middle that are always looked at
const MOST_NODES = 40_000;

/**
 * Compute the evidence; yields after each batch, so that its caller decides when it goes on.
 * @type {(lattice: Lattice, look: Look) => Generator<void, Evidence>}
 */
export function* evidenceOf(lattice, look) {
  let level = firstLevel(lattice, look.step);
  let names = firstNames(lattice, level, look);
  let before = NaN;
  for (;;) {
    const nodes = yield* valuesAt(lattice, level, names);
    const { log, highest, kept, next } = summed(lattice, level, nodes);
    const change = Math.abs(log - before);
    const steady = level >= LEAST_LEVEL && change < STEADY;
    if (steady || level === FINEST - 1 || next.size > MOST_NODES) {
      return { log, level, change, nodes: kept, highest };
    }
    [names, before] = [next, log];
    level += 1;
  }
}

/** The level whose steps are about as wide as the look's. @type {(lattice: Lattice, step: number) => number} */
function firstLevel({ frame: { sd } }, step) {
  return Math.min(LEAST_LEVEL, Math.ceil(Math.log2(Math.max(...sd) / step)));
}

/**
 * Places of a level around all that the look leaves possible, and around the frame's middle.
 * @type {(lattice: Lattice, level: number, look: Look) => Set<string>}
 */
function firstNames(lattice, level, { seen, step }) {
  /** @type {Set<string>} */
  const names = new Set();
  const rows = lattice.flat ? 0 : CENTRE;
  addBox(names, [-CENTRE, CENTRE], [-rows, rows]);
  for (const { spot: [a, b] } of possible(seen, step)) {
    const corners = [[-1, -1], [-1, 1], [1, -1], [1, 1]].map(([x, y]) =>
      lattice.units(a + x * step, b + y * step).map((unit) => unit * 2 ** level));
    /** @type {(k: number) => [number, number]} */
    const span = (k) => [
      Math.floor(Math.min(...corners.map((corner) => corner[k]))),
      Math.ceil(Math.max(...corners.map((corner) => corner[k]))),
    ];
    addBox(names, span(0), lattice.flat ? [0, 0] : span(1));
  }
  return names;
}

/** @type {(names: Set<string>, is: [number, number], js: [number, number]) => void} */
function addBox(names, [i0, i1], [j0, j1]) {
  for (let i = i0; i <= i1; i++) for (let j = j0; j <= j1; j++) names.add(`${i},${j}`);
}

/**
 * The places that may lie beside the highest one: a place may rise, before the next one seen, by
 * as much as it differs from its neighbours.
 * @type {(seen: Seen[], step: number) => Seen[]}
 */
function possible(seen, step) {
  const highest = seen.reduce((most, { value }) => Math.max(most, value), -Infinity);
  return seen.filter((one) => {
    // further down no slope can make up for it: the search for neighbours takes time
    if (one.value < highest - 40 * DEPTH) return false;
    const near = seen.filter(({ spot }) =>
      Math.abs(spot[0] - one.spot[0]) < 1.5 * step && Math.abs(spot[1] - one.spot[1]) < 1.5 * step);
    const slope = near.reduce((most, { value }) => Math.max(most, Math.abs(value - one.value)), 0);
    return one.value + slope / 2 > highest - DEPTH;
  });
}

/** @type {(lattice: Lattice, level: number, names: Set<string>) => Generator<void, Node[]>} */
function* valuesAt(lattice, level, names) {
  const places = Array.from(names, (name) => /** @type {[number, number]} */ (name.split(",").map(Number)));
  const missing = places.filter(([i, j]) => !lattice.has(level, i, j));
  for (let first = 0; first < missing.length; first += BATCH) {
    lattice.ask(level, missing.slice(first, first + BATCH));
    yield;
  }
  return places.map(([i, j]) => [i, j, lattice.at(level, i, j)]);
}

/**
 * The sum over a level's places, those that hold mass, and the next level's around them.
 * @type {(lattice: Lattice, level: number, nodes: Node[]) =>
 *   {log: number, highest: number, kept: Node[], next: Set<string>}}
 */
function summed(lattice, level, nodes) {
  const highest = nodes.reduce((most, [, , value]) => Math.max(most, value), -Infinity);
  let sum = 0;
  for (const [, , value] of nodes) sum += Math.exp(value - highest);
  const kept = nodes.filter(([, , value]) => value > highest - DEPTH);
  /** @type {Set<string>} */
  const next = new Set();
  for (const [i, j] of rising(nodes, highest)) {
    addBox(next, [2 * i - 1, 2 * i + 1], lattice.flat ? [0, 0] : [2 * j - 1, 2 * j + 1]);
  }
  return { log: highest + Math.log(sum) + lattice.logCell(level), highest, kept, next };
}

/** Places that hold mass, or whose neighbourhood may. @type {(nodes: Node[], highest: number) => Node[]} */
function rising(nodes, highest) {
  const values = new Map(nodes.map(([i, j, value]) => [`${i},${j}`, value]));
  return nodes.filter(([i, j, value]) => {
    if (value > highest - DEPTH) return true;
    const beside = [[i - 1, j], [i + 1, j], [i, j - 1], [i, j + 1]];
    const slopes = beside.map(([x, y]) => (values.get(`${x},${y}`) ?? value) - value);
    return value + Math.max(...slopes) / 2 > highest - DEPTH;
  });
}
