// The prior of one class, p(z|y), of a model in which each class has a normal of its own: as
// `vae/models/priors/class_normal.py`. Where no class is told the prior is the mixture of them all.

import { normalsOn, priorLevels } from "./density.js";
import { typicalOfNormal } from "./paths.js";

/** @import { PriorLevels } from "./density.js" */
/** @import { Axes, NetworkHeader } from "./header.js" */

/**
 * What a model's header says where it is told a class: of the prior the class's own normal alone.
 * The header itself where the prior is the same for all classes, and where none is told.
 * @type {<H extends NetworkHeader>(header: H, label: number | null) => H}
 */
export function headerOfClass(header, label) {
  const { latent } = header;
  if (!latent.by_class || !latent.mixture || label === null) return header;
  const [loc, scale] = [latent.mixture.loc[label], latent.mixture.scale[label]];
  const own = { mixture: { weight: [1], loc: [loc], scale: [scale] }, typical: typicalOfNormal(scale) };
  return { ...header, latent: { ...latent, ...own, by_class: false } };
}

/**
 * As `priorLevels`, of the class that is told; `others` are then the priors of the other classes,
 * and `extent` holds those of all classes, so that a view serves them all. `beside` false leaves
 * the others out.
 * @type {(header: NetworkHeader, axes: Axes, label: number | null, beside?: boolean) => PriorLevels | null}
 */
export function levelsOfClass(header, axes, label, beside = true) {
  const found = priorLevels(headerOfClass(header, label), axes);
  if (!found || !beside || found.line || label === null || !header.latent.by_class || !header.latent.mixture) return found;
  const normals = normalsOn(header.latent, axes.u, axes.v);
  const named = normals.map(({ a, b, aa, ab, bb }, k) => ({ label: k, a, b, aa, ab, bb }));
  const others = named.length > MOST_OTHERS ? [] : named.filter((one) => one.label !== label);
  const [a, b] = [normals.flatMap((one) => around(one.a, one.aa)), normals.flatMap((one) => around(one.b, one.bb))];
  const extent = [Math.min(...a), Math.max(...a), Math.min(...b), Math.max(...b)];
  return { ...found, others, extent };
}

const MOST_OTHERS = 10; // classes that have colours of their own; the lines of more would cover the map
const REACH = 3; // standard deviations: the outermost level

/** @type {(middle: number, variance: number) => [number, number]} */
function around(middle, variance) {
  const reach = REACH * Math.sqrt(variance);
  return [middle - reach, middle + reach];
}
