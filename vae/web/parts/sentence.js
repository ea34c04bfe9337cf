// One sentence above a page: what went wrong, and a way on.

import { button, element } from "./dom.js";

/**
 * Say something in one sentence above the page; null takes it away, `again` offers to try again.
 * @type {(refs: {notice: HTMLElement}, sentence: string | null, again?: (() => void) | null) => void}
 */
export function showSentence(refs, sentence, again = null) {
  refs.notice.hidden = sentence === null;
  refs.notice.replaceChildren();
  if (sentence === null) return;
  const act = again ?? (() => showSentence(refs, null));
  refs.notice.append(
    element("span", { textContent: sentence }),
    button(again ? "try again" : "close", { onclick: act }),
  );
}
