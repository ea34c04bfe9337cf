// The skeleton of the page: dots on top, exhibit and formula on the left, words on the right.

import { button, element, setPressed } from "../parts/dom.js";

/** @import { Entry, LearnProps } from "./props.js" */

/** @typedef {ReturnType<typeof buildLearn>} LearnRefs */

/** @type {(root: HTMLElement, data: LearnProps) => ReturnType<typeof elements> & {root: HTMLElement}} */
export function buildLearn(root, data) {
  const refs = { root, ...elements(data.words, data.sheet) };
  const top = element("div", { class: "learn-top" }, refs.dots, refs.tools);
  const shown = element("div", { class: "learn-shown" }, refs.exhibit, refs.under);
  refs.told.append(refs.title, refs.sentence, refs.text, refs.question, refs.code);
  const foot = element("nav", { class: "learn-foot", "aria-label": data.words.steps }, refs.previous, refs.place, refs.next);
  const references = element("p", { class: "learn-references", textContent: data.words.references });
  root.replaceChildren(refs.notice, top, element("div", { class: "learn-lesson" }, shown, refs.told), foot, references, refs.said);
  return refs;
}

/** @param {Record<string, string>} words @param {string} sheet */
function elements(words, sheet) {
  const formula = element("div", { class: "learn-formula", role: "group", "aria-label": words.formula });
  const meaning = element("p", { class: "learn-meaning", "aria-live": "polite" });
  const codeButton = button(words.code, { "aria-expanded": "false", class: "pad-button learn-code-button" });
  const projector = button(words.projector, { class: "pad-switch", title: words.projector_note });
  setPressed(projector, false);
  const share = button(words.share, { title: words.share_note });
  const print = element("a", { class: "pad-button learn-print", href: sheet, target: "_blank", rel: "noopener", textContent: words.sheet });
  return {
    formula, meaning, codeButton, projector, share, print,
    notice: element("div", { class: "pad-notice", role: "alert", hidden: true }),
    dots: element("nav", { class: "learn-dots", "aria-label": words.lessons }),
    tools: element("div", { class: "learn-tools" }, projector, share, print),
    exhibit: element("div", { class: "learn-exhibit" }),
    under: element("div", { class: "learn-under" }, formula, element("div", { class: "learn-beside" }, meaning, codeButton)),
    told: element("article", { class: "learn-told" }),
    title: element("h2", { class: "learn-title", tabIndex: -1 }),
    sentence: element("p", { class: "learn-sentence" }),
    text: element("div", { class: "learn-text" }),
    question: element("div", {}),
    code: element("section", { class: "learn-sources", "aria-label": words.code, hidden: true }),
    previous: button("", { class: "pad-button learn-step" }),
    next: button("", { class: "pad-button learn-step learn-next" }),
    place: element("span", { class: "learn-place" }),
    said: element("p", { class: "pad-live", "aria-live": "polite" }),
  };
}

/**
 * A dot for each lesson; the one that is shown is the current one.
 * @type {(dots: HTMLElement, lessons: Entry[], shown: string, go: (name: string) => void) => void}
 */
export function showDots(dots, lessons, shown, go) {
  const buttons = lessons.map(({ name, title }, k) => {
    const current = name === shown;
    const dot = element("button", { type: "button", class: "learn-dot", title, "aria-label": `${k} · ${title}`, onclick: () => go(name) },
      element("span", { textContent: String(k), "aria-hidden": "true" }));
    dot.dataset.lesson = name;
    if (current) dot.setAttribute("aria-current", "step");
    return dot;
  });
  dots.replaceChildren(...buttons);
}

/** @type {(refs: Pick<LearnRefs, "previous" | "next" | "place">, lessons: Entry[], at: number, words: Record<string, string>) => void} */
export function showFoot({ previous, next, place }, lessons, at, words) {
  const [before, after] = [lessons[at - 1], lessons[at + 1]];
  previous.disabled = !before;
  next.disabled = !after;
  previous.replaceChildren("← ", element("span", { textContent: before?.title ?? words.previous }));
  next.replaceChildren(element("span", { textContent: after?.title ?? words.next }), " →");
  previous.setAttribute("aria-label", before ? `${words.previous}: ${before.title}` : words.previous);
  next.setAttribute("aria-label", after ? `${words.next}: ${after.title}` : words.next);
  place.textContent = `${at + 1} ${words.of} ${lessons.length}`;
}
