// The scores as a small ranked list: press one to see what it tells.

import { button, element, setPressed } from "../parts/dom.js";
import { areaWords, rangeWords } from "./words.js";

/** @import { ScoreProps } from "./props.js" */

/** What the list tells. @typedef {{choose(name: string): void, measure(name: string): void, stop(name: string): void}} Heard */

/**
 * Best first; what has no number yet comes after, as it came, then what is refused, by the reason.
 * @type {(scores: ScoreProps[]) => ScoreProps[]}
 */
export function ranked(scores) {
  /** @type {(score: ScoreProps) => number} */
  const worth = ({ auc, state }) => auc?.value ?? (state === "refused" ? -2 : -1);
  return scores.toSorted((one, other) => worth(other) - worth(one)
    || (one.state === "refused" ? one.why.localeCompare(other.why) : 0));
}

/**
 * Write the list; a button that has the focus keeps it.
 * @type {(root: HTMLElement, scores: ScoreProps[], chosen: string, asks: boolean, heard: Heard) => void}
 */
export function showScores(root, scores, chosen, asks, heard) {
  const kept = new Map(Array.from(root.querySelectorAll("button[data-score]"), (made) => [made instanceof HTMLElement ? made.dataset.score : "", made]));
  const place = root.getRootNode();
  const focused = place instanceof ShadowRoot ? place.activeElement : null;
  const rows = ranked(scores).map((score, k, all) => {
    const made = kept.get(score.name) ?? element("button", { type: "button", class: "an-score", "data-score": score.name });
    if (made instanceof HTMLButtonElement) fill(made, score, chosen, heard);
    // one reason of several is told once, below the last of them
    const next = all[k + 1];
    const isTold = score.state === "refused" && next?.state === "refused" && next.why === score.why;
    return element("li", {}, made, ...(isTold ? [] : under(score, asks, heard)));
  });
  root.replaceChildren(...rows);
  if (focused instanceof HTMLElement && root.contains(focused)) focused.focus({ preventScroll: true });
}

/** @type {(made: HTMLButtonElement, score: ScoreProps, chosen: string, heard: Heard) => void} */
function fill(made, score, chosen, heard) {
  made.disabled = score.state !== "done";
  made.title = score.sentence;
  made.onclick = () => heard.choose(score.name);
  setPressed(made, score.name === chosen);
  const bar = element("span", { class: "an-auc-bar", "aria-hidden": "true" });
  const { auc } = score;
  if (auc) bar.append(stripe("an-auc-fill", 0, auc.value), stripe("an-auc-range", auc.low, auc.high - auc.low));
  const waits = score.state === "done" || score.state === "running";
  made.replaceChildren(
    element("span", { class: "an-score-line" }, element("span", { textContent: score.title }),
      element("strong", { class: "an-auc", textContent: auc ? areaWords(auc) : waits ? "…" : "" })),
    element("span", { class: "an-score-line" }, bar, element("span", { class: "an-auc", textContent: auc ? rangeWords(auc) : "" })));
}

/** @type {(kind: string, from: number, width: number) => HTMLElement} */
function stripe(kind, from, width) {
  const made = element("span", { class: kind });
  made.style.left = `${100 * from}%`;
  made.style.width = `${100 * width}%`;
  return made;
}

/** What may be asked of a score that is not there. @type {(score: ScoreProps, asks: boolean, heard: Heard) => HTMLElement[]} */
function under({ name, title, state, why, offer, progress, left, slow }, asks, heard) {
  /** @type {(text: string) => HTMLElement} */
  const note = (text) => element("p", { class: "an-note", textContent: text });
  if (state === "refused") return [note(why)];
  if (state === "running" && slow) {
    const bar = element("progress", { class: "an-progress", max: 1, value: progress, "aria-label": `${title}: share that is done` });
    return [element("div", { class: "an-running" }, bar, element("span", { class: "an-note", textContent: left }), button("stop", { onclick: () => heard.stop(name), "aria-label": `stop ${title}` }))];
  }
  if (state !== "offered") return [];
  const begin = button("score", { onclick: () => heard.measure(name), disabled: !asks, "aria-label": `score by ${title}: ${offer}` });
  return [element("div", { class: "an-running" }, begin, element("span", { class: "an-note", textContent: offer })), ...(why ? [note(why)] : [])];
}
