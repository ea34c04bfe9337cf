// The question of a lesson: it is asked first, and answered once somebody has guessed.

import { button, element } from "../parts/dom.js";
import { paragraphElements } from "./pieces.js";

const SHORT = 7; // letters of choices that stand beside each other

/** @import { Question } from "./props.js" */

/**
 * @type {(question: Question, words: Record<string, string>, answered: (answer: HTMLElement) => void) => HTMLElement}
 */
export function questionElement({ ask, choices, right, answer }, words, answered) {
  const verdict = element("strong", { class: "learn-verdict" });
  const shown = element("div", { class: "learn-answer", hidden: true, "aria-live": "polite" }, ...paragraphElements(answer));
  shown.firstElementChild?.prepend(verdict, " ");
  const buttons = choices.map((text, k) => button(text, { class: "pad-button learn-choice", onclick: () => choose(k) }));
  const reveal = button(words.reveal, { class: "learn-reveal", onclick: () => choose(-1) });
  const short = choices.every((text) => text.length <= SHORT) && choices.length <= 4;
  const guesses = element("div", { class: `learn-choices${short ? " learn-choices-short" : ""}`, role: "group", "aria-label": ask }, ...buttons, reveal);
  /** @type {(chosen: number) => void} */
  const choose = (chosen) => {
    verdict.textContent = chosen < 0 ? `${choices[right]}.` : chosen === right ? words.right : `${words.wrong} ${choices[right]}.`;
    buttons.forEach((made, k) => {
      made.classList.toggle("learn-right", k === right);
      made.classList.toggle("learn-chosen", k === chosen);
      made.disabled = true;
    });
    guesses.hidden = true;
    shown.hidden = false;
    answered(shown);
  };
  const head = element("h3", { class: "learn-predict", textContent: words.predict });
  return element("section", { class: "learn-question" }, head, element("p", { class: "learn-ask", textContent: ask }), guesses, shown);
}
