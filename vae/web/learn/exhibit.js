// What an exhibit is told and what it answers: the contract between the page of lessons and what a
// lesson shows. Types only; a browser never asks for this file.
//
// An exhibit is a folder here with a module that exports `mount(root, told)`, and an entry of
// exhibits.js. `root` is an empty element with a width and a height of its own, two thirds of the
// page: the exhibit fills it and never grows beyond it on a wide screen (on a narrow one its height
// is its content's, of which `root` has the class "learn-narrow"). It draws at once what needs no
// network, calls `told.ready()` when its first picture stands, and sends no message anywhere while
// the hand moves.
//
// - `told.open(role)` gives the networks and the map of a model of the lesson, each read once.
// - `told.asked` is its state from the address; `told.keep({spread: "2"})` writes it there, null
//   takes a name away. Names are the exhibit's own, but not lesson, model, large or projector. A
//   value that makes no sense is passed over.
// - `told.light("mu")` lights the symbol in the formula while the hand is on what it names; null
//   ends that. The page calls `light(symbol)` of the exhibit in return: it then marks what the
//   symbol names, by the theme's accent.
// - `told.say(sentence)` says what is seen to those who do not see it, when the hand rests.
// - `told.words.slider` is what the exhibit writes, from the file of words;
//   `fillIn(words.caption, {draws: 24})` of fill_in.js puts values in the place of `<draws>`.

/** @import { Network, Points } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { ModelProps } from "./props.js" */
/** @import { Theme } from "../parts/theme.js" */

/** A model of the lesson, opened. @typedef {{net: Network, many: Many, encoder: Network, points: Points | null, props: ModelProps}} Opened */

/**
 * @typedef {object} Told
 * @property {Record<string, number | string>} facts what the words state
 * @property {Record<string, string>} words
 * @property {any} data what the lesson's `data` gives
 * @property {Record<string, string>} asked
 * @property {Theme} theme
 * @property {(role: string) => Promise<Opened>} open
 * @property {(state: Record<string, string | null>) => void} keep
 * @property {(sentence: string) => void} say
 * @property {(symbol: string | null) => void} light
 * @property {() => void} ready
 * @property {(error: unknown) => void} fail says in place of the exhibit what went wrong
 */

/**
 * @typedef {object} Exhibit
 * @property {(theme: Theme) => void} setTheme draws anew in other colours
 * @property {(symbol: string | null) => void} light
 * @property {() => void} resized
 * @property {() => void} stop
 */

/** @typedef {(root: HTMLElement, told: Told) => Exhibit} MountExhibit */

export {};
