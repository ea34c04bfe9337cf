// What Python tells the page of lessons, as `ui/learn` and `vae/learn/told.py` write it. Types only;
// a browser never asks for this file.

/** @import { Props } from "../parts/props.js" */

/** What every component is told of a model, and the address of what tells near from far. @typedef {Props & {near: string | null}} ModelProps */

/** Which lessons there are, where each comes from and where the script of its exhibit. @typedef {{name: string, title: string, address: string, exhibit: string}} Entry */

/** @typedef {{lessons: Entry[], sheet: string, words: Record<string, string>}} LearnProps */

/** Text, or words that light up with a symbol. @typedef {string | {symbol: string, text: string}} Piece */

/** A tree of MathML: tag, attributes, children. @typedef {[tag: string, attributes: Record<string, string>, children: (MathNode | string)[]]} MathNode */

/** A function as it stands in its file. @typedef {{name: string, path: string, first: number, lines: string[]}} Source */

/** @typedef {{ask: string, choices: string[], right: number, answer: Piece[][]}} Question */

/**
 * @typedef {object} Lesson
 * @property {string} name
 * @property {string} title
 * @property {string} sentence what to do with the hand
 * @property {Piece[][]} paragraphs
 * @property {MathNode[]} formula a tree for each line
 * @property {Record<string, string>} symbols what each is, by its name
 * @property {Question | null} question
 * @property {Source[]} sources
 * @property {Record<string, number | string>} facts
 * @property {string} exhibit the name of its folder here
 * @property {Record<string, string>} words of the exhibit
 * @property {any} data of the exhibit's own
 * @property {Record<string, ModelProps>} models by role
 */

export {};
