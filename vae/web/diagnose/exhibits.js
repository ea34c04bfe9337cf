// What the findings show in the middle: one exhibit each, by the name that a finding gives.

import { AggregateExhibit } from "./aggregate.js";
import { BlurryExhibit } from "./blurry.js";
import { DimensionsExhibit } from "./dimensions.js";
import { LikelihoodExhibit } from "./likelihood.js";
import { ReconstructionsExhibit } from "./reconstructions.js";

/** @import { Diagnose } from "./diagnose.js" */

/** An exhibit: its element, and what draws it anew. @typedef {{root: HTMLElement, show(page: Diagnose): void, stop(): void}} Exhibit */

export const MICROSCOPE = "microscope";

/** @type {Record<string, () => Exhibit>} */
export const EXHIBITS = {
  reconstructions: () => new ReconstructionsExhibit(),
  dimensions: () => new DimensionsExhibit(),
  aggregate: () => new AggregateExhibit(),
  blurry: () => new BlurryExhibit(),
  likelihood: () => new LikelihoodExhibit(),
};
