// Where draws come from: the noise of each follows from the seed, and what the model makes a z of it
// from the noise and a temperature. As the temperature moves, the same noise makes neighbouring z.

import { fittedOf, placeOf } from "./fitted.js";
import { normalFrom, seededUniform } from "./seeded.js";

/** @import { Flow } from "./prior_flow.js" */
/** @import { Mixture, NetworkHeader, Numbers, Points } from "./header.js" */

/** A share of 1, which chooses among parts, and a standard normal number for each dimension. */
/** @typedef {{share: number, normal: Float64Array}} Noise */

/**
 * A way to draw: `place(noise, temperature, label)` gives the z of a picture that is decoded as a
 * class, null or left out for a model that is told none. `words` say what is drawn from, `warmth` what
 * the temperature does; where it does nothing `fixed` says why, else it is "".
 * @typedef {object} Source
 * @property {(noise: Noise, temperature: number, label?: number | null) => Float64Array} place
 * @property {string} words
 * @property {string} warmth
 * @property {string} fixed
 */

/**
 * The noise of the first `count` draws of a seed; more of them begin with the same.
 * @type {(seed: number, count: number, zDim: number) => Noise[]}
 */
export function noiseOf(seed, count, zDim) {
  const uniform = seededUniform(seed);
  return Array.from({ length: count }, () => {
    const share = uniform();
    return { share, normal: Float64Array.from({ length: zDim }, () => normalFrom(uniform)) };
  });
}

/** The model's own prior, or what stands for it. @type {(header: NetworkHeader, flow?: Flow | null) => Source} */
export function priorSource({ has_density: hasDensity, latent, z_dim: zDim, split }, flow = null) {
  if (flow) {
    return {
      place: ({ normal }, temperature) => flow(normal.map((value) => temperature * value)),
      words: "Draws of the learned prior, a flow: noise that learned steps move to z.",
      warmth: "times the noise before the flow moves it",
      fixed: "",
    };
  }
  if (latent.mixture && latent.by_class) return classSource(latent.mixture);
  if (latent.mixture) return mixtureSource(latent.mixture, latent.rings);
  if (latent.draws) return listSource(latent.draws, latent.drawn_by);
  const fitted = hasDensity ? null : fittedOf(latent);
  if (fitted) {
    return {
      place: ({ normal }, temperature) => placeOf(fitted, normal, temperature),
      words: `This model has no prior. Drawn instead from a normal fitted to the codes of its ${split ?? "held-out"} ` +
        `images: their mean and ${latent.fitted ? "covariance" : "their spread in each dimension"}.`,
      warmth: "times the codes' spread",
      fixed: "",
    };
  }
  return {
    place: ({ normal }, temperature) => normal.map((value) => temperature * value),
    words: `This model has no prior and no encoded images. Drawn instead from a standard normal of ` +
      `${zDim} dimension${zDim > 1 ? "s" : ""}.`,
    warmth: "standard deviations",
    fixed: "",
  };
}

/** @type {(mixture: Mixture, standard: boolean) => Source} */
function mixtureSource({ weight, loc, scale }, standard) {
  const one = weight.length === 1;
  /** @type {Source["place"]} */
  const place = ({ share, normal }, temperature) => {
    const k = partOf(weight, share);
    return normal.map((value, i) => loc[k][i] + temperature * scale[k][i] * value);
  };
  return {
    place,
    words: one || standard ? "Draws of the prior." : `Draws of the learned prior, a mixture of ${weight.length} normals.`,
    warmth: one ? "times the prior's σ" : "times the σ of each component; at 0 the components' means",
    fixed: "",
  };
}

/** The normal of each picture's own class. @type {(mixture: Mixture) => Source} */
function classSource({ weight, loc, scale }) {
  /** @type {Source["place"]} */
  const place = ({ share, normal }, temperature, label = null) => {
    const k = label ?? partOf(weight, share);
    return normal.map((value, i) => loc[k][i] + temperature * scale[k][i] * value);
  };
  return {
    place,
    words: "Draws of the prior: each class has a normal of its own, and a picture is drawn from that of its class.",
    warmth: "times the σ of the class's prior; at 0 its mean",
    fixed: "",
  };
}

/** Which part a share of 1 falls into. @type {(weight: Numbers, share: number) => number} */
export function partOf(weight, share) {
  let [k, left] = [0, share];
  while (k < weight.length - 1 && left >= weight[k]) left -= weight[k++];
  return k;
}

/** @type {(draws: number[][], drawnBy?: string) => Source} */
function listSource(draws, drawnBy) {
  return {
    place: ({ share }) => Float64Array.from(draws[Math.floor(share * draws.length)]),
    words: drawnBy
      ? `Draws by ${drawnBy}: ${draws.length} of them are kept.`
      : `Draws of the learned prior: ${draws.length} of them are kept.`,
    warmth: "",
    fixed: drawnBy
      ? "A chain has no base noise to scale: the temperature stays at 1."
      : "The browser knows draws of this prior, not the noise behind them: the temperature stays at 1.",
  };
}

/**
 * The posterior of the encoded image in a row of the points; null where none can be drawn from.
 * @type {(points: Points, row: number) => Source}
 */
export function posteriorSource({ loc, scale, tril, zDim }, row) {
  const first = row * zDim;
  const half = (zDim * (zDim + 1)) / 2;
  /** @type {Source["place"]} */
  const place = ({ normal }, temperature) =>
    normal.map((value, i) => {
      const mean = loc[first + i];
      if (!tril) return mean + temperature * (scale ? scale[first + i] : 0) * value;
      let sum = 0;
      for (let j = 0, at = row * half + (i * (i + 1)) / 2; j <= i; j++, at++) sum += tril[at] * normal[j];
      return mean + temperature * sum;
    });
  return { place, words: "Draws of the posterior q(z|x) of one image.", warmth: "times the posterior's σ", fixed: "" };
}
