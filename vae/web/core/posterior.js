// q(z|x) in the browser: what the encoder's numbers or the map's arrays say of an image's latent.
//
// A posterior is {loc, scale, tril, outline, draw}: mean and marginal standard deviations; the lower
// triangle, row by row, of a Cholesky factor of the covariance, null where scale tells it or where
// it is not known (`isKnown`); outlines of one that is not normal, [[a, b], …] at 1σ and at 2σ as
// differences from loc in two dimensions, null where ellipses are the outlines; and a function that
// draws z, null where nothing here can.

import { bentDraws, bentOutlines } from "./flow.js";
import { rowOf } from "./latent.js";
import { sampleNormal, samplePosterior } from "./random.js";

/** @import { Axes, Network, NetworkHeader, Numbers, Points, Posterior, Span } from "./header.js" */

const LOG_SCALE_BOUND = 7; // as in `vae.models.posteriors.gaussian`

/** How many numbers a lower triangle has. @type {(zDim: number) => number} */
export function triangle(zDim) {
  return (zDim * (zDim + 1)) / 2;
}

/**
 * Why no z can be drawn from the posteriors of encoded images, in a sentence; "" where it can.
 * @type {(header: NetworkHeader) => string}
 */
export function whyNoDraw(header) {
  const { has_density: hasDensity, factorises, normal, covariances, z_dim: zDim } = header;
  if (!hasDensity) return "this model gives a point, no σ";
  if (factorises || (normal && (covariances || zDim === 1))) return "";
  if (normal) return "only σ of each dimension is known here, not how they depend on each other";
  return "this posterior is no normal distribution, and the map keeps only its mean and its outline";
}

/**
 * The posterior of the encoded image in a row of the points.
 * @type {(points: Points, row: number, header: NetworkHeader) => Posterior}
 */
export function posteriorOfPoint(points, row, header) {
  const { zDim } = points;
  const loc = rowOf(points.loc, row, zDim);
  const scale = points.scale ? rowOf(points.scale, row, zDim) : new Float32Array(zDim);
  const tril = points.tril ? rowOf(points.tril, row, triangle(zDim)) : null;
  const outline = points.outline ? ringsOf(points.outline.values, row, points.outline.shape) : null;
  const draw = whyNoDraw(header) ? null : normalDraw(loc, scale, tril);
  return { loc, scale, tril, outline, draw };
}

/** @type {(values: Numbers, row: number, shape: number[]) => number[][][]} */
function ringsOf(values, row, [rings, corners]) {
  /** @type {(ring: number, corner: number) => number} */
  const place = (ring, corner) => 2 * ((row * rings + ring) * corners + corner);
  return Array.from({ length: rings }, (_, ring) =>
    Array.from({ length: corners }, (__, corner) => {
      const at = place(ring, corner);
      return [values[at], values[at + 1]];
    }));
}

/**
 * The posterior that the numbers of an encoder say; its draws stay valid when others follow.
 * @type {(net: Network, head: Float64Array) => Posterior}
 */
export function readPosterior(net, head) {
  const { readout, has_density: hasDensity } = net.header;
  if (!readout) throw new Error("the header does not say what the encoder's numbers are");
  /** @type {(span: Span | null | undefined) => Float64Array} */
  const part = (span) => (span ? head.slice(...span) : new Float64Array());
  const loc = part(readout.loc);
  /** @type {Posterior} */
  const nothing = { loc, scale: new Float64Array(net.zDim), tril: null, outline: null, draw: null };
  if (!hasDensity) return nothing;
  if (readout.context) {
    return bent(net, loc, part(readout.log_scale).map(boundedExp), part(readout.context));
  }
  if (readout.log_scale) {
    const scale = part(readout.log_scale).map(boundedExp);
    return { ...nothing, scale, draw: normalDraw(loc, scale, null) };
  }
  if (!readout.log_diagonal) return { ...nothing, scale: null };
  const diagonal = part(readout.log_diagonal).map(boundedExp);
  const tril = trilOf(diagonal, part(readout.below), readout.bound ?? Infinity);
  return { ...nothing, scale: marginals(tril, net.zDim), tril, draw: normalDraw(loc, diagonal, tril) };
}

/** @type {(value: number) => number} */
function boundedExp(value) {
  return Math.exp(Math.min(LOG_SCALE_BOUND, Math.max(-LOG_SCALE_BOUND, value)));
}

// D (I + N), N below the diagonal
/** @type {(diagonal: Numbers, below: Numbers, bound: number) => Float64Array} */
function trilOf(diagonal, below, bound) {
  const tril = new Float64Array(triangle(diagonal.length));
  for (let i = 0, at = 0, from = 0; i < diagonal.length; i++) {
    for (let j = 0; j < i; j++) {
      tril[at++] = diagonal[i] * Math.min(bound, Math.max(-bound, below[from++]));
    }
    tril[at++] = diagonal[i];
  }
  return tril;
}

/** @type {(tril: Float64Array, zDim: number) => Float64Array} */
function marginals(tril, zDim) {
  const row = (/** @type {number} */ i) => tril.subarray(triangle(i), triangle(i + 1));
  return Float64Array.from({ length: zDim }, (_, i) => Math.hypot(...row(i)));
}

