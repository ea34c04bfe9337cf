// What Python tells the component, as `ui/diagnose` writes it. Types only; a browser never asks for
// this file.

/** @import { Props } from "../parts/props.js" */

/** How a finding is marked. @typedef {"fine" | "look" | "wrong" | "open"} Mark */

/**
 * A line of the list: which exhibit shows its evidence, and what is said of it.
 * @typedef {{exhibit: string, mark: Mark, line: string, note: string}} Finding
 */

/** An image of the split and its terms, nats. @typedef {{row: number, log_px: number, kl: number | null}} ImageTerms */

/** Some images, and how they are ordered. @typedef {{name: string, words: string, images: ImageTerms[]}} Strip */

/**
 * @typedef {object} Reconstructions
 * @property {Strip[]} strips
 * @property {number[]} edges of a histogram of −log p(x|z), nats
 * @property {number[]} counts
 * @property {number} mean
 * @property {number} swapped the mean with the code of another image
 * @property {number} mistaken share of images that another's code explains as well
 */

/** KL of each dimension, null where there is none; variance of its means. @typedef {{kl: number[] | null, spread: number[], used: boolean[]}} Dimensions */

/**
 * q against p on a plane: bytes in base64, row by row from below.
 * @typedef {{dims: number[], extent: number[], cells: [number, number], values: string, prior: string, signed: boolean}} PlanePicture
 */

/** `zqp` is z, then q and p there, float32 in base64. @typedef {{dim: number, zqp: string, mean: number, variance: number, kl: number}} Curve */

/**
 * @typedef {object} Aggregate
 * @property {PlanePicture | null} plane
 * @property {number | null} holes share of the prior's mass
 * @property {number | null} cell side of a square on which holes are counted
 * @property {number | null} threshold q over p below which a place is a hole
 * @property {Curve[]} curves
 */

/**
 * What may be measured, and how long that takes.
 * @typedef {{size: string, words: string}} Offer
 */

/**
 * log p(x): what was found, what is on its way, and what else may be measured.
 * @typedef {object} Count
 * @property {"none" | "running" | "done" | "refused"} state
 * @property {string} [why]
 * @property {string | null} [error]
 * @property {number} [progress]
 * @property {string | null} [left] time that is left
 * @property {string} [counting] what is on its way
 * @property {Offer[]} [offers]
 * @property {number} [images]
 * @property {number} [samples]
 * @property {string} [pixels] what was done to grey ones
 * @property {number | null} [log_px]
 * @property {number | null} [stderr]
 * @property {number | null} [elbo]
 */

/**
 * What was measured; what is not known yet is null.
 * @typedef {{reconstructions: Reconstructions | null, dimensions: Dimensions | null, aggregate: Aggregate | null, likelihood: Count}} Evidences
 */

/**
 * What Python says, beside what every component is told of its model.
 * @typedef {object} DiagnoseData
 * @property {string} split
 * @property {string | null} originals
 * @property {string} measured on which images
 * @property {string} working what is being computed, "" for nothing
 * @property {Finding[]} findings
 * @property {Evidences} evidence
 */

/** @typedef {Props & DiagnoseData} DiagnoseProps */

export {};
