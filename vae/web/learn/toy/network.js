// The toy's layers, where their parameters lie, and what they are before the first step.

import { sizeOfShape } from "../../core/shapes.js";
import { seededUniform } from "../../core/seeded.js";
import { Z_DIM } from "./recipes.js";

/** @import { Recipe } from "./recipes.js" */

/**
 * A weight matrix among the parameters: rows are what comes out, columns what goes in.
 * @typedef {{name: string, side: "encoder" | "decoder", offset: number, rows: number, columns: number}} Matrix
 */

/** @typedef {{layers: {encoder: object[], decoder: object[]}, matrices: Matrix[], count: number}} Plan */

/** @type {(recipe: Recipe) => Plan} */
export function planOf({ shape, hidden }) {
  const [size, backwards] = [sizeOfShape(shape), [...hidden].toReversed()];
  /** @type {Plan} */
  const plan = { layers: { encoder: [], decoder: [] }, matrices: [], count: 0 };
  if (shape.length > 1) plan.layers.encoder.push({ op: "flatten" });
  addLayers(plan, "encoder", [size, ...hidden, 2 * Z_DIM]);
  addLayers(plan, "decoder", [Z_DIM, ...backwards, size]);
  return plan;
}

/** @type {(plan: Plan, side: Matrix["side"], widths: number[]) => void} */
function addLayers(plan, side, widths) {
  widths.slice(1).forEach((rows, i) => {
    const columns = widths[i];
    const weight = [plan.count, rows * columns];
    const bias = [plan.count + rows * columns, rows];
    plan.matrices.push({ name: `W${plan.matrices.length + 1}`, side, offset: plan.count, rows, columns });
    plan.layers[side].push({ op: "linear", in: columns, out: rows, weight, bias });
    if (i < widths.length - 2) plan.layers[side].push({ op: "tanh" });
    plan.count += rows * columns + rows;
  });
}

/** As torch begins a linear layer: even between ±1/√inputs, biases too. @type {(plan: Plan, seed: number) => Float64Array} */
export function firstValues({ matrices, count }, seed) {
  const [uniform, values] = [seededUniform(seed), new Float64Array(count)];
  for (const { offset, rows, columns } of matrices) {
    const reach = 1 / Math.sqrt(columns);
    for (let i = 0; i < rows * columns + rows; i++) values[offset + i] = reach * (2 * uniform() - 1);
  }
  return values;
}