/** @type {(loc: Numbers, scale: Numbers, tril: Numbers | null) => () => Float64Array} */
function normalDraw(loc, scale, tril) {
  if (!tril) return () => samplePosterior(loc, scale);
  return () => {
    const noise = Float64Array.from(loc, sampleNormal);
    return Float64Array.from(loc, (mean, i) => {
      let z = mean;
      for (let j = 0, at = triangle(i); j <= i; j++, at++) z += tril[at] * noise[j];
      return z;
    });
  };
}

/** @type {(net: Network, base: Float64Array, width: Numbers, context: Float64Array) => Posterior} */
function bent(net, base, width, context) {
  const noise = net.header.readout?.noise ?? [];
  const draws = bentDraws(net.steps, base, width, context, noise);
  const loc = Float64Array.from(base, (_, i) => draws.reduce((sum, z) => sum + z[i], 0) / draws.length);
  const offs = draws.map((z) => z.map((value, i) => value - loc[i]));
  /** @type {(i: number, j: number) => number} */
  const mean = (i, j) => offs.reduce((sum, off) => sum + off[i] * off[j], 0) / offs.length;
  const scale = Float64Array.from(base, (_, i) => Math.sqrt(mean(i, i)));
  const outline = net.zDim === 2 ? bentOutlines(net.steps, base, width, context, loc) : null;
  const draw = () => {
    const [z] = bentDraws(net.steps, base, width, context, [Array.from(base, sampleNormal)]);
    return z;
  };
  return { loc, scale, tril: choleskyOf(mean, net.zDim), outline, draw };
}

// Cholesky and Banachiewicz; where rounding leaves nothing of a dimension its column is 0
/** @type {(covariance: (i: number, j: number) => number, zDim: number) => Float64Array} */
function choleskyOf(covariance, zDim) {
  const tril = new Float64Array(triangle(zDim));
  for (let i = 0; i < zDim; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = covariance(i, j);
      for (let k = 0; k < j; k++) rest -= tril[triangle(i) + k] * tril[triangle(j) + k];
      const pivot = tril[triangle(j) + j];
      tril[triangle(i) + j] = i === j ? Math.sqrt(Math.max(0, rest)) : pivot > 0 ? rest / pivot : 0;
    }
  }
  return tril;
}

/**
 * Whether its covariance is known: from σ alone where the dimensions are independent.
 * @type {(posterior: Pick<Posterior, "tril" | "scale">, header: NetworkHeader) => boolean}
 */
export function isKnown({ tril, scale }, header) {
  return scale !== null && (header.factorises || tril !== null || header.z_dim === 1);
}

/**
 * The one standard deviation ellipse, on the plane of u and v, of a posterior: half axes ra >= rb
 * in plane units, and the angle from u to the longer one.
 * @type {(posterior: {scale: Numbers | null, tril?: Numbers | null}, u: Numbers, v: Numbers) => {ra: number, rb: number, angle: number}}
 */
export function projectedEllipse({ scale, tril = null }, u, v) {
  let [uu, uv, vv] = [0, 0, 0];
  for (let k = 0; scale && k < scale.length; k++) {
    // where the k-th number of the noise goes on the plane
    const [a, b] = tril ? columnShadow(tril, k, u, v) : [scale[k] * u[k], scale[k] * v[k]];
    uu += a * a;
    uv += a * b;
    vv += b * b;
  }
  const middle = (uu + vv) / 2;
  const spread = Math.hypot((uu - vv) / 2, uv);
  return {
    ra: Math.sqrt(middle + spread),
    rb: Math.sqrt(Math.max(0, middle - spread)),
    angle: Math.atan2(2 * uv, uu - vv) / 2,
  };
}

/** @type {(tril: Numbers, k: number, u: Numbers, v: Numbers) => [number, number]} */
function columnShadow(tril, k, u, v) {
  let [a, b] = [0, 0];
  for (let i = k; i < u.length; i++) {
    const entry = tril[triangle(i) + k];
    a += entry * u[i];
    b += entry * v[i];
  }
  return [a, b];
}

/**
 * What encloses a posterior on the plane of u and v, about its mean; nothing where its correlations
 * are not known: its ellipse would be another one.
 * @type {(posterior: Posterior, header: NetworkHeader, axes: Axes) => {ra: number, rb: number, angle?: number, outline?: number[][][] | null}}
 */
export function projectedCloud(posterior, header, { u, v }) {
  if (!isKnown(posterior, header)) return { ra: 0, rb: 0 };
  return { ...projectedEllipse(posterior, u, v), outline: projectedOutline(posterior, u, v) };
}

/**
 * Its outlines on the plane of u and v, about its mean: those of a flow; null for ellipses.
 * @type {(posterior: {outline?: number[][][] | null}, u: Numbers, v: Numbers) => number[][][] | null}
 */
export function projectedOutline({ outline }, u, v) {
  return outline?.map((ring) => ring.map(([x, y]) => [x * u[0] + y * u[1], x * v[0] + y * v[1]])) ?? null;
}
