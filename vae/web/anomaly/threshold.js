// What the page says of the line: the sentence, the numbers with their intervals, the point of the curve.

import { setPressed } from "../parts/dom.js";
import { showFacts, showKept } from "./layout.js";
import { alarmsOf, leastRate, rateOf, thresholdAt } from "./scores.js";
import { percent, scoreWords, sentenceOf, unitOf, withInterval } from "./words.js";

/** @import { Share } from "./beta.js" */
/** @import { Anomaly } from "./anomaly.js" */

/** @type {(page: Anomaly) => void} */
export function showThreshold(page) {
  const { scores, threshold, refs, score, data } = page;
  if (!scores || !score) return;
  const [rate, tried, found] = [rateOf(scores, threshold), alarmsOf(scores, "normal", threshold), alarmsOf(scores, "foreign", threshold)];
  const of = page.foreign?.of ?? "the foreign images";
  const sentence = sentenceOf(rate, found, of);
  refs.sentence.textContent = sentence;
  const value = scoreWords(threshold, unitOf(score));
  page.exhibit.setThreshold(threshold, `${value}: ${sentence}`);
  showCounts(page, tried, found, of);
  showFacts(refs.facts, [
    ["threshold", value, ""],
    ["false alarms", withInterval(rate), `by ${many(rate.of)} ${data.held} images`],
    ["on test", withInterval(tried), `of ${many(tried.of)} normal images`],
    ["found", withInterval(found), `of ${many(found.of)} foreign images`],
  ]);
  for (const [name, made] of Object.entries(refs.rates.buttons)) {
    made.disabled = Number(name) < leastRate(scores);
    made.title = made.disabled ? `${rate.of} ${data.held} images are too few for it` : "";
    setPressed(made, !made.disabled && threshold === thresholdAt(scores, Number(name)));
  }
  showKept(refs, score, data.asks, page.rate);
  page.roc.point = { alarms: tried, found };
  page.roc.canvas.setAttribute("aria-label", `ROC curve: at ${percent(tried.value)} % false alarms on test ${percent(found.value)} % found`);
  page.roc.draw();
}

/** @type {(page: Anomaly, tried: Share, found: Share, of: string) => void} */
function showCounts({ exhibit, data }, tried, found, of) {
  const { normal, foreign } = exhibit.labels;
  normal.name.textContent = `normal · ${many(tried.of)} ${data.split} images of ${data.dataset}`;
  normal.count.textContent = `${many(tried.count)} beyond`;
  foreign.name.textContent = `foreign · ${many(found.of)} ${of.replace(/^the /, "")}`;
  foreign.count.textContent = `${many(found.count)} beyond`;
}

/** @type {(count: number) => string} */
function many(count) {
  return count.toLocaleString("en");
}
