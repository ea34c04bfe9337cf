// What Python tells the component, as `ui/anomaly` writes it. Types only; a browser never asks for
// this file.

/** @import { Shape } from "../core/header.js" */
/** @import { Framing } from "../pictures/fit.js" */

/**
 * What may be held as foreign: `of` goes into "63 % of …", `note` is what has to be known of it.
 * @typedef {{name: string, title: string, of: string, note: string}} Foreign
 */

/** How far a score is. @typedef {"done" | "waiting" | "running" | "offered" | "refused"} State */

/** An area under a ROC curve with its interval. @typedef {{value: number, low: number, high: number}} Auc */

/**
 * A score of images, higher where an image is stranger.
 * @typedef {object} ScoreProps
 * @property {string} name
 * @property {string} title
 * @property {string} sentence
 * @property {string} source author and year
 * @property {string} unit "nats" where it is in nats
 * @property {boolean} slow whether it begins only when it is asked for
 * @property {"decoded" | "codes" | "pixels"} looks at what it looks
 * @property {State} state
 * @property {string} why it is refused, or what went wrong
 * @property {string} offer how long it would take
 * @property {number} progress share that is done
 * @property {string} left time that is left
 * @property {string | null} values address of its block
 * @property {Auc | null} auc
 * @property {boolean} keepable whether its threshold can be kept with the model
 * @property {boolean} kept
 * @property {string} command that sets the same threshold, with {rate} in it
 */

/**
 * What was found of an image that a person brought: a value of each score, null where there is
 * none, and its nats per pixel in base64.
 * @typedef {object} OwnFound
 * @property {number} seq
 * @property {Record<string, number | null>} scores
 * @property {string | null} pixels
 * @property {number[]} z
 * @property {string} error
 */

/**
 * What Python says.
 * @typedef {object} AnomalyProps
 * @property {string} model
 * @property {string} title
 * @property {string} preferred the model that an address without one stands for
 * @property {string} dataset
 * @property {Shape} shape
 * @property {Framing | null} framing
 * @property {string} why nothing can be scored, "" where something can
 * @property {string} split of which the result is said
 * @property {string} held of which the threshold is chosen
 * @property {boolean} diagnosed whether the microscope looks at images of `split`
 * @property {string} foreign
 * @property {Foreign[]} foreigns
 * @property {string | null} about address of rows and labels
 * @property {string | null} pictures address of pictures by their places
 * @property {string | null} pixels address of nats per pixel
 * @property {string | null} codes address of posterior means
 * @property {string[]} classes names of the normal images' classes
 * @property {string[]} foreignClasses
 * @property {ScoreProps[]} scores
 * @property {string} working what is being computed, "" for nothing
 * @property {boolean} asks whether more may be asked of the server
 * @property {OwnFound | null} own
 */

/**
 * Rows of the images in their splits, and their labels, −1 for none.
 * @typedef {{held: number, rows: number[], labels: number[], foreignRows: number[], foreignLabels: number[]}} About
 */

export {};
