// The page's skeleton: what is chosen on the left, the exhibit in the middle, the curve below it.

import { copyText } from "../parts/copy.js";
import { button, choice, element, menu, switchButton } from "../parts/dom.js";

/** @import { ScoreProps } from "./props.js" */

/** @typedef {ReturnType<typeof buildAnomaly>} AnomalyRefs */

/** Rates of false alarms that are one press away. @type {Record<string, string>} */
export const RATES = { 0.001: "0.1 %", 0.01: "1 %", 0.05: "5 %", 0.1: "10 %" };

/**
 * What the tools tell.
 * @typedef {object} Tools
 * @property {(rate: number) => void} rate
 * @property {(name: string) => void} foreign
 * @property {(on: boolean) => void} where
 * @property {(file: File) => void} upload
 * @property {() => void} draw
 * @property {() => void} table
 * @property {() => void} keep
 */

/** @type {(root: HTMLElement, exhibit: HTMLElement, roc: HTMLElement, card: HTMLElement, tools: Tools) => {root: HTMLElement} & ReturnType<typeof parts>} */
export function buildAnomaly(root, exhibit, roc, card, tools) {
  const refs = { root, ...parts(tools) };
  const aside = element("aside", { class: "an-aside", "aria-label": "what is foreign, and by which score" },
    element("label", { class: "an-field" }, element("span", { textContent: "foreign" }), refs.foreign), refs.foreignNote,
    element("p", { class: "an-head" }, element("span", { textContent: "score" }), element("span", { textContent: "AUC [95 %]" })),
    refs.scores, refs.working);
  const legend = element("div", { class: "an-bar" }, refs.where, refs.scale, refs.upload, refs.draw);
  const told = element("div", { class: "an-told" }, element("div", { class: "an-rates" }, element("span", { textContent: "false alarms" }), refs.rates.root),
    refs.facts, element("div", { class: "an-bar" }, refs.keep, refs.table), refs.looking, refs.kept);
  const middle = element("div", { class: "an-middle" }, refs.sentence, refs.scoreSentence, exhibit, legend, refs.failure,
    element("div", { class: "an-below" }, roc, told), card);
  refs.page.append(aside, middle);
  root.replaceChildren(refs.notice, refs.page);
  return refs;
}

/** @param {Tools} tools */
function parts(tools) {
  const input = element("input", { type: "file", accept: "image/*", class: "pad-live", "aria-label": "picture file", tabIndex: -1 });
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) tools.upload(file);
    // the same file may be chosen again
    input.value = "";
  };
  const upload = button("upload …", { onclick: () => input.click(), title: "score a picture: a PNG, JPEG, GIF or WebP file" });
  const command = element("code", { tabIndex: 0 });
  const copy = button("copy", { title: "copy the command" });
  copy.onclick = () => copyText(copy.parentElement ?? copy, copy, command.textContent ?? "");
  return {
    notice: element("div", { class: "pad-notice", role: "alert", hidden: true }),
    page: element("div", { class: "an-page" }),
    foreign: menu("what is foreign", [], tools.foreign),
    foreignNote: element("p", { class: "an-note" }),
    scores: element("ul", { class: "an-scores" }),
    working: element("p", { class: "an-note", "aria-live": "polite" }),
    sentence: element("p", { class: "an-sentence", "data-testid": "anomaly-sentence" }),
    scoreSentence: element("p", { class: "an-about" }),
    failure: element("p", { class: "an-failure", hidden: true }),
    where: switchButton("where it is strange", false, tools.where, { title: "−log p of each pixel given the code, in nats" }),
    scale: element("span", { class: "an-scale", hidden: true }),
    upload: element("span", { class: "an-upload" }, upload, input),
    draw: switchButton("draw", false, tools.draw, { title: "draw an image, and see how strange it is" }),
    rates: choice("rate of false alarms", RATES, (rate) => tools.rate(Number(rate))),
    facts: element("dl", { class: "an-facts" }),
    keep: button("keep with the model", { onclick: tools.keep, title: "the threshold of any rate of false alarms then takes no time" }),
    table: button("scores as CSV", { onclick: tools.table }),
    looking: element("p", { class: "an-note", hidden: true, textContent: "On this server visitors only look: no threshold is kept, and no slow score begins." }),
    kept: element("div", { class: "an-kept", hidden: true }, command, copy),
    command,
  };
}

/** Write pairs of a name and what is said. @type {(list: HTMLElement, facts: string[][]) => void} */
export function showFacts(list, facts) {
  list.replaceChildren(...facts.flatMap(([name, said, of]) => [
    element("dt", { textContent: name }),
    element("dd", {}, element("strong", { textContent: said }), of ? ` ${of}` : ""),
  ]));
}

/**
 * Say whether the threshold is kept with the model, and the command that then sets the same one.
 * @type {(refs: Pick<AnomalyRefs, "keep" | "looking" | "kept" | "command">, score: ScoreProps, asks: boolean, rate: number) => void}
 */
export function showKept({ keep, looking, kept, command }, score, asks, rate) {
  keep.hidden = !score.keepable || (!asks && !score.kept);
  keep.disabled = score.kept;
  keep.textContent = score.kept ? "kept with the model" : "keep with the model";
  looking.hidden = asks;
  kept.hidden = !score.kept;
  command.textContent = score.command.replace("{rate}", String(Number(rate.toPrecision(4))));
}
